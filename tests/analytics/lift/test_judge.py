"""Is what we say of an experiment what its cells say, and nothing before its time?"""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from oscar_engage.analytics.lift.judge import Judged, Outcome, gained, judge
from oscar_engage.analytics.lift.overview import Standing, sum_up
from oscar_engage.analytics.lift.said import (
    say_change_of,
    say_earned,
    say_headline,
    say_outcome,
    say_standing,
    say_value,
    say_what_helps,
)
from oscar_engage.analytics.stats.lift import Lift, Verdict
from oscar_engage.analytics.stats.moments import Moments

SHARE = "0.800000"
SPREAD = 40


def arm(name: str, units: int, buyers: int, *, share: str = SHARE) -> dict[tuple[str, str, str, str], tuple[float, ...]]:
    """Return the cells of an arm whose buyers each placed one order of about 50.00."""
    spent = [5_000 + (number % 5 - 2) * SPREAD for number in range(buyers)]
    revenue = Moments.of_values(spent).as_numbers()
    bought = Moments.of_share(buyers, units).as_numbers()
    return {
        (name, share, "buyers", ""): bought,
        (name, share, "orders", ""): (buyers, *bought[1:]),
        (name, share, "revenue", "GBP"): revenue,
        (name, share, "takings", "GBP"): revenue,
        (name, share, "order_value", "GBP"): Moments.of([(one, 1) for one in spent]).as_numbers(),
    }


def make(treated: tuple[int, int], control: tuple[int, int], *, weeks: float = 4.0, **others: Any) -> Judged:
    cells = {**arm("treated", *treated), **arm("control", *control)}
    return judge("7", cells, others.get("closed", cells), weeks=weeks)


def told(judged: Judged) -> Standing:
    (one,) = sum_up(judged, {7: judged}, [(7, "Help")]).rules
    assert say_standing(one)
    return one.standing


def test_judge__twice_as_many_buyers__earns_and_says_how_much() -> None:
    judged = make((8_000, 1_600), (2_000, 200))
    assert judged.outcome("buyers").verdict is Verdict.MORE
    (earned,) = sum_up(judged, {}, []).earned
    assert earned.estimate is not None
    assert round(earned.estimate.value / 100) == 8_000 * 5
    assert told(judged) is Standing.GAINS
    assert say_headline(earned) == "About £40,000 earned"
    assert "8,000 visitors with help, beside 2,000" in say_earned(earned)
    assert say_change_of(judged.outcome("buyers")).startswith("+100% (+")


def test_judge__half_as_many_buyers__is_to_be_stopped() -> None:
    judged = make((8_000, 800), (2_000, 400))
    assert told(judged) is Standing.STOP
    (earned,) = sum_up(judged, {}, []).earned
    assert say_headline(earned) == "About £40,000 lost"
    assert "did harm" in say_earned(earned)
    assert say_outcome(judged.outcome("buyers")).startswith("Less with help")


def test_judge__days_that_are_open__are_counted_and_not_compared() -> None:
    judged = make((8_000, 1_600), (2_000, 200), closed={})
    assert (judged.treated.buyers, judged.treated.takings, judged.waiting) == (1_600, (("GBP", 8_000_000),), 10_000)
    assert judged.outcome("buyers").lift is None
    assert told(judged) is Standing.WAIT


def test_judge__units_without_an_order__count_as_zeros_in_every_currency() -> None:
    judged = make((8_000, 1_600), (2_000, 200))
    (revenue,) = judged.by_currency("revenue")
    assert revenue.lift is not None
    assert (revenue.lift.treated_units, revenue.lift.control_units) == (8_000, 2_000)


@pytest.mark.attack("O05")
def test_judge__sixty_to_forty_where_half_was_drawn__is_an_alarm_and_no_comparison_is_told() -> None:
    cells = {**arm("treated", 6_000, 1_200, share="0.500000"), **arm("control", 4_000, 400, share="0.500000")}
    judged = judge("7", cells, cells, weeks=4)
    assert judged.sample_ratio.is_alarm
    assert told(judged) is Standing.ALARM
    assert sum_up(judged, {}, []).is_alarm


