"""What did somebody change in a form? Each field from and to, or where a value may be a secret its name alone."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model


def changes_of(form: Any, *, unsaid: Collection[str] = ()) -> dict[str, list[Any]]:
    """Return each changed field of a valid form with what it was and what it is; rows are named by their ids.

    Of the fields in ``unsaid`` it is told only that they changed: the trail is kept for good, and what people are called is
    not. Ask it before the form is saved.
    """
    told = {
        name: [_plain(form.get_initial_for_field(form.fields[name], name)), _plain(form.cleaned_data.get(name))]
        for name in form.changed_data
        if name not in unsaid
    }
    quiet = [name for name in form.changed_data if name in unsaid]
    return {**told, "fields": quiet} if quiet else told


def changed_names(form: Any) -> dict[str, list[str]]:
    """Return the names of the changed fields, for forms in which passwords or addresses with a secret are typed."""
    return {"fields": list(form.changed_data)}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return sorted((_plain(one) for one in value), key=str)
    return str(value)
