"""Are these opening hours? What supervisors write, checked, and as the clock takes it."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from oscar_engage.core.opening import DAYS, Hours, WrongHoursError, clean_hours
from oscar_engage.desk.promises.clock import Opening, Spans

MOST_DAYS = 400
"""Holidays, and days with other hours, in one set of opening hours."""

_ALL_DAY = {f"{DAYS[0]}-{DAYS[-1]}": "0:00-24:00"}


def build_opening(time_zone: str, weekly: Any, holidays: Any, special_days: Any) -> Opening:
    """Return what was written as the clock takes it; ``weekly`` empty: all day, every day.

    Raises ``ValidationError`` with every mistake at the name of its field, each saying what to type.
    """
    errors: dict[str, list[str]] = {}

    def checked(field: str, read: Any, raw: Any, otherwise: Any) -> Any:
        try:
            return read(raw)
        except ValidationError as error:
            errors[field] = error.messages
            return otherwise

    zone = checked("time_zone", read_zone, time_zone, None)
    week = checked("weekly", read_week, weekly, ())
    closed = checked("holidays", read_holidays, holidays, frozenset())
    special = checked("special_days", read_special_days, special_days, {})
    if errors:
        raise ValidationError(errors)
    return Opening(zone=zone, week=week, closed=closed, special=special)


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Return the names of all time zones known here, by name."""
    return tuple(sorted(available_timezones()))


def read_zone(raw: Any) -> ZoneInfo:
    """Return the time zone called ``raw``, or raise ``ValidationError``."""
    if raw not in zones():
        raise ValidationError(_("There is no time zone “%(name)s”. Type one such as Europe/Berlin.") % {"name": raw})
    return ZoneInfo(raw)


def read_week(raw: Any) -> Hours:
    """Return the hours of the week, or raise ``ValidationError`` naming the days that cannot be read.

    Days with an empty text are closed like those that are not named; all of them closed is a mistake, too.
    """
    if not isinstance(raw, Mapping):
        raise ValidationError(_week_hint())
    found: list[tuple[int, int, int]] = []
    for days, spans in (raw or _ALL_DAY).items():
        try:
            read = clean_hours({days: spans or "0:00-24:00"})
        except WrongHoursError:
            line = f"{days}: {spans}"
            raise ValidationError(
                _("“%(line)s” are no opening hours. %(hint)s") % {"line": line[:80], "hint": _week_hint()}
            ) from None
        found += read if spans else ()
    if not found:
        raise ValidationError(_("Type at least one time of opening. %(hint)s") % {"hint": _week_hint()})
    return tuple(sorted(found))


def read_holidays(raw: Any) -> frozenset[date]:
    """Return the dates, or raise ``ValidationError`` naming the first that is none."""
    if not isinstance(raw, list) or len(raw) > MOST_DAYS:
        raise ValidationError(_("Type at most %(limit)d dates, one on each line.") % {"limit": MOST_DAYS})
    return frozenset(read_date(item) for item in raw)


def read_special_days(raw: Any) -> dict[date, Spans]:
    """Return the hours of each date (none: closed), or raise ``ValidationError`` naming the first that cannot be read."""
    if not isinstance(raw, Mapping) or len(raw) > MOST_DAYS:
        raise ValidationError(_("Type at most %(limit)d dates, one on each line.") % {"limit": MOST_DAYS})
    return {read_date(day): _read_spans(day, spans) for day, spans in raw.items()}


def read_date(raw: Any) -> date:
    """Return the date written as ``2026-12-24``, or raise ``ValidationError``."""
    try:
        return date.fromisoformat(str(raw).strip())
    except ValueError:
        words = {"text": str(raw)[:40]}
        raise ValidationError(_("“%(text)s” is no date. Type year, month and day, such as 2026-12-24.") % words) from None


def _read_spans(day: Any, raw: Any) -> Spans:
    if raw == "":
        return ()
    try:
        return tuple((start, end) for _day, start, end in clean_hours({DAYS[0]: raw}))
    except WrongHoursError:
        line = f"{day}: {raw}"
        hint = _("Type a date and its hours, such as 2026-12-24: 10:00-14:00, or the date and “closed”.")
        raise ValidationError(_("“%(line)s” are no opening hours. %(hint)s") % {"line": line[:80], "hint": hint}) from None


def _week_hint() -> str:
    return _("Type days and hours, one on each line, such as mon-fri: 9:00-12:30, 14:00-18:00.")