def test_judge__nothing_seen_for_long__is_asked_what_it_is_good_for() -> None:
    judged = make((800, 80), (200, 20), weeks=12)
    (one,) = sum_up(judged, {7: judged}, [(7, "Help")]).rules
    assert one.standing is Standing.IDLE
    assert "in half a year only an effect of" in say_standing(one)
    seen = make((800_000, 80_000), (200_000, 20_000), weeks=12)
    (other,) = sum_up(seen, {7: seen}, [(7, "Help")]).rules
    assert other.standing is Standing.IDLE
    assert "though one of 10 % would be" in say_standing(other)
    assert told(make((800, 80), (200, 20), weeks=2)) is Standing.WAIT


def test_said__too_few__says_what_would_be_seen_and_when() -> None:
    outcome = make((400, 40), (100, 10), weeks=2).outcome("buyers")
    assert say_outcome(outcome).startswith("Not measurable yet: 40 with help and 10 without who did so are too few.")
    assert "With this traffic the smallest visible effect is" in say_outcome(outcome)
    assert say_what_helps(outcome.forecast).startswith("If half of the visitors were held out")


def test_said__nobody_counted__says_so_and_promises_nothing() -> None:
    outcome = judge("7", {}, {}, weeks=1).outcome("buyers")
    assert say_outcome(outcome) == "Not measurable yet: nobody was counted yet whose days to order are over."
    assert say_what_helps(None) == ""


def test_said__all_alike__says_that() -> None:
    judged = judge("7", {**arm("treated", 800, 800), **arm("control", 200, 200)}, {}, weeks=1)
    alike = replace(judged.outcome("buyers"), result=make((800, 200), (200, 200)).outcome("buyers").result)
    assert isinstance(alike, Outcome)
    assert "too few" in say_outcome(alike)


def test_said__share_of_one__cannot_be_compared() -> None:
    cells = arm("treated", 800, 80, share="1.000000")
    judged = judge("7", cells, cells, weeks=1)
    assert judged.outcome("buyers").lift is None
    assert judged.treated.units == 800


def test_said__in_german__writes_numbers_as_german_does() -> None:
    with translation.override("de"):
        assert say_value("revenue", "EUR", 1234567) == "12.346 €".replace(" ", "\N{NO-BREAK SPACE}")
        assert say_value("buyers", "", 0.1234) == "12,3%"
    assert say_value("orders", "", 0.12345) == "0.123"
    assert say_value("revenue", "GBP", -1234) == "\N{MINUS SIGN}£12.34"


def test_overview__two_currencies__the_shops_own_stands_first_and_each_has_its_verdict() -> None:
    cells = {**arm("treated", 8_000, 1_600), **arm("control", 2_000, 200)}
    cells["treated", SHARE, "revenue", "EUR"] = Moments.of_values([100, 200]).as_numbers()
    judged = judge("shop", cells, cells, weeks=3)
    overview = sum_up(judged, {}, [])
    assert [(one.currency, one.verdict) for one in overview.earned] == [("GBP", Verdict.MORE), ("EUR", Verdict.OPEN)]
    assert (overview.has_visitors, overview.standing(Standing.STOP)) == (True, ())
    assert gained(cells, "EUR") is None
    assert gained(cells, "GBP") == overview.earned[0].estimate


def test_said__control_may_be_nothing__tells_the_difference_instead_of_a_change() -> None:
    lift = make((8_000, 1_600), (2_000, 200)).outcome("buyers")
    assert isinstance(lift.result, Lift)
    unbounded = replace(lift, result=replace(lift.result, ratio=None))
    assert say_change_of(unbounded).startswith("10% (")


def test_said__traffic_that_never_suffices__promises_nothing() -> None:
    outcome = make((40, 4), (10, 1), weeks=50).outcome("buyers")
    assert outcome.forecast is None
    assert say_outcome(outcome).endswith("are too few.")
