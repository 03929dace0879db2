"""Where do signals wait until the response is out? In a list that belongs to the request, never in a query."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.kinds import KINDS

MOST_ENTRIES = 50  # a request that causes more is a loop or an import, not a shopper
_ATTRIBUTE = "_engage_buffer"


@dataclass(slots=True, eq=False)
class Entry:
    """One raw fact. ``kept`` turns true when the shop's transaction commits; other facts are kept from the start."""

    kind: str
    data: Mapping[str, Any]
    at: datetime
    kept: bool

    def keep(self) -> None:
        """Note in memory that the transaction which made this fact true was committed."""
        self.kept = True


@dataclass(slots=True, eq=False)
class Buffer:
    """The facts of one request, and what was seen of its payment and its page on the way."""

    request: HttpRequest
    entries: list[Entry] = field(default_factory=list)
    payment_taken: bool = False
    """The payment went through in this request."""
    context: Mapping[str, Any] | None = None
    """The context of the page that was rendered, if one was."""
    _token: "Token[Buffer | None] | None" = None

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        """Append a fact; one that needs a commit waits for it. An unknown ``kind`` raises; past the limit it is counted."""
        if len(self.entries) >= MOST_ENTRIES:
            count("dropped", "buffer_full")
            return
        entry = Entry(kind, data, timezone.now(), kept=True)
        if KINDS.get(kind).needs_commit and transaction.get_connection().in_atomic_block:
            entry.kept = False
            transaction.on_commit(entry.keep, robust=True)
        self.entries.append(entry)

    def drop(self, kinds: Iterable[str]) -> None:
        """Forget the facts of these kinds: something later in the request made them untrue."""
        unwanted = frozenset(kinds)
        self.entries = [entry for entry in self.entries if entry.kind not in unwanted]

    def has(self, kind: str) -> bool:
        """Whether a fact of this kind was recorded, committed or not."""
        return any(entry.kind == kind for entry in self.entries)

    def kept(self) -> list[Entry]:
        """Return the facts that hold now, in their order."""
        return [entry for entry in self.entries if entry.kept]


_current: ContextVar[Buffer | None] = ContextVar("engage_buffer", default=None)


def bind(request: HttpRequest) -> Buffer:
    """Give ``request`` a buffer and make it the current one until :func:`release`."""
    buffer = Buffer(request)
    setattr(request, _ATTRIBUTE, buffer)
    buffer._token = _current.set(buffer)
    return buffer


def release(buffer: Buffer) -> None:
    """End the time in which ``buffer`` is the current one."""
    if buffer._token is not None:
        _current.reset(buffer._token)
        buffer._token = None


def get_buffer(request: HttpRequest | None = None) -> Buffer | None:
    """Return the buffer of the request being served, or the one ``request`` was given; ``None`` where we do not sense."""
    return _current.get() or getattr(request, _ATTRIBUTE, None)


def record(request: HttpRequest | None, kind: str, **data: Any) -> None:
    """Record that ``kind`` happened in this request. For shops, too: ``record(request, "payment.failed", reason="declined")``.

    Never raises and never queries: the fact is checked and written after the response. Without a request that we sense
    (switched off, excluded path, a command) nothing happens.
    """
    try:
        buffer = get_buffer(request)
        if buffer is not None:
            buffer.add(kind, data)
    except Exception:  # noqa: BLE001 - called inside the shop's own request, which must not notice
        note_fault("record")
