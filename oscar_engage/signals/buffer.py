"""Where do signals wait until the response is out? In a list that belongs to the request, never in a query.

A request that we do not sense (the dashboard's, an excluded path) has a buffer too: there things happen to shoppers who are
somewhere else. It keeps only facts that say whom they are about.
"""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.kinds import KINDS
from oscar_engage.signals.subject import Subject

MOST_ENTRIES = 50  # a request that causes more is a loop or an import, not a shopper
_ATTRIBUTE = "_engage_buffer"


@dataclass(slots=True, eq=False)
class Entry:
    """One raw fact. ``kept`` turns true when the shop's transaction commits; other facts are kept from the start."""

    kind: str
    data: Mapping[str, Any]
    at: datetime
    kept: bool
    about: Subject | None = None
    """Whom it is about; ``None``: the shopper who sent the request."""

    def keep(self) -> None:
        """Note in memory that the transaction which made this fact true was committed."""
        self.kept = True


@dataclass(slots=True, eq=False)
class Buffer:
    """The facts of one request, and what was seen of its payment and its page on the way."""

    request: HttpRequest
    is_sensed: bool = True
    """Whether the one who sends the request is a shopper of the shop, as far as its address tells."""

    entries: list[Entry] = field(default_factory=list)
    payment_taken: bool = False
    """The payment went through in this request."""
    context: Mapping[str, Any] | None = None
    """The context of the page that was rendered, if one was."""
    _token: "Token[Buffer | None] | None" = None

    def add(self, kind: str, data: Mapping[str, Any], *, about: Subject | None = None) -> None:
        """Append a fact; one that needs a commit waits for it. An unknown ``kind`` raises; past the limit it is counted."""
        if about is None and not self.is_sensed:
            return
        if len(self.entries) >= MOST_ENTRIES:
            count("dropped", "buffer_full")
            return
        self.entries.append(make_entry(kind, data, about=about))

    def drop(self, kinds: Iterable[str]) -> None:
        """Forget the facts of these kinds: something later in the request made them untrue."""
        unwanted = frozenset(kinds)
        self.entries = [entry for entry in self.entries if entry.kind not in unwanted]

    def has(self, kind: str) -> bool:
        """Whether a fact of this kind was recorded, committed or not."""
        return any(entry.kind == kind for entry in self.entries)

    def kept(self) -> list[Entry]:
        """Return the facts about the shopper who sent the request that hold now, in their order."""
        return [entry for entry in self.entries if entry.kept and entry.about is None]

    def kept_about_others(self) -> list[Entry]:
        """Return the facts that hold now and name whom they are about, in their order."""
        return [entry for entry in self.entries if entry.kept and entry.about is not None]


def make_entry(kind: str, data: Mapping[str, Any], *, about: Subject | None = None) -> Entry:
    """Return a fact of now. One of the shop's own facts is kept only once the transaction that is open commits."""
    entry = Entry(kind, data, timezone.now(), kept=True, about=about)
    if KINDS.get(kind).needs_commit and transaction.get_connection().in_atomic_block:
        entry.kept = False
        transaction.on_commit(partial(_keep, entry), robust=True)
    return entry


def _keep(entry: Entry) -> None:
    try:
        entry.keep()
    except Exception:  # noqa: BLE001 - among the hooks of the shop's own commit; Django would log it, and nobody count it
        note_fault("commit")


_current: ContextVar[Buffer | None] = ContextVar("engage_buffer", default=None)


def bind(request: HttpRequest, *, is_sensed: bool = True) -> Buffer:
    """Give ``request`` a buffer and make it the current one until :func:`release`."""
    buffer = Buffer(request, is_sensed)
    setattr(request, _ATTRIBUTE, buffer)
    buffer._token = _current.set(buffer)
    return buffer


def release(buffer: Buffer) -> None:
    """End the time in which ``buffer`` is the current one."""
    if buffer._token is not None:
        _current.reset(buffer._token)
        buffer._token = None


def get_buffer(request: HttpRequest | None = None) -> Buffer | None:
    """Return the buffer of the request being served, or the one ``request`` was given; ``None`` outside a request."""
    return _current.get() or getattr(request, _ATTRIBUTE, None)
