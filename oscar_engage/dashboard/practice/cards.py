"""What stands side by side? The shoppers who have come, each with its lines, and what the agent may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.dashboard.practice.forms import LineForm
from oscar_engage.desk.practice.clock import second_of
from oscar_engage.desk.practice.models import Practice, PracticeChat, PracticeLine
from oscar_engage.desk.practice.run import next_of, open_chats, said_in
from oscar_engage.desk.practice.shopper import LEAVING, Move

WRITES_FOR = 4.0
"""Seconds before a line in which the shopper is shown to write it."""

_SILENT = frozenset({Move.STILL_THERE, Move.GONE})
_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One shopper on the page; ``suffix`` tells the ids of its elements from those of the others.

    ``shown`` are the lines that the page does not have yet. ``due``: until when an answer is in time (seconds since 1970),
    ``None`` if none is owed or the clock stands. ``with_reply``: the place for the answer has changed.
    """

    chat: PracticeChat
    shown: Sequence[PracticeLine]
    after: int
    form: LineForm
    is_writing: bool
    is_waiting: bool
    due: int | None
    is_late: bool
    is_new: bool = False
    with_reply: bool = False

    @property
    def suffix(self) -> str:
        """What ends the ids."""
        return f"-{self.chat.public_id}"

    @property
    def state(self) -> str:
        """What the page is told back, to say what it shows."""
        return f"{self.chat.ended_as or 'open'}.{int(self.chat.is_wrapped)}"


@dataclass(frozen=True, slots=True)
class Known:
    """What a page shows of one conversation."""

    after: int
    state: str


def parse_known(texts: Sequence[str]) -> dict[str, Known]:
    """Return what the page says that it shows, by public id; what cannot be read is left out."""
    found = {}
    for text in texts[:10]:
        public_id, _colon, rest = text.partition(":")
        after, _colon, state = rest.partition(":")
        if after.isascii() and after.isdecimal() and len(after) < _DIGITS:
            found[public_id] = Known(int(after), state)
    return found


def read_cards(practice: Practice, *, now: datetime, known: Mapping[str, Known] | None = None) -> list[Card]:
    """Return the shoppers who have come; with ``known``, only with what a page does not have. Two queries."""
    cards = [_card(chat, practice, now) for chat in open_chats(practice) if chat.last_seq]
    return cards if known is None else [_only_new(card, known.get(card.chat.public_id)) for card in cards]


def form_for(chat: PracticeChat, data: Any = None, **initial: Any) -> LineForm:
    """Return the form for an answer, its ids told from those of other cards."""
    return LineForm(data, auto_id=f"id_%s-{chat.public_id}", initial=initial or None)


def _card(chat: PracticeChat, practice: Practice, now: datetime) -> Card:
    lines = sorted(chat.lines.all(), key=lambda line: line.seq)
    owed = _owed_since(lines)
    due = None
    if owed is not None and practice.paused_at is None and not chat.ended_as:
        passed = second_of(practice, now=now) - chat.begins - owed
        due = int((now + timedelta(seconds=practice.promise - passed)).timestamp())
    return Card(
        chat=chat,
        shown=lines,
        after=lines[-1].seq,
        form=form_for(chat),
        is_writing=_is_writing(chat, practice, now),
        is_waiting=owed is not None and not chat.ended_as,
        due=due,
        is_late=due is not None and due < now.timestamp(),
    )


def _only_new(card: Card, known: Known | None) -> Card:
    if known is None:
        return replace(card, is_new=True)
    shown = [line for line in card.shown if line.seq > known.after]
    return replace(card, shown=shown, with_reply=known.state != card.state)


def _owed_since(lines: Sequence[PracticeLine]) -> float | None:
    """Return at which second the shopper began to wait for the answer that has not come."""
    owed: float | None = None
    for line in lines:
        if not line.move:
            owed = None
        elif owed is None and line.move != Move.WAITS and line.move not in LEAVING:
            owed = line.second
    return owed


def _is_writing(chat: PracticeChat, practice: Practice, now: datetime) -> bool:
    coming = None if practice.paused_at else next_of(chat, said_in(chat), practice.seed)
    if coming is None or coming.move in _SILENT:
        return False
    return coming.second - (second_of(practice, now=now) - chat.begins) <= WRITES_FOR
