"""What is done for a shopper at a moment, and which rows say so."""

import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from oscar_engage import hooks
from oscar_engage.decisions.advice import Advice
from oscar_engage.decisions.arms import is_in_shop_holdout
from oscar_engage.decisions.decide import Decided, decide
from oscar_engage.decisions.line.store import FIRST_RETRY
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.decisions.outcomes import record_outcome
from oscar_engage.decisions.ports import Hold
from oscar_engage.rules.engine.wake import TICK
from oscar_engage.rules.life.publish import pause, publish, save_draft
from oscar_engage.rules.live import forget_live_rules, live_rules
from oscar_engage.rules.models import Rule, RulePurpose, Segment
from oscar_engage.rules.segments.store import save_segment, segment_texts
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState
from tests.rules.moments import ENGAGEMENTS, NOW, condition, do, group, make_moment, make_state, rule_json

pytestmark = pytest.mark.django_db
ON_PRODUCT = condition("page.kind", "=", "product")


@pytest.fixture(autouse=True)
def _nobody_held_out() -> Any:
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0}):
        yield


def settings(**more: Any) -> Any:
    return override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0, **more})


def make_rule(*when: Any, raw: Any = None, engagement: str = "delivery-times", **fields: Any) -> Rule:
    rule = Rule.objects.create(**{"name": "Help", "holdout_share": 0.0, **fields})
    save_draft(
        rule,
        raw or rule_json(*(when or (ON_PRODUCT,)), engagement=engagement),
        user=None,
        now=NOW,
        engagements=ENGAGEMENTS,
    )
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    forget_live_rules()
    return rule


class Shopper:
    """A visitor whose visit remembers what held, as the beat does."""

    def __init__(self) -> None:
        self.visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW)
        self.visit = Visit.objects.create(visitor=self.visitor, started_at=NOW, last_at=NOW)
        self.holding: tuple[int, ...] = ()

    def beat(
        self,
        state: VisitState | None = None,
        *,
        path: str = "/catalogue/boots/",
        showing: Collection[str] = (),
        engagements: dict[str, str] | None = None,
        now: datetime = NOW,
        advise: Callable[[str], Advice | None] = lambda _action: None,
        hold: Hold | None = None,
        **moment: Any,
    ) -> Decided:
        state = msgspec.structs.replace(state or make_state(), holding=self.holding)
        decided = decide(
            visitor=self.visitor,
            visit=self.visit,
            state=state,
            moment=make_moment(state, now=now, **moment),
            path=path,
            showing=showing,
            now=now,
            engagements=ENGAGEMENTS if engagements is None else engagements,
            advise=advise,
            hold=hold,
        )
        self.holding = decided.holding
        return decided

    def reasons(self) -> list[str]:
        rows = Decision.objects.filter(visitor_id=self.visitor.pk)
        return list(rows.order_by("eligible_at", "version__rule__priority").values_list("reason", flat=True))


@pytest.fixture
def shopper() -> Shopper:
    return Shopper()


def seconds(number: float) -> datetime:
    return NOW + timedelta(seconds=number)


@pytest.mark.attack("J11")
def test_decide__rule_becomes_true__offers_once_and_records_why(shopper: Shopper) -> None:
    rule = make_rule()
    offers = shopper.beat(path="/catalogue/\x00boots/").offers
    assert [(offer.action, offer.engagement, offer.arm) for offer in offers] == [
        ("show.balloon", "delivery-times", Arm.TREATED)
    ]
    row = Decision.objects.get()
    assert (row.reason, row.branch, row.version, row.probability) == (Reason.OFFERED, 0, rule.published, 1.0)
    assert (row.eligible_at, row.offered_at, row.page_path) == (NOW, NOW, "/catalogue/boots/")
    assert shopper.beat(now=seconds(5)).offers == ()
    assert Decision.objects.count() == 1


def test_decide__shopper_in_a_segment_that_a_rule_names__is_kept_with_the_moment(shopper: Shopper) -> None:
    for slug, tree in {"here": group(ON_PRODUCT), "busy": group(condition("visit.pages", ">", 99))}.items():
        save_segment(Segment(slug=slug, name=slug), tree, user=None, now=NOW)
    raw = rule_json(condition("segment.here", "=", True), condition("segment.busy", "=", False))
    rule = Rule.objects.create(name="Help", holdout_share=0.0)
    save_draft(rule, raw, user=None, now=NOW, engagements=ENGAGEMENTS, segments=segment_texts())
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    forget_live_rules()
    shopper.beat()
    assert Decision.objects.get().segments == ["here"]


def test_decide__nothing_holds__does_nothing(shopper: Shopper) -> None:
    make_rule()
    assert shopper.beat(page=PageFacts(kind="home")) == Decided((), None, ())
    assert shopper.reasons() == []


