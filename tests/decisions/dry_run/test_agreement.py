"""Does a dry run of what was live say what really happened? Real beats through the real endpoint, then a replay."""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.dry_run.replay import ADVICE, UNSURE
from oscar_engage.decisions.dry_run.run import begin_dry_run
from oscar_engage.decisions.dry_run.tally import Tally, from_json
from oscar_engage.decisions.models import Decision, Reason
from oscar_engage.jobs.run import run_due
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.token import COOKIE_NAME, write_visitor_cookie
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement
from tests.decisions.clockwork import Browser, Clock
from tests.rules.moments import ENGAGEMENTS, condition, do, group, rule_json
from tests.storefront.beats import shopper

pytestmark = pytest.mark.django_db
CHECKOUT = PageFacts(kind="checkout", step="shipping-address")
PRODUCT, HOME = PageFacts(kind="product", product_id=7), PageFacts(kind="home")
CONSENT = {"CONSENT": "tests.consent.consent_from_cookie"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    wound = Clock()
    monkeypatch.setattr(timezone, "now", wound)
    BREAKER.record_success()
    forget_engagements()
    for slug, widget in ENGAGEMENTS.items():
        Engagement.objects.create(slug=slug, widget=widget, title=slug, body="Two days.")
    yield wound
    forget_engagements()


def settings(**more: Any) -> Any:
    return override_settings(OSCAR_ENGAGE={**CONSENT, "SHOP_HOLDOUT": 0.0, **more})


def live(*when: Any, engagement: str = "delivery-times", **fields: Any) -> Rule:
    rule = Rule.objects.create(**{"name": "Help", "holdout_share": 0.0, **fields})
    save_draft(rule, rule_json(*when, engagement=engagement), user=None, now=timezone.now(), engagements=ENGAGEMENTS)
    publish(rule, user=None, now=timezone.now(), engagements=ENGAGEMENTS)
    forget_live_rules()
    return rule


def dry_run(rule: Rule, clock: Clock, days: int = 7) -> Tally:
    """Try what is live of ``rule`` on the visits so far, which have ended by then."""
    clock.now += timedelta(hours=2)
    assert rule.published is not None
    run = begin_dry_run(rule.published, days=days, engagements=ENGAGEMENTS, user=None, now=clock.now)
    assert not run_due(now=clock.now).failed
    run.refresh_from_db()
    assert run.finished_at is not None
    assert DryRun.objects.get().visits_done == run.visits_total
    return from_json(run.tally)


def recorded(rule: Rule) -> Counter[str]:
    """Return how often which reason was recorded for the rule."""
    return Counter(Decision.objects.filter(version__rule=rule).values_list("reason", flat=True))


def replayed(tally: Tally) -> Counter[str]:
    """Return the same of the dry run; a page that was just opened begins no moment that is recorded."""
    return Counter({what: count for what, count in tally.moments.items() if what != Reason.TOO_EARLY})


def known_client(number: int) -> Client:
    """Return a browser whose visitor is always the same, so that hold-outs fall as they fell before."""
    client, now = shopper(), timezone.now()
    visitor = Visitor.objects.create(pk=uuid.UUID(int=number), consent=3, created_at=now, last_seen_at=now)
    response = HttpResponse()
    write_visitor_cookie(response, visitor.key, secure=False)
    client.cookies[COOKIE_NAME] = response.cookies[COOKIE_NAME].value
    return client


def hesitate(clock: Clock, seconds: float = 50) -> Browser:
    """Come, look at a product, then idle in the checkout for so long, and leave."""
    browser = Browser(clock)
    browser.open(PRODUCT)
    browser.wait(8)
    browser.leave()
    browser.open(CHECKOUT)
    browser.wait(seconds)
    browser.leave()
    return browser


IN_CHECKOUT = condition("page.kind", "=", "checkout")


def test_dry_run__idle_in_the_checkout__counts_what_was_recorded(clock: Clock) -> None:
    rule = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 45))
    with settings():
        for seconds in (5, 30, 50, 100):
            hesitate(clock, seconds)
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == {"offered": 2}
    assert (tally.visits, tally.matched, tally.eligible, tally.offered, tally.unsure) == (4, 2, 2, 2, 0)
    assert tally.reached == {"0.0": 4, "0.1": 2}
    assert tally.alone == {"0.1": 2}


@pytest.mark.parametrize("reason", [Reason.ADVISED_AGAINST, Reason.OUTRANKED])
def test_dry_run__visit_in_which_a_model_refused_something__is_not_guessed_at(clock: Clock, reason: Reason) -> None:
    rule = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 45))
    with settings():
        hesitate(clock, 50)
        Decision.objects.update(reason=reason, arm="none", offered_at=None)
        hesitate(clock, 50)
        tally = dry_run(rule, clock)
    assert replayed(tally) == {"offered": 1, UNSURE: 1}
    assert (tally.offered, tally.unsure, tally.unsaid) == (1, 1, {ADVICE: 1})


def test_dry_run__limit_that_no_step_tells__is_exact_in_hindsight_and_else_not_said(clock: Clock) -> None:
    rule = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 30))
    with settings():
        hesitate(clock, 50)  # 45 idle seconds were told, so 30 were reached on the way
        hesitate(clock, 35)  # only 20 were told: they may have been followed by a touch
        tally = dry_run(rule, clock)
    assert recorded(rule) == {"offered": 2}
    assert replayed(tally) == {"offered": 1}
    assert (tally.unsure, tally.unsaid) == (1, {"page.idle_seconds": 1})


def test_dry_run__touched_in_between__is_not_taken_for_idle(clock: Clock) -> None:
    rule = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 45))
    with settings():
        browser = Browser(clock)
        browser.open(CHECKOUT)
        for _time in range(4):
            browser.wait(25)
            browser.touch()
        browser.leave()
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == {}
    assert (tally.matched, tally.unsure) == (0, 0)


