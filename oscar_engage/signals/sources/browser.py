"""What does a browser report? One beat's body, parsed as the hostile text it may be."""

import json
import math
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from oscar_engage.signals.ingest import RejectedSignalError, Rejection, check_signal
from oscar_engage.signals.signal import Signal, Source

_MOST_SIGNALS = 100
_MOST_SHOWING = 20
_PANEL = "panel"
_LONGEST_PATH = 500
_OLDEST = 300.0  # seconds; a browser's clock orders signals, but may not move them further than this
_LONGEST = 86_400.0  # seconds; longer than any page is looked at


class MalformedBeatError(ValueError):
    """The body is not a beat: not JSON, not of the agreed shape, or out of bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What one beat says; times in seconds, ``page`` still as signed text."""

    page: str
    path: str
    idle_seconds: float
    visible_seconds: float
    showing: tuple[str, ...]
    """What has the shopper's attention: ids of decisions on display, and ``"panel"`` for a form or a conversation of ours.

    A panel is said to show from the press that asked for it until a moment after it was put away.
    """

    came_from: str
    """The host of the page before this one, as the browser tells it; empty without one."""

    fetch: bool
    """Whether the browser waits for an answer; not when it sends while the page closes."""

    signals: tuple[Signal, ...]
    rejected: tuple[Rejection, ...]
    is_driven: bool = False
    """Whether the browser says that a program drives it (``navigator.webdriver``)."""


class _Envelope(msgspec.Struct, kw_only=True, rename={"came_from": "from"}):
    v: Literal[1]
    sent: float = math.nan
    page: Annotated[str, Meta(max_length=1000)] = ""
    path: Annotated[str, Meta(max_length=8000)] = ""
    came_from: Annotated[str, Meta(max_length=300)] = ""
    idle: float = 0
    visible: float = 0
    showing: Annotated[list[str], Meta(max_length=_MOST_SHOWING)] = []
    fetch: bool = False
    driven: bool = False
    signals: Annotated[list[Any], Meta(max_length=_MOST_SIGNALS)] = []


def parse_beat(body: bytes, *, now: datetime) -> Beat:
    """Return the beat in ``body``, received at ``now``, or raise :class:`MalformedBeatError`. Never raises anything else.

    A signal that cannot be taken is left out and named in ``rejected``; the others of the batch stay.
    """
    envelope = _open_envelope(body)
    signals: list[Signal] = []
    rejected: list[Rejection] = []
    for raw in envelope.signals:
        try:
            signals.append(_read_signal(raw, envelope.sent, now))
        except RejectedSignalError as error:
            rejected.append(error.reason)
    return Beat(
        page=envelope.page,
        path=_clean_path(envelope.path),
        came_from=envelope.came_from,
        idle_seconds=_seconds(envelope.idle),
        visible_seconds=_seconds(envelope.visible),
        showing=tuple(shown for text in envelope.showing if (shown := _read_shown(text))),
        fetch=envelope.fetch,
        signals=tuple(sorted(signals, key=lambda signal: signal.at)),
        rejected=tuple(rejected),
        is_driven=envelope.driven,
    )


def _open_envelope(body: bytes) -> _Envelope:
    # The standard parser and not msgspec's: one lone surrogate or NaN there would cost the whole batch.
    try:
        return msgspec.convert(json.loads(body), _Envelope)
    except (ValueError, RecursionError, OverflowError):
        raise MalformedBeatError("not a beat") from None


def _read_signal(raw: Any, sent: float, now: datetime) -> Signal:
    if not isinstance(raw, dict):
        raise RejectedSignalError(Rejection.INVALID)
    event_id = _read_uuid(raw.get("id"))
    if event_id is None:
        raise RejectedSignalError(Rejection.INVALID)
    payload = check_signal(raw.get("kind"), raw.get("data", {}), from_browser=True)
    at = now - timedelta(seconds=_age(raw.get("at"), sent))
    return Signal(kind=raw["kind"], payload=payload, at=at, event_id=event_id, source=Source.BROWSER)


def _age(at: Any, sent: float) -> float:
    """Return how many seconds before sending it happened, by the browser's own clock, within our bounds."""
    if not isinstance(at, int | float) or abs(at) > 2**53:
        return 0.0
    age = (sent - at) / 1000
    return min(max(age, 0.0), _OLDEST) if math.isfinite(age) else 0.0


def _seconds(milliseconds: float) -> float:
    return min(max(milliseconds / 1000, 0.0), _LONGEST) if math.isfinite(milliseconds) else 0.0


def _read_shown(text: str) -> str | None:
    """Return what is on display by its one proper name; a name we did not agree on is nothing of ours."""
    if text == _PANEL:
        return text
    decision_id = _read_uuid(text)
    return str(decision_id) if decision_id else None


def _read_uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _clean_path(path: str) -> str:
    """Return the address without its query, which may carry anything, and without what a database refuses."""
    bare = path.partition("?")[0].partition("#")[0]
    return bare.replace("\x00", "").encode(errors="ignore").decode()[:_LONGEST_PATH]