def test_decide__rule_false_and_true_again__is_a_new_moment(shopper: Shopper) -> None:
    make_rule()
    with settings(OFFERS_PER_VISIT=5):
        shopper.beat()
        shopper.beat(now=seconds(10), page=PageFacts(kind="home"))
        shopper.beat(now=seconds(20))
    assert shopper.reasons() == ["offered", "offered"]


def test_decide__other_branch_of_the_rule__is_a_new_moment(shopper: Shopper) -> None:
    raw = rule_json(condition("page.idle_seconds", ">", 45), engagement="checkout-help", **{"else": do("delivery-times")})
    make_rule(raw=raw)
    with settings(OFFERS_PER_VISIT=5):
        first = shopper.beat(idle_seconds=5.0)
        assert [offer.branch for offer in first.offers] == [-1]
        assert first.wake_in == pytest.approx(40 + TICK)
        assert [offer.branch for offer in shopper.beat(now=seconds(41), idle_seconds=46.0).offers] == [0]


def test_decide__branch_that_leaves_alone__is_no_moment(shopper: Shopper) -> None:
    raw = rule_json(ON_PRODUCT)
    raw["branches"][0]["then"] = []
    make_rule(raw=raw)
    assert shopper.beat() == Decided((), None, ())


def test_decide__no_consent_at_all__judges_nothing(shopper: Shopper, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_rule()
    with django_assert_num_queries(0):
        assert shopper.beat(consent=ConsentLevel.NONE) == Decided((), None, ())


def test_decide__sales_rule_below_personalisation__waits_for_consent(shopper: Shopper) -> None:
    make_rule()
    assert shopper.beat(consent=ConsentLevel.FUNCTIONAL) == Decided((), None, ())
    assert shopper.reasons() == []
    assert shopper.beat(now=seconds(1), consent=ConsentLevel.STATISTICS).offers == ()
    assert shopper.beat(now=seconds(2), consent=ConsentLevel.STATISTICS).offers == ()
    assert shopper.reasons() == ["no_consent"]
    assert len(shopper.beat(now=seconds(3)).offers) == 1
    assert shopper.reasons() == ["no_consent", "offered"]


def test_decide__service_rule_at_functional__acts_without_an_experiment(shopper: Shopper) -> None:
    make_rule(condition("login.failures", ">", 1), purpose=RulePurpose.SERVICE, holdout_share=0.5)
    failed = make_state(login_failures=2)
    with settings(SHOP_HOLDOUT=0.5):
        assert shopper.beat(failed, consent=ConsentLevel.FUNCTIONAL, showing=["x"]).offers == ()
        assert shopper.reasons() == []
        offers = shopper.beat(failed, now=seconds(1), consent=ConsentLevel.FUNCTIONAL).offers
    assert [(offer.arm, offer.probability) for offer in offers] == [(Arm.TREATED, None)]
    assert not Assignment.objects.exists()


def test_decide__rule_on_the_hour__has_the_browser_come_back_at_the_turn(shopper: Shopper) -> None:
    make_rule(condition("time.hour", "=", (NOW.hour + 1) % 24), condition("page.idle_seconds", ">", 0))
    early = NOW.replace(minute=50, second=0, microsecond=0)
    with settings(OFFERS_PER_VISIT=5):
        waiting = shopper.beat(now=early)
        assert (waiting.offers, waiting.wake_in) == ((), 600 + TICK)
        assert len(shopper.beat(now=early + timedelta(seconds=600 + TICK)).offers) == 1


def test_decide__page_just_opened__begins_no_moment_and_says_when_to_come_back(shopper: Shopper) -> None:
    make_rule()
    fresh = make_state(page_since=NOW - timedelta(seconds=0.5))
    decided = shopper.beat(fresh)
    assert decided.wake_in == pytest.approx(1.5 + TICK)
    assert (decided.offers, decided.holding, shopper.reasons()) == ((), (), [])
    assert len(shopper.beat(fresh, now=seconds(1.6)).offers) == 1


def test_decide__page_never_reported__counts_from_the_visit(shopper: Shopper) -> None:
    make_rule()
    assert len(shopper.beat(make_state(page_since=None)).offers) == 1


@pytest.mark.parametrize("step", ["payment-details", "preview"])
def test_decide__payment_page__offers_nothing_until_it_is_left(shopper: Shopper, step: str) -> None:
    make_rule(condition("visit.pages", ">=", 0))
    assert shopper.beat(page=PageFacts(kind="checkout", step=step)).offers == ()
    assert shopper.reasons() == ["excluded_page"]
    assert len(shopper.beat(now=seconds(1)).offers) == 1


def test_decide__no_agent__is_recorded_once_and_tried_again(shopper: Shopper) -> None:
    make_rule(engagement="checkout-help")
    first = shopper.beat(free_agents=lambda: 0)
    assert (first.offers, first.wake_in) == ((), FIRST_RETRY)
    for number in (1, 2, 3):
        assert shopper.beat(now=seconds(number), free_agents=lambda: 0).wake_in == FIRST_RETRY
    assert shopper.reasons() == ["no_agent"]
    assert len(shopper.beat(now=seconds(15)).offers) == 1
    assert shopper.beat(now=seconds(16)).offers == ()
    assert shopper.reasons() == ["no_agent", "offered"]


def test_decide__waiting_on_a_page_just_opened__goes_on_waiting(shopper: Shopper) -> None:
    make_rule()
    assert shopper.beat(showing=["other"]).wake_in is None
    fresh = make_state(page_since=NOW)
    assert shopper.beat(fresh, now=seconds(1)).wake_in == pytest.approx(1 + TICK)
    assert shopper.reasons() == ["busy_surface"]
    shopper.beat(fresh, now=seconds(3))
    assert shopper.reasons() == ["busy_surface", "offered"]


def test_decide__waiting_and_capped_meanwhile__is_settled_by_the_cap(shopper: Shopper) -> None:
    make_rule(engagement="checkout-help")
    shopper.beat(free_agents=lambda: 0)
    make_rule(condition("visit.pages", ">=", 0), priority=5)
    shopper.beat(now=seconds(1), free_agents=lambda: 0)
    shopper.beat(now=seconds(2))
    shopper.beat(now=seconds(3))
    assert shopper.reasons() == ["no_agent", "offered", "capped_visit"]


def test_decide__engagement_switched_off__waits_until_it_is_back(shopper: Shopper) -> None:
    make_rule()
    assert shopper.beat(engagements={}).offers == ()
    assert len(shopper.beat(now=seconds(1)).offers) == 1
    assert shopper.reasons() == ["no_engagement", "offered"]


def test_decide__capped_in_visit_and_week__is_recorded_once(shopper: Shopper) -> None:
    make_rule()
    make_rule(condition("visit.pages", ">", 5), priority=200)
    shopper.beat()
    shopper.beat(make_state(pages=6), now=seconds(1))
    shopper.beat(make_state(pages=6), now=seconds(2))
    assert shopper.reasons() == ["offered", "capped_visit"]
    shopper.visit = Visit.objects.create(visitor=shopper.visitor, started_at=NOW, last_at=NOW)
    shopper.holding = ()
    with settings(OFFERS_PER_WEEK=1):
        shopper.beat(now=NOW + timedelta(days=6))
    with settings(OFFERS_PER_WEEK=1):
        shopper.holding = ()
        assert len(shopper.beat(now=NOW + timedelta(days=8)).offers) == 1
    assert shopper.reasons() == ["offered", "capped_visit", "capped_week", "offered"]


def test_decide__dismissed_lately__leaves_the_visitor_alone(shopper: Shopper) -> None:
    make_rule()
    (offer,) = shopper.beat().offers
    record_outcome(shopper.visitor.pk, str(offer.pk), "dismissed", now=seconds(5))
    shopper.visit = Visit.objects.create(visitor=shopper.visitor, started_at=NOW, last_at=NOW)
    for days in (29, 31):
        shopper.holding = ()
        shopper.beat(now=NOW + timedelta(days=days))
    assert shopper.reasons() == ["offered", "dismissed", "offered"]


def test_decide__several_rules__highest_wins_and_the_others_lose(shopper: Shopper) -> None:
    make_rule(priority=20, engagement="ask-us")
    make_rule(priority=10)
    assert [offer.engagement for offer in shopper.beat().offers] == ["delivery-times"]
    assert shopper.reasons() == ["offered", "lost"]
    assert shopper.beat(now=seconds(1)).offers == ()
    assert shopper.reasons() == ["offered", "lost"]


def test_decide__higher_rule_blocked__does_not_take_the_beat(shopper: Shopper) -> None:
    make_rule(priority=10, engagement="checkout-help")
    make_rule(priority=20)
    assert [offer.engagement for offer in shopper.beat(free_agents=lambda: 0).offers] == ["delivery-times"]
    assert shopper.reasons() == ["no_agent", "offered"]


def held_out_shopper(rule: Rule) -> Shopper:
    """Return a shopper whom ``rule`` holds out."""
    one = Shopper()
    Assignment.objects.create(visitor_id=one.visitor.pk, rule=rule, arm=Arm.CONTROL, probability=0.2, drawn_at=NOW)
    return one


def test_decide__held_out_winner__keeps_the_beat_and_counts_towards_the_cap() -> None:
    make_rule(priority=20, engagement="ask-us")
    shopper = held_out_shopper(make_rule(priority=10, holdout_share=0.2))
    for number in (0, 1, 2):
        assert shopper.beat(now=seconds(number)).offers == ()
    assert shopper.reasons() == ["rule_holdout", "lost"]
    row = Decision.objects.get(reason=Reason.RULE_HOLDOUT)
    assert (row.arm, row.probability, row.offered_at) == (Arm.CONTROL, 0.2, None)
    make_rule(condition("visit.pages", ">=", 0), priority=1)
    shopper.beat(now=seconds(3))
    assert shopper.reasons() == ["rule_holdout", "lost", "capped_visit"]


def test_decide__shop_holdout__is_control_with_the_share(shopper: Shopper) -> None:
    make_rule()
    with settings(SHOP_HOLDOUT=0.5, SALT="x7"):
        ids = (uuid.UUID(int=number) for number in range(100))
        held = next(one for one in ids if is_in_shop_holdout(one, salt="x7", share=0.5))
        shopper.visitor = Visitor.objects.create(id=held, created_at=NOW, last_seen_at=NOW)
        assert shopper.beat().offers == ()
    row = Decision.objects.get()
    assert (row.arm, row.reason, row.probability) == (Arm.CONTROL, Reason.SHOP_HOLDOUT, 0.5)


def test_decide__rule_paused__is_forgotten(shopper: Shopper) -> None:
    rule = make_rule()
    shopper.beat()
    pause(rule, user=None, now=NOW)
    assert shopper.beat(now=seconds(5)).holding == ()


def test_decide__clock_rule__wakes_at_its_boundary_and_then_fires(shopper: Shopper) -> None:
    make_rule(condition("page.idle_seconds", ">", 45), ON_PRODUCT)
    wake = shopper.beat(idle_seconds=10.0).wake_in
    assert wake == pytest.approx(35 + TICK)
    assert shopper.beat(now=seconds(wake - 2 * TICK), idle_seconds=10 + wake - 2 * TICK).offers == ()
    assert len(shopper.beat(now=seconds(wake), idle_seconds=10 + wake).offers) == 1
    other = Shopper()
    assert other.beat(consent=ConsentLevel.STATISTICS).wake_in is None


def test_decide__after_the_commit__tells_of_every_row(
    shopper: Shopper, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make_rule(priority=10)
    make_rule(priority=20)
    heard: list[str] = []

    def receiver(*, decision: Decision, **kwargs: Any) -> None:
        heard.append(decision.reason)
        raise RuntimeError("a broken receiver must not matter")

    hooks.decision_recorded.connect(receiver)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            shopper.beat()
            assert heard == []
    finally:
        hooks.decision_recorded.disconnect(receiver)
    assert heard == ["offered", "lost"]


def test_decide__nothing_new__costs_no_query(shopper: Shopper, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_rule()
    make_rule(engagement="checkout-help", priority=5)
    with settings(OFFERS_PER_VISIT=9):
        shopper.beat(free_agents=lambda: 0)
        with django_assert_num_queries(2):  # who waits for an agent: the line; the place in it
            shopper.beat(free_agents=lambda: 0)
        with django_assert_num_queries(0):
            shopper.beat(page=PageFacts(kind="home"))
        with django_assert_num_queries(1):
            shopper.beat(page=PageFacts(kind="home"), now=seconds(1))


@pytest.mark.parametrize("rules", [1, 3])
def test_decide__something_new__costs_a_fixed_number_of_queries(
    shopper: Shopper, rules: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rules):
        make_rule(priority=number)
    live_rules(NOW)
    # history; assignment: look, savepoint, insert, release; the rows; where several win, the formula of priorities
    with django_assert_num_queries(6 if rules == 1 else 7):
        shopper.beat()
    assert len(shopper.reasons()) == rules


def test_decide__agents_asked_by_rule_and_gate__asks_the_desk_once(shopper: Shopper) -> None:
    asked: list[int] = []

    def free_agents() -> int:
        asked.append(1)
        return 2

    make_rule(condition("desk.free_agents", ">", 0), engagement="checkout-help")
    assert len(shopper.beat(free_agents=free_agents).offers) == 1
    assert len(asked) == 1


def test_decide__rule_on_personal_variable_without_consent__does_not_hold(shopper: Shopper) -> None:
    make_rule(group(condition("visitor.visits", "<", 9), **{"not": True}), priority=1)
    make_rule(condition("visitor.visits", "<", 9))
    shopper.beat(consent=ConsentLevel.STATISTICS)
    assert shopper.reasons() == []
