"""What did help change in these days? One query for all rules and the whole shop; pages, files and mails read it here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from oscar_engage.analytics.lift.cells import CAP, REVENUE, TEST_ORDERS, WHOLE_SHOP
from oscar_engage.analytics.lift.count import NAME
from oscar_engage.analytics.lift.judge import Judged, Part, by_rule, gained, judge
from oscar_engage.analytics.rollups.declare import Cells
from oscar_engage.analytics.rollups.read import Counts, ReadCounts, fold, read_counts
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.conf import get_settings
from oscar_engage.rules.models import Rule

DAYS_A_WEEK = 7

MOST_POINTS = 16
"""Points of the curve of what was known when."""

Course = Mapping[str, Sequence[tuple[date, Estimate | None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftReport:
    """All experiments in the days ``[since, until)``.

    ``closed_until``: days before it are compared, those from it on are only counted, for orders may still come. ``caps``: about
    where revenue was capped, in hundredths by currency. ``test_orders``: orders that are counted nowhere.
    ``course``: what was known on some days of what the whole product had earned since the first, by currency.
    """

    since: date
    until: date
    closed_until: date
    attribution_days: int
    shop: Judged
    rules: Mapping[int, Judged]
    caps: Mapping[str, int]
    test_orders: int
    course: Course
    filled_at: datetime | None

    def rule(self, pk: int) -> Judged:
        """Return what is known of a rule, one that never held included."""
        return self.rules.get(pk) or judge(str(pk), {}, {}, weeks=1)


def read_lift(*, since: date, until: date, today: date, counts_of: ReadCounts = read_counts) -> LiftReport:
    """Return the report on the days ``[since, until)``, as it stands ``today`` by the shop's clock; one query."""
    days = get_settings().attribution_days
    # a window that began in the last hour of a day reaches into the day `days` later: that has to be over as well
    closed_until = today - timedelta(days=days)
    counts = counts_of(NAME, since=since, until=until)
    whole = by_rule(counts.total())
    closed = by_rule(fold(counts.rollup, [cells for day, cells in counts.days.items() if day < closed_until]))
    weeks = _weeks(counts, until=min(until, today + timedelta(days=1)))

    def one(rule: str) -> Judged:
        return judge(rule, whole.get(rule, {}), closed.get(rule, {}), weeks=weeks.get(rule, 1.0))

    rest: Part = whole.get("", {})
    return LiftReport(
        since=since,
        until=until,
        closed_until=max(since, min(until, closed_until)),
        attribution_days=days,
        shop=one(WHOLE_SHOP),
        rules={int(rule): one(rule) for rule in whole if rule.isdecimal()},
        caps={key[3]: round(values[2] / values[0]) for key, values in rest.items() if key[2] == CAP},
        test_orders=int(sum(values[0] for key, values in rest.items() if key[2] == TEST_ORDERS)),
        course=_course(counts, closed_until),
        filled_at=counts.filled_at,
    )


def read_names() -> list[tuple[int, str]]:
    """Return id and name of every rule that was ever live, in the shop's order; one query."""
    return list(Rule.objects.filter(published__isnull=False).order_by("priority", "pk").values_list("pk", "name"))


def _weeks(counts: Counts, *, until: date) -> dict[str, float]:
    """Return for how many weeks each rule has had visitors."""
    firsts: dict[str, date] = {}
    for day, cells in counts.days.items():
        for rule in _rules(cells):
            firsts.setdefault(rule, day)
    return {rule: max(1, (until - first).days) / DAYS_A_WEEK for rule, first in firsts.items()}


def _rules(cells: Cells) -> set[str]:
    return {rule for rule, *_rest in cells}


def _course(counts: Counts, closed_until: date) -> dict[str, list[tuple[date, Estimate | None]]]:
    days = sorted(day for day in counts.days if day < closed_until)
    step = max(1, ceil(len(days) / MOST_POINTS))
    marks = set(days[::-1][::step])
    currencies = sorted(
        {key[4] for cells in counts.days.values() for key in cells if key[0] == WHOLE_SHOP and key[3] == REVENUE}
    )
    course: dict[str, list[tuple[date, Estimate | None]]] = {currency: [] for currency in currencies}
    so_far: Cells = {}
    for day in days:
        so_far = fold(counts.rollup, [so_far, {key: cell for key, cell in counts.days[day].items() if key[0] == WHOLE_SHOP}])
        if day in marks:
            part = by_rule(so_far).get(WHOLE_SHOP, {})
            for currency in currencies:
                course[currency].append((day, gained(part, currency)))
    return course
