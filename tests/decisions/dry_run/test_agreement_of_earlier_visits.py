"""Do a dry run and an explanation agree with what was live, where a rule asks what the person did before, on any device?"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.dry_run.people import read_chunk
from oscar_engage.decisions.dry_run.tally import Tally
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.why.account import ConditionAccount, explain_visit, read_visit
from oscar_engage.decisions.why.stages import Stage
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.models import Rule
from oscar_engage.rules.past import read
from oscar_engage.rules.past.wanted import find_wanted
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.shipped_visits import CustomerRecognised
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
from tests.decisions.dry_run.test_agreement_of_variables import go_live
from tests.decisions.recorded import hesitation, keep_visit
from tests.rules.moments import ENGAGEMENTS, condition

pytestmark = pytest.mark.django_db

FREE = {"QUIET_SECONDS": 0, "OFFERS_PER_VISIT": 50, "OFFERS_PER_WEEK": 50}
RULES: dict[str, list[dict[str, Any]]] = {
    "pages": [condition("history.count", ">=", 4, kind="page.viewed", days=7), condition("page.kind", "=", "product")],
    "products": [condition("history.count", "=", 3, kind="page.viewed", product=7, minutes=600)],
    "visits": [condition("history.visits", ">=", 2, kind="page.left", days=2)],
    "clock": [condition("history.seconds_since", ">", 17, kind="page.left")],
    "never": [condition("history.seconds_since", ">", 5, kind="order.placed"), condition("page.kind", "=", "home")],
    "sequence": [condition("history.sequence", "=", True, first="page.idle", then="page.left", third="page.viewed")],
    "in time": [
        condition("history.sequence", "=", True, first="page.left", then="page.viewed", without="page.idle", minutes=1)
    ],
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    wound = Clock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
    monkeypatch.setattr(timezone, "now", wound)
    BREAKER.record_success()
    forget_engagements()
    for slug, widget in ENGAGEMENTS.items():
        Engagement.objects.create(slug=slug, widget=widget, title=slug, body="Two days.")
    yield wound
    forget_engagements()


def stay(browser: Browser) -> None:
    """Look at a few pages, and idle on the last."""
    for page, seconds in ((HOME, 6.0), (PRODUCT, 22.0), (CHECKOUT, 48.0)):
        browser.open(page)
        browser.wait(seconds)
        browser.leave()
        browser.clock.now += timedelta(seconds=2)


def recognise(visitor: Visitor, customer_id: int, clock: Clock) -> None:
    """Have the shop tell with a page that the customer is still logged in here."""
    told = Signal(kind="login.recognised", payload=CustomerRecognised(), at=clock.now, event_id=uuid.uuid4())
    consent = ConsentLevel.PERSONALISATION
    observe(
        key=visitor.key,
        consent=consent,
        signals=[told],
        page=UNKNOWN_PAGE,
        now=clock.now,
        customer_id=customer_id,
        is_staff=False,
    )


@pytest.fixture
def devices(clock: Clock) -> tuple[Browser, Browser]:
    """Return a customer's laptop and phone, more than a day after the customer was recognised on both."""
    laptop, phone = Browser(clock), Browser(clock)
    customer = get_user_model().objects.create_user("ann", "ann@example.com")
    with settings(**FREE):
        for browser in (laptop, phone):
            browser.open(HOME)
            browser.wait(1)
            browser.client.force_login(customer)
            recognise(Visitor.objects.latest("created_at"), customer.pk, clock)
            browser.leave()
            clock.now += timedelta(hours=30)
    first, second = Visitor.objects.order_by("created_at")
    assert (first.unit_of, second.unit_of) == (None, first.pk), "two browsers, one person"
    return laptop, phone


def use(devices: tuple[Browser, Browser]) -> None:
    """Use one after the other, twice."""
    for _time in range(2):
        for browser in devices:
            stay(browser)
            browser.clock.now += timedelta(seconds=5)
        browser.clock.now += timedelta(hours=3)


def explained(rule: Rule, clock: Clock) -> list[bool | None]:
    """Return what the explanation says of the rule's conditions at each moment that was recorded for it."""
    found: list[bool | None] = []
    for row in Decision.objects.filter(version__rule=rule):
        visit = read_visit(row.visit_id)  # type: ignore[arg-type]  # every decision of a beat has one
        assert visit is not None
        account = explain_visit(visit, at=row.eligible_at, now=clock.now, engagements=ENGAGEMENTS, rule=rule)
        (only,) = account.rules
        found.append(next(answer.passed for answer in only.answers if answer.stage is Stage.CONDITION))
    return found


@pytest.mark.parametrize("name", RULES)
def test_replay__two_devices_of_one_customer__is_what_was_recorded(
    clock: Clock, devices: tuple[Browser, Browser], name: str
) -> None:
    rule = go_live(name, RULES[name], 10)
    with settings(**FREE):
        use(devices)
        told = explained(rule, clock)
        tally = dry_run(rule, clock, days=1)
    assert recorded(rule) == replayed(tally) != {}
    assert (tally.visits, tally.unsure, tally.unsaid) == (4, 0, {})
    assert set(told) == {True}


def test_replay__other_device_not_yet_recognised__is_not_said(clock: Clock, devices: tuple[Browser, Browser]) -> None:
    rule = go_live("pages", [condition("history.count", ">=", 2, kind="page.viewed", days=7)], 10)
    with settings(**FREE):
        use(devices)
        SignalRecord.objects.filter(kind="login.recognised").delete()
        told = explained(rule, clock)
        tally = dry_run(rule, clock, days=1)
    assert recorded(rule) != {}
    assert set(told) == {None}
    assert (replayed(tally), tally.unsure) == ({}, 4)


