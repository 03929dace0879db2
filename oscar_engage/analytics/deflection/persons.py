"""Did this person ask again? Contacts in, yes or no out: no clock, no database.

A person is known by any of several marks: the browsers that belong together, the account, the address. Strict throughout: who
shares a mark is the same person, and a contact whose topic nobody named may have been on any topic.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

AFTERWARDS = timedelta(days=7)
"""Who asks on the topic within so long was not helped: the glossary's deflection, and first-contact resolution alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A conversation that somebody began: ``marks`` are what the person is known by; ``topic`` is ``""`` where unknown."""

    number: int
    marks: frozenset[Hashable]
    topic: str
    at: datetime


class Contacts:
    """All contacts that may matter, found by a person's marks."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._by_mark: dict[Hashable, list[Contact]] = {}
        for contact in contacts:
            for mark in contact.marks:
                self._by_mark.setdefault(mark, []).append(contact)

    def has_any(
        self, marks: Iterable[Hashable], topic: str, *, after: datetime, until: datetime, other_than: int | None = None
    ) -> bool:
        """Whether one with any of ``marks`` began a contact on ``topic`` in ``(after, until]``; ``other_than`` left out."""
        return any(
            after < contact.at <= until and contact.number != other_than and is_same_topic(topic, contact.topic)
            for mark in marks
            for contact in self._by_mark.get(mark, ())
        )

    def has_followed(self, asked: Contact, *, until: datetime) -> bool:
        """Whether the person of ``asked`` began another contact on its topic later, up to ``until``.

        Of two at the same moment the one with the higher number is the later.
        """
        return any(
            (asked.at, asked.number) < (contact.at, contact.number)
            and contact.at <= until
            and is_same_topic(asked.topic, contact.topic)
            for contact in self._of(asked)
        )

    def is_first(self, asked: Contact) -> bool:
        """Whether the person of ``asked`` had begun none on its topic in the week before."""
        return not any(
            asked.at - AFTERWARDS <= contact.at
            and (contact.at, contact.number) < (asked.at, asked.number)
            and is_same_topic(asked.topic, contact.topic)
            for contact in self._of(asked)
        )

    def _of(self, asked: Contact) -> Iterable[Contact]:
        return (contact for mark in asked.marks for contact in self._by_mark.get(mark, ()))


def is_same_topic(one: str, other: str) -> bool:
    """Whether two contacts may be about the same: their topics are the same, or one is not known."""
    return not one or not other or one == other
