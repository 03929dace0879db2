"""Which whole days does the reader want to see, and beside which others?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LENGTHS = (7, 30, 90, 365)
DEFAULT = 30
LONGEST = 731
"""Days at once, at most: two years, so that one year can be laid beside another."""

COMPARED = (
    ("", gettext_lazy("nothing")),
    ("before", gettext_lazy("the days before")),
    ("year", gettext_lazy("a year earlier")),
)
"""What a span can be laid beside: as the address says it, and as the reader reads it."""

_ONE_DAY, _YEAR = timedelta(days=1), timedelta(days=364)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days ``[since, until)`` by the shop's clock, and those they are compared with.

    ``days`` is one of :data:`LENGTHS`, or ``None`` when the reader named both ends. ``error``: why the span is not what was
    asked for, in the reader's words.
    """

    since: date
    until: date
    days: int | None
    compared: str = ""
    error: str = ""

    @property
    def last(self) -> date:
        """The last day that belongs to it, as people say it."""
        return self.until - _ONE_DAY

    @property
    def length(self) -> int:
        """Number of days."""
        return (self.until - self.since).days

    @property
    def other(self) -> "Span | None":
        """The days to compare with; a year earlier is 52 weeks, so that Mondays meet Mondays."""
        if not self.compared:
            return None
        back = _YEAR if self.compared == "year" else self.until - self.since
        return Span(since=self.since - back, until=self.until - back, days=None)

    @property
    def query(self) -> str:
        """What an address says of it, for links that keep it."""
        ends = f"days={self.days}" if self.days else f"from={self.since}&to={self.last}"
        return f"{ends}&beside={self.compared}" if self.compared else ends


def choose_span(asked: Mapping[str, str], *, today: date) -> Span:
    """Return the days that an address asks for by ``days``, or by ``from`` and ``to`` (ISO, both included), and ``beside``.

    What cannot be shown is answered by the last :data:`DEFAULT` days and an ``error``.
    """
    compared = asked.get("beside", "")
    compared = compared if compared in dict(COMPARED) else ""
    if asked.get("from") or asked.get("to"):
        error, since, last = _read_ends(asked.get("from", ""), asked.get("to", ""), today)
        if since and last:
            return Span(since=since, until=last + _ONE_DAY, days=None, compared=compared)
        return _last(DEFAULT, today, compared, error)
    days = next((days for days in LENGTHS if asked.get("days") == str(days)), DEFAULT)
    return _last(days, today, compared)


def _last(days: int, today: date, compared: str, error: str = "") -> Span:
    until = today + _ONE_DAY
    return Span(since=until - timedelta(days=days), until=until, days=days, compared=compared, error=error)


def _read_ends(since: str, last: str, today: date) -> tuple[str, date | None, date | None]:
    first_day, last_day = _read_day(since), _read_day(last)
    if first_day is None or last_day is None:
        return _("Please give both days, the first and the last, such as 2026-11-01 and 2026-11-30."), None, None
    if first_day > last_day:
        return _("The first day is after the last one. Please exchange them."), None, None
    if (last_day - first_day).days >= LONGEST:
        return _("At most %(days)d days can be shown at once.") % {"days": LONGEST}, None, None
    if first_day > today:
        return _("These days are still to come."), None, None
    return "", first_day, last_day


def _read_day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and day.year >= 2000 else None  # noqa: PLR2004 - older than any shop's log, and safe to count back from
