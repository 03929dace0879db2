"""When is the shop open? Opening hours of a week, read from what a shop writes in its settings."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_DAY = 24 * 60

Hours: TypeAlias = tuple[tuple[int, int, int], ...]
"""For each time of opening: the weekday (0: Monday), and the minutes since midnight from which and until which."""


class WrongHoursError(ValueError):
    """These are no opening hours; the message says what to type instead."""


def clean_hours(raw: object) -> Hours:
    """Return what was written, such as ``{"mon-fri": "9:00-12:30, 14:00-18:00", "sat": "10:00-14:00"}``.

    Days that are not named are closed. Raises :class:`WrongHoursError`.
    """
    if not isinstance(raw, Mapping):
        raise WrongHoursError('Opening hours are a dictionary, such as {"mon-fri": "9:00-18:00", "sat": "10:00-14:00"}.')
    found = [(day, *span) for days, spans in raw.items() for day in _read_days(days) for span in _read_spans(spans)]
    return tuple(sorted(found))


def _read_days(text: object) -> range:
    first, _dash, last = str(text).strip().lower().partition("-")
    if first not in DAYS or (last or first) not in DAYS or DAYS.index(first) > DAYS.index(last or first):
        raise WrongHoursError(f"{text!r} names no days: type one, such as 'sat', or a range, such as 'mon-fri'.")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _read_spans(text: object) -> Iterator[tuple[int, int]]:
    for part in str(text).split(","):
        matched = _SPAN.fullmatch(part.strip())
        start, end = _minutes(matched, 1), _minutes(matched, 3)
        if not 0 <= start < end <= _DAY:
            raise WrongHoursError(f"{part.strip()!r} is no time of opening: type it as '9:00-17:30', before midnight.")
        yield start, end


def _minutes(matched: "re.Match[str] | None", group: int) -> int:
    return -1 if matched is None else int(matched[group]) * 60 + int(matched[group + 1])


def is_open(hours: Hours, local: datetime) -> bool:
    """Whether ``local``, a time of the shop's own clock, is in the opening hours; the closing minute is not."""
    minute = local.hour * 60 + local.minute
    return any(day == local.weekday() and start <= minute < end for day, start, end in hours)


def edges(hours: Hours, local: datetime) -> Iterator[datetime]:
    """Give the times of today and tomorrow at which the shop opens or closes, by the same clock."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for start_of_day in (midnight, midnight + timedelta(days=1)):
        for day, *span in hours:
            if day == start_of_day.weekday():
                yield from (start_of_day + timedelta(minutes=minutes) for minutes in span)
