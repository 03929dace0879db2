"""What is in our tables? All of it as text, to look for what must not be there, or to see that nothing changed."""

from collections.abc import Collection

from django.apps import apps
from django.core import serializers

Rows = dict[str, list[str]]


def dump(*labels: str) -> Rows:
    """Return every row of the apps ``labels`` (ours, if none is named) as JSON, by the model's label."""
    models = [model for label in labels or ("oscar_engage",) for model in apps.get_app_config(label).get_models()]
    rows = {model._meta.label: model._base_manager.order_by("pk") for model in models if model._meta.managed}
    return {label: [serializers.serialize("json", [row], ensure_ascii=False) for row in found] for label, found in rows.items()}


def all_text_stored() -> str:
    """Return all rows of ours as one text."""
    return "\n".join(row for rows in dump().values() for row in rows)


def changes(before: Rows, after: Rows, *, allowed: Collection[str] = ()) -> Rows:
    """Return the rows that are new, gone or different, by model, but for the models in ``allowed``."""
    found = {label: sorted({*after[label]} ^ {*before[label]}) for label in after if label not in allowed}
    return {label: rows for label, rows in found.items() if rows}
