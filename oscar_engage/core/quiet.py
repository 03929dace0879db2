"""When does the shop make no offers? Daily quiet hours by the shop's own clock, which may run over midnight."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_DAY = 24 * 60
_MINUTE = timedelta(minutes=1)

Quiet: TypeAlias = tuple[tuple[int, int], ...]
"""For each span: the minutes since midnight from which and until which; over midnight the second is the smaller."""


class WrongQuietError(ValueError):
    """These are no quiet hours; the message says what to type instead."""


def clean_quiet(raw: object) -> Quiet:
    """Return what was written, such as ``"22:00-7:00"``, or several with a comma between, or a list of them; ``""``: none.

    Raises :class:`WrongQuietError`.
    """
    parts: Iterable[object] = raw.split(",") if isinstance(raw, str) else raw if isinstance(raw, list | tuple) else [raw]
    return tuple(sorted(_read_span(str(part).strip()) for part in parts if str(part).strip()))


def _read_span(text: str) -> tuple[int, int]:
    matched = _SPAN.fullmatch(text)
    start, end = (int(matched[1]) * 60 + int(matched[2]), int(matched[3]) * 60 + int(matched[4])) if matched else (0, 0)
    if start == end or start >= _DAY or end > _DAY:
        raise WrongQuietError(f"{text!r} are no quiet hours: type them as '22:00-7:00', or '' for none.")
    return start, end


def is_quiet(quiet: Quiet, local: datetime) -> bool:
    """Whether ``local``, a time of the shop's own clock, is in the quiet hours; the last minute is not."""
    minute = local.hour * 60 + local.minute
    return any(_holds(start, end, minute) for start, end in quiet)


def _holds(start: int, end: int, minute: int) -> bool:
    return start <= minute < end if start < end else minute >= start or minute < end


def quiet_for(quiet: Quiet, now: datetime, zone: tzinfo, *, within: timedelta) -> float | None:
    """Return the seconds until the quiet hours that go on at ``now`` end; ``None`` where they last longer than ``within``.

    The clock on the wall decides, minute by minute: where it jumps past the end they are over then, and an hour that comes
    twice is quiet twice.
    """
    at = now.replace(second=0, microsecond=0) + _MINUTE
    while at - now <= within:
        if not is_quiet(quiet, at.astimezone(zone)):
            return (at - now).total_seconds()
        at += _MINUTE
    return None
