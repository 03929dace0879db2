"""Is an invitation offered only with a place, and what is offered instead when there is none?"""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings

from oscar_engage.decisions.decide import Decided, decide
from oscar_engage.decisions.line.order import Asked
from oscar_engage.decisions.line.store import FIRST_RETRY
from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.decisions.ports import ask_places, get_dialer, take_hold
from oscar_engage.decisions.why.account import explain_visit, read_visit
from oscar_engage.decisions.why.stages import Stage, ask_gates
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.consent import ConsentLevel
from tests.decisions.test_decide import ON_PRODUCT, Shopper, make_rule, seconds
from tests.decisions.test_gates import CHAT, OPEN
from tests.rules.moments import ENGAGEMENTS, NOW, make_moment, make_state, rule_json

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_held_out() -> Any:
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0}):
        yield


class Desk:
    """Says how many may be invited, and keeps as many places as it has."""

    def __init__(self, places: int, kept: int | None = None) -> None:
        self.left, self.free = places if kept is None else kept, places
        self.held: list[uuid.UUID] = []
        self.asked: list[dict[str, str]] = []

    def places(self, **asked: str) -> int:
        self.asked.append(asked)
        return self.free

    def hold(self, *, decision_id: uuid.UUID, queue: str, ahead: tuple[Asked, ...] = ()) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        self.held.append(decision_id)
        return True


def make_invitation(**options: str) -> Rule:
    raw = rule_json(ON_PRODUCT)
    raw["branches"][0]["then"] = [{"do": "invite.chat", "with": {"engagement": "checkout-help", **options}}]
    return make_rule(raw=raw)


def beat(shopper: Shopper, desk: Desk, *, now: Any = NOW, engagements: Any = None, **moment: Any) -> Decided:
    state = make_state(holding=shopper.holding)
    decided = decide(
        visitor=shopper.visitor,
        visit=shopper.visit,
        state=state,
        moment=make_moment(state, now=now, places=desk.places, **moment),
        path="/catalogue/boots/",
        showing=(),
        now=now,
        engagements=engagements or ENGAGEMENTS,
        hold=desk.hold,
    )
    shopper.holding = decided.holding
    return decided


def rows() -> list[tuple[str, str, str]]:
    listed = Decision.objects.order_by("eligible_at", "offered_at").values_list("reason", "action", "arm")
    return sorted(listed)


def test_decide__place_kept__offered_under_the_id_that_holds_it() -> None:
    make_invitation()
    desk = Desk(1)
    (offer,) = beat(Shopper(), desk).offers
    assert desk.held == [offer.pk] == [Decision.objects.get().pk]
    assert desk.asked == [{"queue": "", "path": "/catalogue/boots/", "language": ""}]


def test_decide__place_gone_meanwhile__waits_as_no_agent_and_has_one_row() -> None:
    make_invitation()
    shopper, desk = Shopper(), Desk(1, kept=0)
    decided = beat(shopper, desk)
    assert (decided.offers, decided.wake_in) == ((), FIRST_RETRY)
    assert beat(shopper, desk, now=seconds(15)).offers == ()
    assert rows() == [("no_agent", "invite.chat", "none")]
    desk.left = 1
    assert [offer.reason for offer in beat(shopper, desk, now=seconds(30)).offers] == [Reason.OFFERED]
    assert len(desk.held) == 1


@pytest.mark.parametrize("desk", [Desk(0), Desk(1, kept=0)], ids=["nobody free", "somebody was quicker"])
def test_decide__nobody_free_and_a_fallback__note_offered_and_both_recorded(desk: Desk) -> None:
    make_invitation(fallback="ask-us")
    shopper = Shopper()
    (offer,) = beat(shopper, desk).offers
    assert (offer.action, offer.engagement, offer.arm) == ("offer.note", "ask-us", Arm.TREATED)
    assert rows() == [("no_agent", "invite.chat", "none"), ("offered", "offer.note", "treated")]
    assert beat(shopper, Desk(1), now=seconds(20)).offers == ()  # the moment is settled
    assert len(rows()) == 2


