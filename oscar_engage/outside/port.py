"""What does an outside desk do for us? A seam of few verbs, which an adapter translates into the API of one help desk.

Plain values in, plain values out. Text is text in both directions: an adapter neither renders nor sends HTML.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Author = Literal["shopper", "agent", "note"]
"""Who said it: the shopper, one of our agents, or we ourselves, for the agents there alone."""


class OutsideError(OSError):
    """The outside desk did not answer, or not as it should: to be tried again. The text names no person."""


class GoneError(OutsideError):
    """What we named is not there any more."""


class ForeignError(ValueError):
    """A request that does not come from the outside desk: its signature is wrong, old, or there is none."""


class UnreadableError(ValueError):
    """A request that does come from there, and that we cannot read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation is there: the ids of the conversation and of the person it is with, as text."""

    conversation: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A conversation that is to be opened there.

    ``key`` and ``person`` are ours, and the same each time: by them a second try finds what the first one made. ``facts``: what
    else is known, by short names; an address among them was typed by somebody, and proves nothing.
    """

    key: str
    reference: str
    person: str
    name: str = ""
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message that is to be written there; ``key`` is ours, and the same each time. ``name``: of our agent who wrote it."""

    key: str
    author: Author
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """An agent there. ``email`` says who it is here; empty: not known."""

    email: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an agent there wrote to the shopper: plain text, and the addresses of ``files`` that the shopper can open."""

    id: str
    text: str
    author: Somebody
    files: Sequence[str] = ()
    hidden_files: int = 0
    """Files that the shopper cannot open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """How a conversation stands there: whether it is closed, who has it, and what was said after the ``cursor`` we gave."""

    is_closed: bool
    assignee: Somebody | None
    said: Sequence[Said]
    cursor: str
    """Up to where this goes: what to give next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a request from there tells of one conversation. ``said``: the message that it is about.

    ``key``: our own key, where the request carries it. ``is_changed``: status or assignee may have changed, so ask.
    """

    conversation: str
    key: str = ""
    said: Said | None = None
    is_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a try to reach it found: its name, who answers there, and what is not right yet, in words."""

    name: str
    agents: Sequence[Somebody] = ()
    complaints: Sequence[str] = ()


class OutsideDesk(Protocol):
    """One help desk. ``OUTSIDE_DESK["ADAPTER"]`` names a class with these methods, built with the setting as a dictionary.

    Each method but ``hear`` and ``link`` may ask the network and take seconds; it is called outside any transaction, and raises
    :class:`OutsideError` to be called again. ``is_repeat``: it was tried before, and nobody knows what became of it, so look
    for it by its key first.
    """

    name: str
    """Which desk it is, for rows to be told apart from another's: at most 120 characters, without any secret."""

    def open(self, case: Case, /, *, is_repeat: bool) -> Place:
        """Open a conversation, and return where it is."""
        ...

    def say(self, place: Place, words: Words, /, *, is_repeat: bool) -> str:
        """Write a message, and return its id there."""
        ...

    def assign(self, place: Place, email: str, /) -> bool:
        """Give the conversation to the agent with this address; return False if there is none, and nothing happened."""
        ...

    def close(self, place: Place, /) -> None:
        """Close the conversation; closing it again changes nothing."""
        ...

    def look(self, place: Place, cursor: str, /) -> There:
        """Return how the conversation stands, and what agents wrote there after ``cursor`` (empty: from the beginning)."""
        ...

    def forget(self, place: Place, /) -> None:
        """Delete the conversation and whom it was with, unless there is more of that person; what is gone is no error."""
        ...

    def greet(self, callback: str, /) -> Greeting:
        """Try to reach it; ``callback``: the address at which we want to be told."""
        ...

    def link(self, place: Place, /) -> str:
        """Return the address at which staff see the conversation there."""
        ...

    def hear(self, headers: Mapping[str, str], body: bytes, /, *, now: datetime) -> Sequence[Heard]:
        """Return what a request tells (headers by names in lower case), or raise :class:`ForeignError`.

        One that comes from there and cannot be read raises :class:`UnreadableError`. What we wrote ourselves is left out.
        """
        ...
