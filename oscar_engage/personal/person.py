"""Whose rows are meant? A person as far as we can know one: browsers, accounts in the shop, e-mail addresses."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A visitor, or a customer with all visitors that the customer was seen with.

    ``successors`` gives each visitor's id another one, made by chance, that belongs to nobody: under it stays what an
    experiment has counted. Visitors who were one unit there have one successor. ``emails`` are in lower case.
    """

    successors: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    customer_ids: tuple[int, ...] = ()
    emails: tuple[str, ...] = ()

    @property
    def visitor_ids(self) -> tuple[uuid.UUID, ...]:
        """The ids of the visitors."""
        return tuple(self.successors)


def make_person(
    visitor_ids: Iterable[uuid.UUID] = (),
    *,
    units: Mapping[uuid.UUID, uuid.UUID] | None = None,
    customer_ids: Iterable[int] = (),
    emails: Iterable[str] = (),
) -> Person:
    """Return the person with these visitors, accounts and addresses; every visitor gets a successor.

    ``units`` gives the unit of each visitor who shares one with others of this person; its id is then the person's as well.
    """
    unit_of = units or {}
    wanted = dict.fromkeys([*visitor_ids, *unit_of.values()])
    successor_of = {unit_of.get(visitor_id, visitor_id): uuid.uuid4() for visitor_id in wanted}
    return Person(
        successors={visitor_id: successor_of[unit_of.get(visitor_id, visitor_id)] for visitor_id in wanted},
        customer_ids=tuple(customer_ids),
        emails=tuple(dict.fromkeys(email.lower() for email in emails if email)),
    )


def to_json(person: Person) -> dict[str, Any]:
    """Return ``person`` as plain JSON values."""
    return {
        "successors": {old.hex: new.hex for old, new in person.successors.items()},
        "customer_ids": list(person.customer_ids),
        "emails": list(person.emails),
    }


def from_json(raw: Mapping[str, Any]) -> Person:
    """Rebuild a person written by :func:`to_json`; an empty mapping is nobody."""
    return Person(
        successors={uuid.UUID(old): uuid.UUID(new) for old, new in raw.get("successors", {}).items()},
        customer_ids=tuple(raw.get("customer_ids", ())),
        emails=tuple(raw.get("emails", ())),
    )
