"""At which stage did a rule stop for a visit, and on what does each of its conditions rest?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings

from oscar_engage.decisions.arms import find_arm
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.decisions.why.account import RuleAccount, VisitAccount, explain_visit, read_visit
from oscar_engage.decisions.why.stages import Stage
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion
from oscar_engage.visitors.models import Visit, Visitor
from tests.decisions.recorded import hesitation, keep_visit
from tests.rules.moments import ENGAGEMENTS, NOW, condition, group, rule_json

pytestmark = pytest.mark.django_db
IN_CHECKOUT = condition("page.kind", "=", "checkout")
IDLE = condition("page.idle_seconds", ">", 40)
AT_45 = NOW + timedelta(seconds=45.3)


@pytest.fixture(autouse=True)
def _nobody_held_out() -> Any:
    forget_live_rules()
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0}):
        yield


@pytest.fixture
def visit(db: None) -> Visit:
    return keep_visit(NOW, *hesitation())


def live(*when: Any, raw: Any = None, engagement: str = "delivery-times", **fields: Any) -> Rule:
    rule = Rule.objects.create(**{"name": "Help", "holdout_share": 0.0, **fields})
    document = raw or rule_json(*(when or (IN_CHECKOUT, IDLE)), engagement=engagement)
    save_draft(rule, document, user=None, now=NOW, engagements=ENGAGEMENTS)
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    return rule


def explain(visit: Visit, *, at: datetime | None = AT_45, now: datetime = NOW + timedelta(days=1), **more: Any) -> VisitAccount:
    read = read_visit(visit.pk)
    assert read is not None
    return explain_visit(read, at=at, now=now, engagements=more.pop("engagements", ENGAGEMENTS), **more)


def only(account: VisitAccount) -> RuleAccount:
    (rule,) = account.rules
    return rule


def stopped(account: VisitAccount) -> Stage | None:
    stop = only(account).stop
    return None if stop is None else stop.stage


def decide(visit: Visit, rule: Rule, reason: Reason, seconds: float, **times: Any) -> Decision:
    at = NOW + timedelta(seconds=seconds)
    is_offered = reason is Reason.OFFERED
    return Decision.objects.create(
        visitor_id=visit.visitor_id,
        visit=visit,
        version_id=rule.published_id,
        branch=0,
        action="show.balloon",
        arm=Arm.TREATED if is_offered else Arm.NONE,
        reason=reason,
        eligible_at=at,
        offered_at=at if is_offered else None,
        **times,
    )


def test_explain__everything_holds__it_would_have_shown(visit: Visit) -> None:
    live()
    account = explain(visit)
    assert stopped(account) is None
    assert [answer.stage for answer in only(account).answers] == list(Stage)
    assert (account.is_now, account.is_logged, account.is_whole) == (False, True, True)
    assert not Decision.objects.exists()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("reason", [Reason.ADVISED_AGAINST, Reason.OUTRANKED])
def test_explain__model_was_against_it__says_so_until_something_else_is_recorded(visit: Visit, reason: Reason) -> None:
    rule = live()
    decide(visit, rule, reason, 19)
    account = explain(visit)
    assert stopped(account) is Stage.ADVICE
    stop = only(account).stop
    assert stop is not None
    assert stop.words == reason.label
    decide(visit, rule, Reason.NO_AGENT, 20)
    assert stopped(explain(visit)) is None


def test_explain__other_time__is_judged_as_the_visit_stood_then(visit: Visit) -> None:
    live()
    account = explain(visit, at=NOW + timedelta(seconds=20.3))
    assert stopped(account) is Stage.CONDITION
    kind, idle = only(account).conditions
    assert (kind.result, kind.actual, kind.is_said) == (True, "checkout", True)
    assert (idle.result, idle.actual) == (False, pytest.approx(20.3))
    assert idle.heard is not None
    assert (idle.heard.signal.kind, idle.heard.received_at) == ("page.idle", NOW + timedelta(seconds=20.3))
    assert kind.heard is not None
    assert kind.heard.signal.kind == "page.viewed"


def test_explain__clock_that_nobody_told__is_said_as_far_as_it_can_be(visit: Visit) -> None:
    live(IN_CHECKOUT, condition("page.idle_seconds", ">", 5))
    visit = keep_visit(NOW, *hesitation(18))
    account = explain(visit, at=NOW + timedelta(seconds=10))
    assert stopped(account) is Stage.CONDITION
    idle = only(account).conditions[1]
    assert (idle.result, idle.is_said) == (None, False)


@pytest.mark.parametrize("status", [RuleStatus.PAUSED, RuleStatus.DRAFT])
def test_explain__rule_that_is_not_live__stops_at_its_status(visit: Visit, status: str) -> None:
    rule = live()
    Rule.objects.filter(pk=rule.pk).update(status=status)
    assert stopped(explain(visit)) is Stage.STATUS


def test_explain__draft_that_was_never_published__says_what_it_would_meet(visit: Visit) -> None:
    rule = Rule.objects.create(name="New", holdout_share=0)
    save_draft(rule, rule_json(IN_CHECKOUT), user=None, now=NOW, engagements=ENGAGEMENTS)
    account = only(explain(visit))
    assert [answer.passed for answer in account.answers] == [False, *[True] * 13]


@pytest.mark.parametrize("period", [{"starts_at": AT_45 + timedelta(seconds=1)}, {"ends_at": AT_45}])
def test_explain__out_of_its_period__stops_there(visit: Visit, period: dict[str, datetime]) -> None:
    live(**period)
    assert stopped(explain(visit)) is Stage.SCHEDULE


def test_explain__page_just_opened__stops_at_the_surface(visit: Visit) -> None:
    live(IN_CHECKOUT)
    assert stopped(explain(visit, at=NOW + timedelta(seconds=0.3))) is Stage.SURFACE


def test_explain__something_is_showing__stops_at_the_surface(visit: Visit) -> None:
    other = live(condition("page.kind", "=", "home"), name="Other", priority=500)
    decide(visit, other, Reason.OFFERED, 10)
    rule = live()
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0, "OFFERS_PER_VISIT": 5}):
        assert stopped(explain(visit, rule=rule)) is Stage.SURFACE
        Decision.objects.update(dismissed_at=NOW + timedelta(seconds=20))
        assert stopped(explain(visit, rule=rule)) is Stage.DISMISSED


def test_explain__consent_that_does_not_go_so_far__stops_there(visit: Visit) -> None:
    live()
    Visitor.objects.update(consent=2)
    assert stopped(explain(visit)) is Stage.CONSENT


def test_explain__elsewhere__stops_at_the_scope(visit: Visit) -> None:
    live(raw=rule_json(IDLE, scope=group(condition("page.kind", "=", "home"))))
    account = explain(visit)
    assert stopped(account) is Stage.SCOPE
    assert only(account).conditions[0].path == "scope.rules[0]"


def test_explain__scope_that_is_not_recorded__cannot_be_said(visit: Visit) -> None:
    live(raw=rule_json(IDLE, scope=group(condition("desk.free_agents", ">", 0))))
    stop = only(explain(visit)).stop
    assert stop is not None
    assert (stop.stage, stop.passed) == (Stage.SCOPE, None)


def test_explain__unknown_to_the_engine__is_no_match(visit: Visit) -> None:
    live(IN_CHECKOUT, condition("basket.lines", ">", 0))
    stop = only(explain(visit)).stop
    assert stop is not None
    assert (stop.stage, stop.passed) == (Stage.CONDITION, None)


def test_explain__decided_before__says_when_and_why(visit: Visit) -> None:
    rule = live(IN_CHECKOUT)
    decide(visit, rule, Reason.LOST, 5)
    account = explain(visit)
    assert stopped(account) is Stage.NEWS
    decided = only(account).decided
    assert decided is not None
    assert (decided.reason, decided.at) == (Reason.LOST, NOW + timedelta(seconds=5))


def test_explain__decided_by_an_older_version__is_told_though_the_new_one_is_news(visit: Visit) -> None:
    rule = live(IN_CHECKOUT)
    decide(visit, rule, Reason.LOST, 3)
    decide(visit, rule, Reason.CAPPED_VISIT, 5)
    save_draft(rule, rule_json(IN_CHECKOUT, IDLE), user=None, now=NOW, engagements=ENGAGEMENTS)
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    account = explain(visit)
    assert stopped(account) is None
    decided = only(account).decided
    assert decided is not None
    assert (decided.reason, decided.at) == (Reason.CAPPED_VISIT, NOW + timedelta(seconds=5))


def test_explain__other_branch_decided_last__is_told_though_that_of_this_one_is_asked(visit: Visit) -> None:
    rule = live(IN_CHECKOUT)
    decide(visit, rule, Reason.LOST, 3)
    other = decide(visit, rule, Reason.CAPPED_VISIT, 5)
    Decision.objects.filter(pk=other.pk).update(branch=1)
    account = explain(visit)
    assert stopped(account) is Stage.NEWS
    decided = only(account).decided
    assert decided is not None
    assert decided.reason is Reason.CAPPED_VISIT


def test_explain__moment_that_waits__is_still_open(visit: Visit) -> None:
    decide(visit, live(IN_CHECKOUT), Reason.BUSY_SURFACE, 5)
    assert stopped(explain(visit)) is None


def test_explain__enough_offers__stops_at_the_cap(visit: Visit) -> None:
    other = live(condition("page.kind", "=", "home"), name="Other", priority=500)
    decide(visit, other, Reason.OFFERED, -40)
    assert stopped(explain(visit, rule=live())) is Stage.CAP


def test_explain__engagement_switched_off__stops_there(visit: Visit) -> None:
    live()
    assert stopped(explain(visit, engagements={})) is Stage.AVAILABLE


def test_explain__invitation_to_a_chat__depends_on_agents(visit: Visit) -> None:
    live(engagement="checkout-help")
    stop = only(explain(visit)).stop
    assert stop is not None
    assert (stop.stage, stop.passed) == (Stage.AVAILABLE, None), "how many were free then is not recorded"
    running = keep_visit(NOW, *hesitation()[:-1])
    stop = only(explain(running, at=None, now=AT_45)).stop
    assert stop is not None
    assert (stop.stage, stop.passed) == (Stage.AVAILABLE, False), "of now it is known: nobody is there"


def test_explain__higher_rule_wins__is_named(visit: Visit) -> None:
    live(IN_CHECKOUT, name="First", priority=1)
    rule = live(priority=2)
    stop = only(explain(visit, rule=rule)).stop
    assert stop is not None
    assert (stop.stage, str(stop.words)) == (Stage.LOST, "“First” wins")


def test_explain__higher_invitation_to_a_chat__wins_only_if_an_agent_was_free(visit: Visit) -> None:
    live(IN_CHECKOUT, name="First", priority=1, engagement="checkout-help")
    stop = only(explain(visit, rule=live(priority=2))).stop
    assert stop is not None
    assert (stop.stage, stop.passed) == (Stage.LOST, None)


@pytest.mark.parametrize("why", ["false", "paused", "decided"])
def test_explain__higher_rule_that_does_not_compete__does_not_win(visit: Visit, why: str) -> None:
    first = live(condition("page.kind", "=", "home") if why == "false" else IN_CHECKOUT, name="First", priority=1)
    if why == "paused":
        Rule.objects.filter(pk=first.pk).update(status=RuleStatus.PAUSED)
    if why == "decided":
        decide(visit, first, Reason.LOST, 5)
    assert stopped(explain(visit, rule=live(priority=2))) is None


def test_explain__hold_out__says_the_arm_without_drawing_it(visit: Visit) -> None:
    rule = live(holdout_share=0.5)
    draw = find_arm(visit.visitor_id, rule_id=rule.pk, salt="oscar-engage", shop_share=0.0, rule_share=0.5)
    expected = None if draw.arm == Arm.TREATED else Stage.HOLD_OUT
    assert stopped(explain(visit)) is expected
    assert not Assignment.objects.exists()
    Assignment.objects.create(visitor_id=visit.visitor_id, rule=rule, arm=Arm.CONTROL, probability=0.5, drawn_at=NOW)
    assert stopped(explain(visit)) is Stage.HOLD_OUT


def test_explain__archived_rule__only_when_asked_for(visit: Visit) -> None:
    rule = live()
    Rule.objects.filter(pk=rule.pk).update(status=RuleStatus.ARCHIVED)
    rule.refresh_from_db()
    assert explain(visit).rules == ()
    assert stopped(explain(visit, rule=rule)) is Stage.STATUS


def test_explain__version_that_cannot_be_read__is_left_out(visit: Visit) -> None:
    live()
    RuleVersion.objects.update(document={})
    assert explain(visit).rules == ()


def test_explain__now_without_a_log__is_read_from_the_state() -> None:
    visit = keep_visit(NOW, *hesitation()[:-1], consent=1)
    live(IN_CHECKOUT)
    account = explain(visit, at=None, now=NOW + timedelta(seconds=46))
    assert (account.is_now, account.is_logged, account.is_whole) == (True, False, False)
    assert stopped(account) is Stage.CONSENT
    kind = only(account).conditions[0]
    assert (kind.result, kind.heard) == (True, None)
    assert only(account).answers[-1].passed is True, "below statistics nobody is held out"


def test_explain__visit_before_its_first_page__has_none() -> None:
    visit = keep_visit(NOW, (0, "login.failed", {}))
    live()
    assert stopped(explain(visit, at=None, now=NOW + timedelta(seconds=5))) is Stage.CONDITION


def test_read_visit__automaton_or_nobody__is_not_explained(visit: Visit) -> None:
    Visitor.objects.update(is_automaton=True)
    assert read_visit(visit.pk) is None
    assert read_visit(uuid.uuid4()) is None


@pytest.mark.parametrize("count", [1, 3])
def test_explain__any_number_of_rules__takes_the_same_queries(
    visit: Visit, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        live(name=f"Rule {number}")
    read = read_visit(visit.pk)
    assert read is not None
    with django_assert_num_queries(7):  # log, rules, versions, offers, decisions, arms, the formula of priorities
        explain_visit(read, at=AT_45, now=NOW, engagements=ENGAGEMENTS)


@pytest.mark.parametrize("status", [RuleStatus.LIVE, RuleStatus.PAUSED])
def test_now__rule_on_earlier_visits__is_answered_though_no_live_rule_asks_for_it(visit: Visit, status: RuleStatus) -> None:
    rule = live(condition("history.count", ">=", 1, kind="page.viewed", days=7))
    Rule.objects.filter(pk=rule.pk).update(status=status)
    forget_live_rules()
    (line,) = only(explain(visit, at=None, now=NOW + timedelta(seconds=52))).conditions
    assert (line.actual, line.result) == (1, True)


def test_explain__order_by_the_formula__names_the_points_of_both(visit: Visit) -> None:
    low = live(name="Low", priority=1)
    high = live(name="High", priority=2, goal_value=Decimal("4.50"))
    PriorityFormula.objects.create(pk=1, is_number_first=False, value_weight=2)
    Decision.objects.all().delete()
    read = read_visit(visit.pk)
    assert read is not None
    told = {
        account.rule: next(answer for answer in account.answers if answer.stage is Stage.LOST)
        for account in explain_visit(read, at=AT_45, now=NOW, engagements=ENGAGEMENTS).rules
    }
    assert (told[high].passed, str(told[high].words)) == (True, "9.00 points by the formula")
    assert (told[low].passed, str(told[low].words)) == (False, "“High” wins, with 9.00 points to 0.00")