def test_dry_run__many_rules_caps_and_hold_outs__counts_what_was_recorded(clock: Clock) -> None:
    rules = [
        live(IN_CHECKOUT, condition("page.idle_seconds", ">", 20), pk=1001, priority=20, holdout_share=0.5),
        live(condition("visit.pages", ">=", 2), pk=1002, priority=10, engagement="ask-us", holdout_share=0.5),
        live(IN_CHECKOUT, condition("visit.pages", ">=", 2), pk=1003, priority=15),
        live(condition("page.visible_seconds", ">", 5), pk=1004, priority=30),
        live(condition("page.kind", "in", ["product", "home"]), condition("visit.seconds", ">", 40), pk=1005, priority=40),
    ]
    with settings(SHOP_HOLDOUT=0.35, OFFERS_PER_VISIT=2, OFFERS_PER_WEEK=3):
        browsers = [Browser(clock, client=known_client(number + 1)) for number in range(14)]
        for _day in range(3):
            for number, browser in enumerate(browsers):
                browser.open(PRODUCT)
                browser.wait(3 + number)
                browser.leave()
                browser.open(CHECKOUT)
                browser.wait(24)
                if number % 2 == 0 and browser.shown:
                    browser.dismiss()
                browser.wait(10)
                browser.leave()
                browser.open(HOME)
                browser.wait(30)
                browser.leave()
                clock.now += timedelta(minutes=40)
            clock.now += timedelta(hours=20)
        clock.now -= timedelta(hours=2)
        for rule in rules:
            DryRun.objects.all().delete()
            assert recorded(rule) == replayed(dry_run(rule, clock)), rule.priority
            clock.now -= timedelta(hours=2)
    assert set(Decision.objects.values_list("reason", flat=True)) >= {
        *("offered", "lost", "capped_visit", "capped_week", "dismissed", "shop_holdout", "rule_holdout"),
    }


def test_dry_run__quiet_seconds_and_missing_consent__count_what_was_recorded(clock: Clock) -> None:
    rule = live(condition("page.kind", "=", "product"))
    with settings(QUIET_SECONDS=4):
        for consent in ("personalisation", "statistics", "functional"):
            browser = Browser(clock, consent)
            browser.open(PRODUCT)
            browser.wait(6)
            browser.leave()
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == {"offered": 1, "no_consent": 1}
    assert (tally.visits, tally.partial, tally.ended["too_early"]) == (2, 1, 1)


def test_dry_run__offer_before_the_period__counts_towards_the_caps(clock: Clock) -> None:
    rule = live(IN_CHECKOUT, condition("page.idle_seconds", ">", 20))
    with settings(OFFERS_PER_WEEK=1, OFFERS_PER_VISIT=5):
        browser = hesitate(clock, 25)
        clock.now += timedelta(days=3)
        browser.open(CHECKOUT)
        browser.wait(25)
        browser.leave()
        tally = dry_run(rule, clock, days=2)
    assert recorded(rule) == {"offered": 1, "capped_week": 1}
    assert replayed(tally) == {"capped_week": 1}


@pytest.mark.parametrize(("is_accepted", "expected"), [(True, {"offered": 2}), (False, {"offered": 1, "dismissed": 1})])
def test_dry_run__offer_accepted_or_dismissed__counts_what_was_recorded(
    clock: Clock, is_accepted: bool, expected: dict[str, int]
) -> None:
    rule = live(condition("page.kind", "=", "product"))
    with settings(OFFERS_PER_VISIT=5):
        browser = Browser(clock)
        browser.open(PRODUCT)
        browser.wait(4)
        if is_accepted:
            browser.tell("widget.accepted", decision=browser.shown)
        browser.dismiss()  # what was accepted is closed in the end: that is no "no"
        browser.wait(2)
        browser.leave()
        browser.open(HOME)
        browser.wait(3)
        browser.leave()
        browser.open(PRODUCT)
        browser.wait(4)
        browser.leave()
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == expected


def test_dry_run__tab_behind_another__is_not_woken_there(clock: Clock) -> None:
    rule = live(condition("page.visible_seconds", ">", 10))
    with settings():
        browser = Browser(clock)
        browser.open(PRODUCT)
        browser.wait(5)
        browser.wake_at = None  # a tab behind another keeps still
        clock.now += timedelta(seconds=20)
        browser.tell("page.hidden", seconds=20)
        browser.touch()
        browser.opened_at += timedelta(seconds=20)  # out of view does not count
        browser.speak_after(0.3)
        browser.wait(3)
        browser.leave()
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == {}
    assert (tally.matched, tally.unsure) == (0, 0)


def test_dry_run__last_resort_that_waits_for_another_offer_to_close__counts_what_was_recorded(clock: Clock) -> None:
    live(condition("page.kind", "=", "product"), priority=10)
    rule = Rule.objects.create(name="Last resort", holdout_share=0.0, priority=20)
    scope = group(condition("page.visible_seconds", ">", 5))
    document = rule_json(condition("page.kind", "=", "checkout"), scope=scope, **{"else": do("ask-us")})
    save_draft(rule, document, user=None, now=clock.now, engagements=ENGAGEMENTS)
    publish(rule, user=None, now=clock.now, engagements=ENGAGEMENTS)
    forget_live_rules()
    with settings(OFFERS_PER_VISIT=5):
        browser = Browser(clock)
        browser.open(PRODUCT)
        browser.wait(8)
        browser.tell("widget.accepted", decision=browser.shown)
        browser.shown = None
        browser.speak_after(0.3)
        browser.wait(2)
        browser.leave()
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == {"busy_surface": 1, "offered": 1}
