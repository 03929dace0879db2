"""What is kept about this person? Counts by kind of personal data."""

from dataclasses import dataclass

from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import PERSONAL, PersonalData


@dataclass(frozen=True, slots=True)
class Holding:
    """So many rows of one kind."""

    data: PersonalData
    rows: int


def read_holdings(person: Person) -> tuple[Holding, ...]:
    """Return what is kept about ``person``, without the kinds of which there is nothing; one query a kind."""
    found = (Holding(data, data.find(person).count()) for data in PERSONAL)
    return tuple(holding for holding in found if holding.rows)
