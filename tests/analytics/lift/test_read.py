"""Does the report of some days hold what was counted on them, with one query?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from oscar_engage.analytics.lift.cells import WHOLE_SHOP
from oscar_engage.analytics.lift.count import LIFT
from oscar_engage.analytics.lift.read import read_lift
from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.decisions.models import Arm
from tests.analytics.lift.history import START, at, draw, leave_alone, make_rule, make_visitor, place

pytestmark = pytest.mark.django_db
DAY = START.date()


@pytest.fixture(autouse=True)
def utc(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"


def test_read__several_days__adds_them_up_with_one_query(django_assert_num_queries: Callable[[int], Any]) -> None:
    version = make_rule()
    for day in range(3):
        visitor = make_visitor()
        draw(version, visitor, Arm.TREATED, 24 * day + 1)
        place(visitor, 24 * day + 2, "12.50")
        leave_alone(version, make_visitor(), 24 * day + 3)
    fill(LIFT, now=at(24 * 9 + 1))
    today = (START + timedelta(days=9)).date()
    with django_assert_num_queries(1):
        report = read_lift(since=DAY, until=today + timedelta(days=1), today=today)
    rule = report.rule(version.rule_id)
    assert (rule.treated.units, rule.treated.takings, rule.left_alone.units) == (3, (("GBP", 3750),), 3)
    assert (report.shop.rule, report.shop.treated.units, report.shop.control.units) == (WHOLE_SHOP, 3, 3)
    assert rule.waiting == 1  # drawn on the third day: its window is not over on the tenth
    assert report.closed_until == DAY + timedelta(days=2)
    assert [day for day, _estimate in report.course["GBP"]] == [DAY, DAY + timedelta(days=1)]


def test_read__rule_that_never_held__is_empty() -> None:
    report = read_lift(since=DAY, until=DAY + timedelta(days=1), today=DAY)
    assert (report.rule(99).treated.units, report.test_orders, report.caps, report.course) == (0, 0, {}, {})


def test_read__shop_with_visitors_in_both_arms__knows_what_was_earned_when() -> None:
    cells = [["shop", name, "0.900000", "buyers", "", units, n, n, n, 0, 0, 0] for name, units, n in ARMS]
    cells += [["shop", name, "0.900000", "revenue", "GBP", n, n, n * 5, n * 25 + n, 0, 0, 0] for name, _units, n in ARMS]
    for number in range(40):
        RollupDay.objects.create(
            rollup="lift", day=DAY + timedelta(days=number), version=1, cells=cells, digest="", filled_at=START
        )
    today = DAY + timedelta(days=60)
    report = read_lift(since=DAY, until=today, today=today)
    course = report.course["GBP"]
    assert (len(course), course[-1][0]) == (14, DAY + timedelta(days=39))
    assert course[-1][1] is not None
    (revenue,) = report.shop.by_currency("revenue")
    assert revenue.lift is not None
    assert course[-1][1] == revenue.lift.gained


ARMS = (("treated", 900, 90), ("control", 100, 10))
