"""Is this a signal we can take, and how is it kept? The check at the edge, and the one insert into the log."""

import math
import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from django.db import connections, router

from oscar_engage.signals.kinds import KINDS, Payload
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.signal import Signal
from oscar_engage.statements.rows import inserting_new, read_keys
from oscar_engage.statements.together import Statement, run

_LINKS = frozenset({"basket_id", "order_id"})  # by these the shop's own tables say who it was
_SURROGATE = re.compile("[\ud800-\udfff]")
_DEEPEST = 6  # payloads are flat; a shop's own kind may nest a little


class Rejection(StrEnum):
    """Why a signal was not taken: a closed list, because it names counters."""

    UNKNOWN_KIND = "unknown_kind"
    SERVER_ONLY = "server_only"
    INVALID = "invalid"
    POISON = "poison"


class RejectedSignalError(ValueError):
    """This signal cannot be taken; ``reason`` says why."""

    def __init__(self, reason: Rejection) -> None:
        super().__init__(reason.value)
        self.reason = reason


def check_signal(kind: object, data: object, *, from_browser: bool) -> Payload:
    """Return ``data`` as the payload of ``kind``, with unknown keys dropped, or raise :class:`RejectedSignalError`.

    A browser may only report kinds made for it. Poison is what a database refuses or silently changes: NaN and infinities,
    NUL characters, lone surrogates.
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise RejectedSignalError(Rejection.UNKNOWN_KIND)
    entry = KINDS.get(kind)
    if from_browser and not entry.from_browser:
        raise RejectedSignalError(Rejection.SERVER_ONLY)
    try:
        payload = msgspec.convert(data, entry.payload)
    except (msgspec.ValidationError, RecursionError):
        raise RejectedSignalError(Rejection.INVALID) from None
    except UnicodeEncodeError:  # a lone surrogate in a key, which msgspec compares as UTF-8
        raise RejectedSignalError(Rejection.POISON) from None
    if _is_poison(msgspec.to_builtins(payload), depth=0):
        raise RejectedSignalError(Rejection.POISON)
    return payload


def _is_poison(value: object, *, depth: int) -> bool:
    if isinstance(value, str):
        return not is_storable_text(value)
    if isinstance(value, float):
        return not math.isfinite(value)
    if not isinstance(value, dict | list | tuple):  # of what holds others, msgspec makes these alone
        return False
    inside = [*value, *value.values()] if isinstance(value, dict) else value
    return depth >= _DEEPEST or any(_is_poison(item, depth=depth + 1) for item in inside)


def is_storable_text(text: str) -> bool:
    """Whether every database takes ``text``: no NUL, no lone surrogate."""
    return "\x00" not in text and (text.isascii() or _SURROGATE.search(text) is None)


def drop_repeats(signals: Sequence[Signal]) -> list[Signal]:
    """Return ``signals`` without those that come twice in here."""
    return list({signal.event_id: signal for signal in signals}.values())


def store(
    signals: Sequence[Signal],
    *,
    visitor_id: uuid.UUID,
    visit_id: uuid.UUID | None,
    received_at: datetime,
    also: Sequence[Statement] = (),
    is_linked: bool = True,
) -> list[Signal]:
    """Append ``signals``, each of them once, to the log in one insert, and return those that were not there already.

    ``also`` is written in the same trip. Unless ``is_linked``, what is kept names no basket and no order.
    """
    if not signals:
        return []
    rows = [_row_of(signal, visitor_id, visit_id, received_at) for signal in signals]
    if not is_linked:
        for row in rows:
            row["payload"] = {key: value for key, value in row["payload"].items() if key not in _LINKS}
    connection = connections[router.db_for_write(SignalRecord)]
    inserted, *_ = run(connection, inserting_new(SignalRecord, rows, key="event_id"), *also)
    new = read_keys(SignalRecord, "event_id", inserted)
    return [signal for signal in signals if signal.event_id in new]


def withdraw(signals: Iterable[Signal]) -> None:
    """Take back signals that :func:`store` kept a moment ago and that turned out not to follow."""
    unfounded = [signal.event_id for signal in signals]
    if unfounded:
        SignalRecord.objects.filter(event_id__in=unfounded).delete()


def _row_of(signal: Signal, visitor_id: uuid.UUID, visit_id: uuid.UUID | None, received_at: datetime) -> dict[str, Any]:
    return {
        "event_id": signal.event_id,
        "visitor_id": visitor_id,
        "visit_id": visit_id,
        "kind": signal.kind,
        "source": signal.source.value,
        "payload": msgspec.to_builtins(signal.payload),
        "at": signal.at,
        "received_at": received_at,
    }
