"""Do a dry run and an explanation agree with what was live, whatever a rule asks? Keys, segments, clocks, earlier visits."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.why.account import explain_visit, read_visit
from oscar_engage.decisions.why.stages import Stage
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule, Segment
from oscar_engage.rules.segments.store import save_segment, segment_texts
from oscar_engage.signals.shipped import BasketMeasured
from oscar_engage.signals.signal import Signal
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.observe import observe
from oscar_engage.visitors.page import UNKNOWN_PAGE
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement
from tests.decisions.clockwork import Browser, Clock
from tests.decisions.dry_run.test_agreement import CHECKOUT, HOME, PRODUCT, dry_run, recorded, replayed, settings
from tests.rules.moments import ENGAGEMENTS, condition, group, rule_json
from tests.storefront.beats import shopper

pytestmark = pytest.mark.django_db

NOT_INNER = condition("segment.inner", "=", False)
PLAIN: dict[str, list[dict[str, Any]]] = {
    "fell": [condition("basket.fell", ">=", 30, of="total")],
    "fell lately": [condition("basket.fell", ">=", 30, of="total", minutes=5)],
    "rose": [condition("basket.rose", ">", 10, of="quantity")],
    "campaign": [condition("visit.campaign", "=", "spring"), condition("page.visible_seconds", ">", 4)],
    "days": [condition("visitor.days_since_last_visit", ">=", 1)],
    "no days": [condition("visitor.days_since_last_visit", "null"), condition("page.kind", "=", "home")],
    "hour": [condition("time.hour", "=", 13), condition("page.kind", "=", "checkout")],
    "open": [condition("time.is_open", "=", False)],
    "weekday": [condition("time.weekday", "in", ["tue"]), condition("visit.seconds", ">", 20)],
    "segment": [condition("segment.keen", "=", True)],
    "no segment": [condition("segment.keen", "=", False), condition("page.kind", "=", "product")],
    "nested": [
        group(condition("segment.inner", "=", False), condition("segment.keen", "=", False), combinator="or", **{"not": True})
    ],
    "searched": [
        condition("basket.total", "between", [{"amount": "60", "currency": "GBP"}, {"amount": "90", "currency": "GBP"}])
    ],
    "count": [condition("history.count", ">=", 2, kind="page.viewed", days=7), condition("page.kind", "=", "product")],
    "count of a thing": [condition("history.count", ">=", 2, kind="page.viewed", product=7, minutes=1440)],
    "visits": [condition("history.visits", "=", 2, kind="page.viewed", days=7), condition("page.kind", "=", "checkout")],
    "since": [condition("history.seconds_since", ">", 14, kind="page.viewed"), condition("page.kind", "=", "checkout")],
    "never": [condition("history.seconds_since", ">", 10, kind="product.viewed"), condition("page.kind", "=", "checkout")],
    "long ago": [condition("history.seconds_since", ">", 70, kind="basket.measured")],
    "sequence": [condition("history.sequence", "=", True, first="page.left", then="page.idle", minutes=2, days=1)],
    "no sequence": [
        condition("history.sequence", "=", False, first="page.viewed", then="page.idle", without="page.left", days=2),
        condition("page.kind", "=", "product"),
    ],
}
UNSAID: dict[str, list[dict[str, Any]]] = {
    "of a category": [condition("history.count", "=", 0, kind="page.viewed", category=3, days=7)],
    "agents": [condition("desk.free_agents", "=", 0), condition("page.kind", "=", "checkout")],
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    wound = Clock(datetime(2026, 3, 2, 12, 59, 20, tzinfo=UTC))
    monkeypatch.setattr(timezone, "now", wound)
    BREAKER.record_success()
    forget_engagements()
    for slug, widget in ENGAGEMENTS.items():
        Engagement.objects.create(slug=slug, widget=widget, title=slug, body="Two days.")
    save_segment(Segment(slug="inner", name="I"), group(condition("visit.pages", ">=", 3)), user=None, now=wound.now)
    keen = group(condition("segment.inner", "=", True), condition("page.visible_seconds", ">", 6))
    save_segment(Segment(slug="keen", name="K"), keen, user=None, now=wound.now)
    yield wound
    forget_engagements()


def go_live(name: str, conditions: list[dict[str, Any]], priority: int) -> Rule:
    rule = Rule.objects.create(name=name, holdout_share=0.0, priority=priority)
    options: dict[str, Any] = {"user": None, "now": timezone.now(), "engagements": ENGAGEMENTS}
    save_draft(rule, rule_json(*conditions), segments=segment_texts(), **options)
    publish(rule, **options)
    forget_live_rules()
    return rule


def measure(browser: Browser, total: float, quantity: int) -> None:
    """Have the shop measure the basket of the only visitor, as a request for one of its pages does."""
    payload = BasketMeasured(basket_id=7, total=total, currency="GBP", lines=1, quantity=quantity)
    told = Signal(kind="basket.measured", payload=payload, at=browser.clock.now, event_id=uuid.uuid4())
    key = Visitor.objects.get().key
    observe(key=key, consent=ConsentLevel.PERSONALISATION, signals=[told], page=UNKNOWN_PAGE, now=browser.clock.now)


def shop(clock: Clock) -> Browser:
    """Come twice, on two days, with a basket that grows and shrinks, over a full hour and closing time."""
    client = shopper()
    client.defaults["HTTP_REFERER"] = "http://testserver/?utm_campaign=spring"
    browser = Browser(clock, client=client)
    for _day in range(2):
        browser.open(HOME)
        browser.wait(5)
        browser.leave()
        browser.open(PRODUCT)
        measure(browser, 100.0, 2)
        browser.wait(12)
        browser.leave()
        browser.open(CHECKOUT)
        clock.now += timedelta(seconds=1)
        measure(browser, 65.0, 3)
        browser.wait(50)
        browser.leave()
        browser.open(PRODUCT)
        browser.wait(20)
        browser.leave()
        clock.now += timedelta(days=1, seconds=30)
    return browser


HOURS = {"OPENING_HOURS": {"mon-fri": "9:00-13:00"}, "QUIET_SECONDS": 0, "OFFERS_PER_VISIT": 3, "OFFERS_PER_WEEK": 5}


@pytest.mark.parametrize("name", PLAIN)
def test_dry_run__one_rule_on_what_the_log_tells__counts_what_was_recorded(clock: Clock, name: str) -> None:
    rule = go_live(name, PLAIN[name], 10)
    with settings(**HOURS):
        shop(clock)
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) != {}
    assert (tally.unsure, tally.unsaid) == (0, {})


def test_dry_run__all_of_them_together__counts_what_was_recorded(clock: Clock) -> None:
    rules = [go_live(name, conditions, place) for place, (name, conditions) in enumerate(PLAIN.items())]
    with settings(**HOURS):
        shop(clock)
        for rule in rules:
            DryRun.objects.all().delete()
            assert recorded(rule) == replayed(dry_run(rule, clock)), rule.name
            clock.now -= timedelta(hours=2)


@pytest.mark.parametrize("name", UNSAID)
def test_dry_run__rule_on_what_is_not_recorded__is_not_said(clock: Clock, name: str) -> None:
    rule = go_live(name, UNSAID[name], 10)
    with settings(**HOURS):
        shop(clock)
        tally = dry_run(rule, clock)
    assert recorded(rule) != {}
    assert replayed(tally) == {}
    assert tally.unsure > 0


def test_explanation__at_every_recorded_moment__says_that_the_conditions_held(clock: Clock) -> None:
    for place, (name, conditions) in enumerate({**PLAIN, **UNSAID}.items()):
        go_live(name, conditions, place)
    with settings(**{**HOURS, "OFFERS_PER_VISIT": 50, "OFFERS_PER_WEEK": 50}):
        shop(clock)
        seen = 0
        for visit in Visit.objects.all():
            for row in Decision.objects.filter(visit=visit).select_related("version__rule"):
                known = read_visit(visit.pk)
                assert known is not None
                rule = row.version.rule
                account = explain_visit(known, at=row.eligible_at, now=clock.now, engagements=ENGAGEMENTS, rule=rule)
                (only,) = account.rules
                stage = next(answer for answer in only.answers if answer.stage is Stage.CONDITION)
                assert stage.passed is (None if rule.name in UNSAID else True), (rule.name, row.eligible_at)
                seen += 1
    assert seen > 12
