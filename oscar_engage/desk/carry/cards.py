"""Which things of the shop can a message show? A registry of kinds; a message stores a kind and a key, and no more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oscar_engage.core.registry import Registry
from oscar_engage.desk.carry.load import Card, Shown
from oscar_engage.desk.models import Conversation
from oscar_engage.signals.faults import note_fault
from oscar_engage.visitors.models import Visitor

LONGEST_KEY = 64
MOST_FOUND = 8
"""Things that a search shows an agent."""


class CardRefusedError(ValueError):
    """A card that this message may not carry; the message says why, to an agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Through whose eyes a card is seen: the shopper's account, if there is one, and the request in which they look."""

    customer_id: int | None = None
    request: Any = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What an agent can pick: its key, and words for it."""

    key: str
    words: str


class CardKind(Protocol):
    """A kind of card. Whatever it returns is shown as plain text."""

    @property
    def label(self) -> str | Promise:
        """What people call the kind."""
        ...

    def find(self, text: str, sight: Sight) -> Sequence[Choice]:
        """Return up to :data:`MOST_FOUND` things that ``text`` finds and that the shopper may be shown."""
        ...

    def check(self, key: str, conversation: Conversation, sight: Sight) -> None:
        """Raise :class:`CardRefusedError` if the thing may not be sent in ``conversation``, whose row is locked."""
        ...

    def show(self, keys: Collection[str], sight: Sight) -> Mapping[str, Shown]:
        """Return what the shop says of these things now; leave out those that are gone."""
        ...


CARDS: Registry[CardKind] = Registry("kind of card")


def sight_of(conversation: Conversation) -> Sight:
    """Return how the shopper of ``conversation`` sees the shop; one query."""
    customers = Visitor.objects.filter(pk=conversation.visitor_id).values_list("customer_id", flat=True)
    return Sight(customer_id=customers.first())


def read_card(text: str) -> Card | None:
    """Return the card that a form names as ``kind:key``, or ``None`` for what cannot be one."""
    kind, colon, key = text.partition(":")
    return Card(kind, key) if colon and key and kind in CARDS and len(key) <= LONGEST_KEY and key.isprintable() else None


def check_card(card: Card, conversation: Conversation, sight: Sight) -> None:
    """Raise :class:`CardRefusedError` if ``card`` may not be sent in ``conversation``."""
    CARDS.get(card.kind).check(card.key, conversation, sight)


def find_cards(text: str, sight: Sight) -> list[tuple[CardKind, list[tuple[str, str]]]]:
    """Return, of each kind, what ``text`` finds: what a form sends for it, and words. A kind that fails finds nothing."""
    return [(CARDS.get(kind), _find(kind, text, sight)) for kind in CARDS.names()]


def _find(kind: str, text: str, sight: Sight) -> list[tuple[str, str]]:
    try:
        return [(f"{kind}:{choice.key}", choice.words) for choice in CARDS.get(kind).find(text, sight)]
    except Exception:  # noqa: BLE001 - the shop's models, a kind of its own
        note_fault("card")
        return []


def show_cards(stored: Iterable[Mapping[str, str]], sight: Sight) -> dict[tuple[str, str], Shown]:
    """Return what each of the ``stored`` cards says now, by kind and key; one that is gone is called gone.

    A kind that fails costs its cards, not the page.
    """
    wanted: dict[str, set[str]] = {}
    for card in stored:
        wanted.setdefault(card["kind"], set()).add(card["key"])
    shown = {(kind, key): gone() for kind, keys in wanted.items() for key in keys}
    for kind, keys in wanted.items():
        if kind in CARDS:
            try:
                shown |= {(kind, key): card for key, card in CARDS.get(kind).show(keys, sight).items() if key in keys}
            except Exception:  # noqa: BLE001 - the shop's strategy, its models, a kind of its own
                note_fault("card")
    return shown


def gone() -> Shown:
    """Return what is shown in the place of a thing that the shop does not have any more."""
    return Shown(title=_("This is not in the shop any more."), is_gone=True)
