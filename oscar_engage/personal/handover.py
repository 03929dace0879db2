"""What stays of a person in an experiment? The counted rows, under an id that belongs to nobody."""

from datetime import datetime
from typing import Any

from django.db.models import Case, UUIDField, Value, When

from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Rows


def hand_over(rows: Rows, person: Person, *, now: datetime, **changes: Any) -> None:
    """Give ``rows`` to the successors of their visitors, so that reports count as before, and write ``changes`` as well."""
    successor = Case(
        *(When(visitor_id=old, then=Value(new, output_field=UUIDField())) for old, new in person.successors.items()),
        output_field=UUIDField(),
    )
    rows.update(visitor_id=successor, **changes)
