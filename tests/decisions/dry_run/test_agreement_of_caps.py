"""Do a dry run and the beats agree on a rule's own caps, on quiet hours and on the order by the merchant's formula?"""

from datetime import timedelta
from decimal import Decimal

from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.rules.models import Rule
from tests.decisions.clockwork import Browser, Clock
from tests.decisions.dry_run.test_agreement import (  # noqa: F401 - the clock is a fixture
    CHECKOUT,
    IN_CHECKOUT,
    clock,
    dry_run,
    hesitate,
    live,
    pytestmark,
    recorded,
    replayed,
    settings,
)
from tests.rules.moments import condition

FREE = {"OFFERS_PER_VISIT": 9, "OFFERS_PER_WEEK": 90, "COOLDOWN_DAYS": 0}


def come_back(clock: Clock, browser: Browser, *, says_no: bool = False) -> None:  # noqa: F811 - the fixture's value
    browser.open(CHECKOUT)
    browser.wait(24)
    if says_no and browser.shown:
        browser.dismiss()
    browser.leave()
    clock.now += timedelta(hours=20)


def test_dry_run__caps_of_the_rules_own__counts_what_was_recorded(clock: Clock) -> None:  # noqa: F811
    rules = [
        live(IN_CHECKOUT, condition("page.idle_seconds", ">", 20), priority=1, cap_offers=2, cap_days=3),
        live(IN_CHECKOUT, condition("page.idle_seconds", ">", 20), priority=2, cap_pause_days=4, engagement="ask-us"),
    ]
    with settings(**FREE):
        browsers = [Browser(clock) for _number in range(3)]
        for day in range(6):
            for number, browser in enumerate(browsers):
                come_back(clock, browser, says_no=(day + number) % 3 == 0)
                clock.now -= timedelta(hours=20)
            clock.now += timedelta(hours=22)
        clock.now -= timedelta(hours=2)
        for rule in rules:
            DryRun.objects.all().delete()
            assert recorded(rule) == replayed(dry_run(rule, clock, days=9)), rule.priority
            clock.now -= timedelta(hours=2)
    assert set(Decision.objects.values_list("reason", flat=True)) >= {"offered", "lost", "capped_rule", "dismissed_rule"}


def test_dry_run__caps_that_look_back_before_the_period__count_what_was_offered_then(clock: Clock) -> None:  # noqa: F811
    rule = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 20), cap_offers=1, cap_days=60)
    with settings(**FREE):
        browser = hesitate(clock, 25)
        clock.now += timedelta(days=45)
        come_back(clock, browser)
        tally = dry_run(rule, clock, days=7)
    assert recorded(rule) == {"offered": 1, "capped_rule": 1}
    assert replayed(tally) == {"capped_rule": 1}


def test_dry_run__quiet_hours__count_what_was_recorded(clock: Clock) -> None:  # noqa: F811
    rule = live(condition("page.kind", "=", "checkout"))
    with settings(QUIET_HOURS="11:00-12:10"):
        for minutes in (0, 9, 30):
            clock.now = clock.now.replace(hour=12, minute=minutes)
            browser = Browser(clock)
            browser.open(CHECKOUT)
            browser.wait(200)
            browser.leave()
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == {"quiet_hours": 2, "offered": 2}


def test_dry_run__formula__puts_rules_in_the_order_of_the_beats(clock: Clock) -> None:  # noqa: F811
    low = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 20), priority=1)
    high = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 20), priority=2, goal_value=Decimal(3), engagement="ask-us")
    PriorityFormula.objects.create(pk=1, is_number_first=False, value_weight=1)
    with settings():
        hesitate(clock, 25)
        for rule, expected in ((low, {"lost": 1}), (high, {"offered": 1})):
            DryRun.objects.all().delete()
            assert recorded(rule) == replayed(dry_run(rule, clock)) == expected
            clock.now -= timedelta(hours=2)
    assert Rule.objects.count() == 2
