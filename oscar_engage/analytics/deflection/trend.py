"""Did fewer people ask since we are here? The days before beside the days after, with the line that each followed.

Of contact volumes that the shop imports and of our own counts; compared by
:func:`oscar_engage.analytics.stats.before_after.before_after`, on whole weeks, for Mondays are not like Sundays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from oscar_engage.analytics.stats.before_after import Change, before_after

WEEK = 7
MOST_DAYS = 52 * WEEK
"""On each side: what is further away says little about the day of the change."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Side:
    """The days of one side, none left out, with contacts a day and the straight line through them."""

    days: tuple[date, ...]
    values: tuple[int, ...]
    line: tuple[float, ...]

    @property
    def mean(self) -> float | None:
        """Contacts a day, ``None`` without a day."""
        return sum(self.values) / len(self.values) if self.values else None


@dataclass(frozen=True, slots=True)
class Trend:
    """Both sides, and what changed between them; ``None``: too few days on one side.

    ``foreseen``: where the line before leads on the days after.
    """

    before: Side
    after: Side
    change: Change | None
    foreseen: tuple[float, ...]


def compare_sides(volumes: Mapping[date, int], *, began: date, until: date) -> Trend | None:
    """Return the days before ``began`` beside those from it up to ``until`` (left out); ``None``: nothing is known of before.

    The first day of before is the first that ``volumes`` knows, and a day without a number had no contacts: a centre that is
    closed on Sundays has no line for them. Both sides are cut to whole weeks, at most :data:`MOST_DAYS`, nearest to ``began``.
    """
    first = min(volumes, default=began)
    if first >= began:
        return None
    number = _whole_weeks((began - first).days)
    before = _side(volumes, began - number * _ONE_DAY, number)
    after = _side(volumes, began, _whole_weeks((until - began).days))
    change = before_after(before.values, after.values)
    return Trend(before, after, change, _extend(before, len(after.days)))


def fit_line(values: Sequence[float]) -> tuple[float, ...]:
    """Return the least-squares line through ``values``, at their places; of fewer than two, themselves."""
    number = len(values)
    if number < 2:  # noqa: PLR2004 - a line has two points
        return tuple(float(value) for value in values)
    middle, mean = (number - 1) / 2, sum(values) / number
    slope = sum((place - middle) * value for place, value in enumerate(values)) / sum(
        (place - middle) ** 2 for place in range(number)
    )
    return tuple(mean + slope * (place - middle) for place in range(number))


def _whole_weeks(days: int) -> int:
    return min(max(days, 0), MOST_DAYS) // WEEK * WEEK


def _side(volumes: Mapping[date, int], first: date, number: int) -> Side:
    days = tuple(first + place * _ONE_DAY for place in range(number))
    values = tuple(volumes.get(day, 0) for day in days)
    return Side(days, values, fit_line(values))


def _extend(before: Side, number: int) -> tuple[float, ...]:
    if len(before.line) < 2:  # noqa: PLR2004 - without two points there is no slope
        return ()
    step = before.line[1] - before.line[0]
    return tuple(before.line[-1] + (place + 1) * step for place in range(number))