def test_replay__signal_that_came_later_than_it_happened__counts_from_when_it_came(clock: Clock) -> None:
    rule = go_live("twice", [condition("history.count", ">=", 2, kind="page.exit_intent", days=1)], 10)
    waiting = go_live("lately", [condition("history.seconds_since", ">", 40, kind="page.exit_intent")], 20)
    with settings(**FREE):
        browser = Browser(clock)
        browser.open(PRODUCT)
        browser.tell("page.exit_intent")
        browser.speak_after(1)
        browser.wait(5)
        browser.tell("page.exit_intent")  # the browser is offline, and says it later
        clock.now += timedelta(seconds=10)
        browser.speak_after(0)
        browser.wait(70)
        browser.leave()
        visit, came_at = Visit.objects.get(), SignalRecord.objects.filter(kind="page.exit_intent").latest("pk").received_at
        lines = [read_condition(visit, rule, came_at + timedelta(seconds=one), clock) for one in (-1, 0)]
        told = [*explained(rule, clock), *explained(waiting, clock)]
        tallies = [dry_run_of(one, clock) for one in (rule, waiting)]
    assert [line.actual for line in lines] == [1, 2]
    assert set(told) == {True}
    assert recorded(rule) == replayed(tallies[0]) != {}
    assert recorded(waiting) == replayed(tallies[1]) != {}


def dry_run_of(rule: Rule, clock: Clock) -> Tally:
    """Return the result of a dry run, and be back at the time before it."""
    DryRun.objects.all().delete()
    before, tally = clock.now, dry_run(rule, clock)
    clock.now = before
    return tally


def read_condition(visit: Visit, rule: Rule, at: datetime, clock: Clock) -> ConditionAccount:
    read_again = read_visit(visit.pk)
    assert read_again is not None
    (only,) = explain_visit(read_again, at=at, now=clock.now, engagements=ENGAGEMENTS, rule=rule).rules
    return only.conditions[0]


def test_replay__what_the_log_no_longer_holds__is_not_said(clock: Clock) -> None:
    rule = go_live("visits", [condition("history.visits", "=", 2, kind="page.viewed", days=7)], 10)
    with settings(**FREE, RETENTION_DAYS=8, ABANDONED_MAIL_DAYS=7):
        browser = Browser(clock)
        for _visit in range(2):
            stay(browser)
            clock.now += timedelta(days=2)
        visit = Visit.objects.latest("started_at")
        at = visit.started_at + timedelta(seconds=1)
        assert read_condition(visit, rule, at, clock).actual == 2
        clock.now += timedelta(days=5)
        SignalRecord.objects.filter(received_at__lt=clock.now - timedelta(days=8)).delete()
        line = read_condition(visit, rule, at, clock)
        tally = dry_run(rule, clock, days=8)
    assert (line.result, line.is_said) == (None, False)
    assert recorded(rule) == {"offered": 1}
    assert (replayed(tally), tally.unsure) == ({}, 1)


def test_replay__more_signals_than_are_read__is_unknown_as_it_was_then(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_FACTS", 4)
    conditions = [condition("history.count", ">=", 1, kind="page.viewed", days=1), condition("page.kind", "=", "product")]
    rule = go_live("known", conditions, 10)
    unknown = go_live("unknown", [condition("history.count", "null", kind="page.viewed", days=1)], 20)
    with settings(**FREE):
        browser = Browser(clock)
        for _visit in range(3):
            stay(browser)
        told = explained(unknown, clock)
        tallies = [dry_run_of(one, clock) for one in (rule, unknown)]
    assert [replayed(tally) for tally in tallies] == [recorded(rule), recorded(unknown)]
    assert all(recorded(one) for one in (rule, unknown))
    assert set(told) == {None}, "which rules asked then, and so what was read, is not known"


@pytest.mark.parametrize("consent", ["statistics", "personalisation"])
def test_replay__consent__is_asked_as_live(clock: Clock, consent: str) -> None:
    rule = go_live("unknown", [condition("history.count", "null", kind="page.viewed", days=1)], 10)
    with settings(**FREE):
        stay(Browser(clock, consent))
        visit = Visit.objects.get()
        line = read_condition(visit, rule, visit.started_at + timedelta(seconds=5), clock)
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally)
    assert bool(recorded(rule)) is (consent == "statistics")
    assert line.is_said
    assert (line.actual is UNKNOWN) is (consent == "statistics")


@pytest.mark.parametrize("count", [1, 3])
def test_explain__rules_on_earlier_visits__take_one_query_more(
    clock: Clock, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    visit = keep_visit(clock.now, *hesitation())
    for number in range(count):
        go_live(f"Rule {number}", [condition("history.count", ">=", number + 1, kind="page.viewed", days=7)], number)
    found = read_visit(visit.pk)
    assert found is not None
    with django_assert_num_queries(8):  # log, rules, versions, offers, decisions, arms, formula, and the log of all visits
        explain_visit(found, at=clock.now + timedelta(seconds=20), now=clock.now, engagements=ENGAGEMENTS)


def test_read_chunk__logs__are_each_persons_own(clock: Clock) -> None:
    began = clock.now - timedelta(days=1)
    first, second = keep_visit(began, *hesitation()), keep_visit(began + timedelta(hours=1), *hesitation(20))
    wanted = find_wanted(["history.count?kind=page.idle&days=7"])
    chunk = read_chunk(since=began, until=clock.now, position=0, wanted=wanted, now=clock.now)
    rows = {one.unit_id: [row.device for row in one.log.rows] for one in chunk.people if one.log}
    assert rows == {first.visitor_id: [first.visitor_id] * 2, second.visitor_id: [second.visitor_id]}