def test_decide__waited_before_the_fallback_could_be_shown__no_second_row_for_the_wait() -> None:
    make_invitation(fallback="ask-us")
    shopper = Shopper()
    without = {slug: kind for slug, kind in ENGAGEMENTS.items() if slug != "ask-us"}
    assert beat(shopper, Desk(0), engagements=without).offers == ()
    assert [offer.engagement for offer in beat(shopper, Desk(0), now=seconds(15)).offers] == ["ask-us"]
    assert rows() == [("no_agent", "invite.chat", "none"), ("offered", "offer.note", "treated")]


def test_decide__held_out__takes_no_place() -> None:
    rule = make_invitation()
    Rule.objects.filter(pk=rule.pk).update(holdout_share=0.5)
    forget_live_rules()
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0}):
        desk, arms = Desk(100), set()
        for _number in range(20):
            held = len(desk.held)
            offers = beat(Shopper(), desk).offers
            assert len(desk.held) - held == len(offers)
            arms.add(bool(offers))
    assert arms == {True, False}
    assert set(Decision.objects.values_list("reason", flat=True)) == {"offered", "rule_holdout"}


def test_decide__no_place_for_the_highest__a_lower_rule_wins() -> None:
    make_invitation()
    make_rule(ON_PRODUCT, priority=900)
    assert [offer.action for offer in beat(Shopper(), Desk(1, kept=0)).offers] == ["show.balloon"]
    assert rows() == [("no_agent", "invite.chat", "none"), ("offered", "show.balloon", "treated")]


def test_decide__lost_to_a_higher_rule__fallback_is_none_of_it() -> None:
    make_rule(ON_PRODUCT, priority=1)
    make_invitation(fallback="ask-us")
    beat(Shopper(), Desk(0))
    assert rows() == [("lost", "invite.chat", "none"), ("offered", "show.balloon", "treated")]


def test_decide__below_statistics__fallback_leaves_no_trace_of_the_invitation() -> None:
    rule = make_invitation(fallback="ask-us")
    Rule.objects.filter(pk=rule.pk).update(purpose="service")
    forget_live_rules()
    (offer,) = beat(Shopper(), Desk(0), consent=ConsentLevel.FUNCTIONAL).offers
    assert offer.engagement == "ask-us"
    assert Decision.objects.count() == 1


class OwnDesk:
    """A shop's own: says who is free, and no more."""

    def free_agents(self, *, now: Any) -> int:
        return 2


class OwnDialer(OwnDesk):
    def places(self, **asked: Any) -> int:
        return 1

    def hold(self, **asked: Any) -> bool:
        raise RuntimeError("The other system is down.")


def test_get_dialer__desk_that_only_says_who_is_free__is_asked_that() -> None:
    ids = {"decision_id": uuid.uuid4(), "visitor_id": uuid.uuid4()}
    with override_settings(OSCAR_ENGAGE={"AVAILABILITY": f"{__name__}.OwnDesk"}):
        assert ask_places(now=NOW, queue="returns", language="de") == 2
        assert take_hold(**ids, now=NOW) is True
    with override_settings(OSCAR_ENGAGE={"AVAILABILITY": f"{__name__}.OwnDialer"}):
        assert isinstance(get_dialer(), OwnDialer)
        assert ask_places(now=NOW) == 1
        assert take_hold(**ids, now=NOW) is False


def test_explain_visit__fallback_was_offered__says_instead_of_what() -> None:
    make_invitation(fallback="ask-us")
    shopper = Shopper()
    beat(shopper, Desk(0))
    visit = read_visit(shopper.visit.pk)
    assert visit is not None
    (account,) = explain_visit(visit, at=None, now=seconds(1), engagements=ENGAGEMENTS).rules
    assert account.decided is not None
    assert account.decided.instead == "ask-us"


@pytest.mark.parametrize(
    ("free", "fallback", "passed", "words"),
    [
        (1, "ask-us", True, ""),
        (0, "ask-us", True, "nobody is free, so “ask-us” is offered"),
        (0, "", False, "no agent is free"),
        (0, "gone", False, "no agent is free"),
    ],
)
def test_ask_gates__nobody_free__the_fallback_counts_as_something_to_offer(
    free: int, fallback: str, passed: bool, words: str
) -> None:
    wish = CHAT._replace(fallback=fallback)
    answer = ask_gates(wish, replace(OPEN, places=lambda _queue: free), is_agent_known=True)[Stage.AVAILABLE]
    assert (answer.passed, str(answer.words)) == (passed, words)
