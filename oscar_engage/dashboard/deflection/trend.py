"""What does the page "Before and after" say? Both sides by the week, drawn and in numbers, and the change between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.deflection.trend import WEEK, Side, Trend
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.dashboard.reports.chart import Line, Lines, draw_lines
from oscar_engage.dashboard.templatetags.engage_numbers import number

_CONTACTS, _LED, _LINE = _("Contacts a week"), _("Trend before, and where it leads"), _("Trend since")


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week from ``day`` on: contacts, and how many the straight line of its side says; ``side``: ``before`` or ``after``."""

    day: date
    contacts: int
    line: float
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPage:
    """What is shown: contacts a week. ``level``: by how much they jumped; ``slope``: how many more with each further week."""

    weeks: tuple[Week, ...]
    chart: Lines | None
    before: float | None
    after: float | None
    level: Estimate | None
    slope: Estimate | None

    @property
    def is_fewer(self) -> bool:
        """Whether the level fell, beyond doubt."""
        return self.level is not None and self.level.high < 0

    @property
    def is_more(self) -> bool:
        """Whether the level rose, beyond doubt."""
        return self.level is not None and self.level.low > 0


def describe_trend(trend: Trend) -> TrendPage:
    """Return what is shown of ``trend``; days are added up to weeks, for a drawing of days shows Sundays."""
    weeks = week_rows(trend)
    before, after = ([week for week in weeks if week.side == side] for side in ("before", "after"))
    unknown: list[float | None] = [None] * len(weeks)
    foreseen = _sums(trend.foreseen)
    lines = [
        Line(_CONTACTS, [week.contacts for week in weeks]),
        Line(_LED, [*(week.line for week in before), *(foreseen or unknown[len(before) :])]),
        Line(_LINE, [*unknown[: len(before)], *(week.line for week in after)]),
    ]
    chart = draw_lines(
        [week.day for week in weeks],
        lines,
        say=number,
        say_day=lambda day: date_format(day, "SHORT_DATE_FORMAT"),
    )
    level = trend.change.level.times(WEEK) if trend.change else None
    slope = trend.change.slope.times(WEEK * WEEK) if trend.change else None
    return TrendPage(weeks=weeks, chart=chart, before=_mean(before), after=_mean(after), level=level, slope=slope)


def week_rows(trend: Trend) -> tuple[Week, ...]:
    """Return the weeks of both sides, the oldest first."""
    return (*_weeks(trend.before, "before"), *_weeks(trend.after, "after"))


def _weeks(side: Side, name: str) -> list[Week]:
    days, contacts, line = side.days[::WEEK], _sums(side.values), _sums(side.line)
    return [
        Week(day=day, contacts=round(number), line=fitted, side=name)
        for day, number, fitted in zip(days, contacts, line, strict=True)
    ]


def _sums(values: Sequence[float]) -> list[float]:
    return [sum(values[place : place + WEEK]) for place in range(0, len(values), WEEK)]


def _mean(weeks: Sequence[Week]) -> float | None:
    return sum(week.contacts for week in weeks) / len(weeks) if weeks else None
