"""Who knows the shop's own facts? Whoever registered; a fact that nobody knows is no answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from oscar_engage.answers.intent import Asked
from oscar_engage.core.registry import Registry
from oscar_engage.signals.faults import note_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Where was it asked, in which language, by whom? ``product_id`` is the page's, ``customer_id`` of who is logged in now."""

    product_id: int | None = None
    language: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What the shop says, in the words of who asked; ``url`` leads to more, if there is more."""

    text: str
    url: str = ""


class Facts(Protocol):
    """Something that knows facts: the shop itself, or a system of the shop's."""

    def tell(self, asked: Asked, about: About) -> Fact | None:
        """Return the fact, or ``None``: not known, or nothing that this person may know. Costs a few queries at most."""
        ...


FACTS: Registry[Facts] = Registry("source of facts")
"""Who is asked, in the order of registration."""


def tell_fact(asked: Asked, about: About) -> Fact | None:
    """Return the first fact that is known; one who fails to tell is counted as a fault and passed over."""
    return next(_told(asked, about), None)


def _told(asked: Asked, about: About) -> Iterator[Fact]:
    for source in FACTS:
        try:
            fact = source.tell(asked, about)
        except Exception:  # noqa: BLE001 - the shop's own code, or its database: no answer is no harm
            note_fault("answers")
            continue
        if fact is not None:
            yield fact
