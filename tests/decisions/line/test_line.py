"""Does a free agent go to the shopper who has waited longest, and to the next one when that one is gone?"""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.advice import Advice
from oscar_engage.decisions.line.models import PlaceInLine
from oscar_engage.decisions.line.order import Asked
from oscar_engage.decisions.line.store import FIRST, FIRST_RETRY, purge_line, step_aside
from oscar_engage.decisions.models import Arm, Assignment, Decision
from oscar_engage.decisions.ports import ask_places, take_hold
from oscar_engage.decisions.weigh import AGENT_RETRY
from oscar_engage.desk.models import Queue
from oscar_engage.rules.models import Rule
from tests.decisions.test_decide import ON_PRODUCT, Shopper, make_rule, seconds
from tests.decisions.test_places import Desk, make_invitation
from tests.rules.moments import NOW, condition, rule_json

pytestmark = pytest.mark.django_db
HARM = Advice(low=-0.2, high=-0.1)
GOOD = Advice(low=0.01, high=0.2, gain=3.0, price=2.0)
LATE = Advice(low=0.01, high=0.2, gain=1.0, price=2.0)


@pytest.fixture(autouse=True)
def _heeded_and_nobody_held_out() -> Any:
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0, "LEARNING_EXPLORES": 0.0}):
        yield


class Free(Desk):
    """A desk with so many places, which knows who comes before."""

    def places(self, **asked: Any) -> int:
        return self.left - len(asked.get("ahead", ()))

    def hold(self, *, ahead: tuple[Asked, ...] = (), **asked: Any) -> bool:
        return self.left > len(ahead) and super().hold(**asked)


def is_offered(shopper: Shopper, desk: Desk, at: float = 0, advice: Advice | None = None, **more: Any) -> bool:
    now = seconds(at)
    return bool(shopper.beat(now=now, places=desk.places, hold=desk.hold, advise=lambda _action: advice, **more).offers)


def wake_of(shopper: Shopper, desk: Desk, at: float, advice: Advice | None = None) -> float | None:
    return shopper.beat(now=seconds(at), places=desk.places, hold=desk.hold, advise=lambda _action: advice).wake_in


def test_decide__two_wait_and_an_agent_gets_free__goes_to_who_has_waited_longer() -> None:
    make_invitation()
    early, late, desk = Shopper(), Shopper(), Free(0)
    assert not is_offered(early, desk, 0)
    assert not is_offered(late, desk, 3)
    desk.left = 1
    assert not is_offered(late, desk, 4), "who comes back first would have had it"
    assert late.reasons() == ["no_agent"]
    assert is_offered(early, desk, 5)
    assert not is_offered(late, desk, 9)
    desk.left = 1
    assert is_offered(late, desk, 14)
    assert not PlaceInLine.objects.exists()


def test_decide__new_shopper_while_somebody_waits__stands_behind_and_the_reason_says_so() -> None:
    make_invitation()
    early, late, desk = Shopper(), Shopper(), Free(0)
    is_offered(early, desk, 0)
    desk.left = 1
    assert not is_offered(late, desk, 1)
    assert late.reasons() == ["in_line"]
    assert is_offered(early, desk, 5)
    desk.left = 1
    assert is_offered(late, desk, 6)
    assert late.reasons() == ["in_line", "offered"]


def test_decide__places_for_all_who_wait__come_back_in_any_order() -> None:
    make_invitation()
    first, second, third, desk = Shopper(), Shopper(), Shopper(), Free(0)
    for at, shopper in enumerate((first, second, third)):
        is_offered(shopper, desk, at)
    desk.left = 2
    assert [is_offered(shopper, desk, 5) for shopper in (third, second, first)] == [False, True, True]


def test_decide__head_of_the_line_not_heard_of_in_time__is_passed_over_and_keeps_its_place() -> None:
    make_invitation()
    early, late, desk = Shopper(), Shopper(), Free(0)
    is_offered(early, desk, 0)
    is_offered(late, desk, 1)
    desk.left = 1
    assert not is_offered(late, desk, FIRST_RETRY + 4)
    assert is_offered(late, desk, FIRST_RETRY + 6)
    is_offered(early, desk, 20)
    newcomer = Shopper()
    is_offered(newcomer, desk, 21)
    assert PlaceInLine.objects.get(visit=early.visit).since == NOW, "who comes back has waited all along"
    desk.left = 1
    assert not is_offered(newcomer, desk, 22)


def test_step_aside__page_left__counts_no_more_until_the_next_page_is_heard_of() -> None:
    make_invitation()
    early, late, desk = Shopper(), Shopper(), Free(0)
    is_offered(early, desk, 0)
    is_offered(late, desk, 1)
    step_aside(early.visit.pk, now=seconds(2))
    is_offered(early, desk, 3)
    desk.left = 1
    assert not is_offered(late, desk, 4)
    step_aside(early.visit.pk, now=seconds(4))
    assert is_offered(late, desk, 5)


def test_decide__rule_became_true_anew__waits_from_then_on() -> None:
    make_invitation()
    early, late, desk = Shopper(), Shopper(), Free(0)
    is_offered(early, desk, 0)
    early.holding = ()
    is_offered(late, desk, 1)
    is_offered(early, desk, 2)
    desk.left = 1
    assert [is_offered(early, desk, 3), is_offered(late, desk, 4)] == [False, True]


def test_decide__model_outranks__yields_to_who_came_later_but_not_to_equals() -> None:
    make_invitation()
    poor, poorer, rich, desk = Shopper(), Shopper(), Shopper(), Free(0)
    is_offered(poor, desk, 0, LATE)
    is_offered(poorer, desk, 1, LATE)
    is_offered(rich, desk, 2, GOOD)
    desk.left = 2
    assert not is_offered(poorer, desk, 3, LATE), "one for each of those before"
    assert is_offered(poor, desk, 4, LATE)
    assert not is_offered(poorer, desk, 5, LATE)
    assert is_offered(rich, desk, 6, GOOD)


def test_decide__model_knows_nothing_of_one__ranks_equally_with_who_it_holds_likelier() -> None:
    make_invitation()
    unknown, known, desk = Shopper(), Shopper(), Free(0)
    is_offered(unknown, desk, 0, None)
    is_offered(known, desk, 1, GOOD)
    desk.left = 1
    assert [is_offered(known, desk, 2, GOOD), is_offered(unknown, desk, 3, None)] == [False, True]


def test_decide__advised_against__stands_in_nobodys_way() -> None:
    make_invitation()
    harmed, other, desk = Shopper(), Shopper(), Free(0)
    is_offered(harmed, desk, 0, HARM)
    assert not PlaceInLine.objects.exists()
    desk.left = 1
    assert is_offered(other, desk, 1, GOOD)


def test_decide__fallback_is_offered__nobody_waits() -> None:
    make_invitation(fallback="ask-us")
    assert is_offered(Shopper(), Free(0))
    assert not PlaceInLine.objects.exists()


def test_decide__held_out_at_the_head__has_its_moment_in_line_like_the_treated() -> None:
    rule = make_invitation()
    Rule.objects.filter(pk=rule.pk).update(holdout_share=0.5)
    held, late, desk = Shopper(), Shopper(), Free(0)
    for shopper, arm in ((held, Arm.CONTROL), (late, Arm.TREATED)):
        Assignment.objects.create(visitor_id=shopper.visitor.pk, rule=rule, arm=arm, probability=0.5, drawn_at=NOW)
    is_offered(held, desk, 0)
    is_offered(late, desk, 1)
    desk.left = 1
    assert not is_offered(late, desk, 2)
    assert not is_offered(held, desk, 3)
    assert held.reasons() == ["no_agent", "rule_holdout"]
    assert is_offered(late, desk, 4)


def test_decide__first_of_the_line__are_asked_back_sooner_than_the_others() -> None:
    make_invitation()
    desk, shoppers = Free(0), [Shopper() for _place in range(FIRST + 2)]
    found = [wake_of(shopper, desk, at) for at, shopper in enumerate(shoppers)]
    assert found == [FIRST_RETRY] * FIRST + [AGENT_RETRY] * 2
    assert wake_of(Shopper(), desk, 1, LATE) == AGENT_RETRY


def test_decide__waits_in_two_queues__has_a_place_in_each() -> None:
    for slug in ("returns", "sizes"):
        Queue.objects.create(slug=slug, name=slug)
    make_invitation(queue="returns")
    raw = rule_json(condition("visit.pages", ">=", 0))
    raw["branches"][0]["then"] = [{"do": "invite.chat", "with": {"engagement": "checkout-help", "queue": "sizes"}}]
    make_rule(raw=raw, priority=200)
    is_offered(Shopper(), Free(0))
    assert set(PlaceInLine.objects.values_list("queue", "path")) == {
        ("returns", "/catalogue/boots/"),
        ("sizes", "/catalogue/boots/"),
    }


def test_decide__balloon_alone__asks_for_no_line() -> None:
    make_rule()
    shopper = Shopper()
    with CaptureQueriesContext(connection) as asked:
        assert shopper.beat().offers
    assert [one["sql"] for one in asked if PlaceInLine._meta.db_table in one["sql"]] == []


def test_decide__waiting__costs_two_queries_a_beat(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_rule(ON_PRODUCT, engagement="checkout-help")
    shopper = Shopper()
    shopper.beat(free_agents=lambda: 0)
    with django_assert_num_queries(2):  # the line; the place in it
        shopper.beat(now=seconds(0.5), free_agents=lambda: 0)


class PlainDialer:
    """A shop's own that keeps places and knows of nobody ahead."""

    held: list[Any] = []

    def free_agents(self, *, now: datetime) -> int:
        return 3

    def places(self, *, now: datetime, queue: str = "", path: str = "", language: str = "") -> int:
        return 2

    def hold(
        self, *, decision_id: Any, visitor_id: Any, now: datetime, queue: str = "", path: str = "", language: str = ""
    ) -> bool:
        self.held.append(decision_id)
        return True


class PlainDesk:
    """One that says who is free, and no more."""

    def free_agents(self, *, now: datetime) -> int:
        return 3


@pytest.mark.parametrize(("desk", "places"), [("PlainDialer", 1), ("PlainDesk", 1)])
def test_ask_places__desk_that_knows_of_nobody_ahead__has_those_taken_off_who_ask_for_the_same(desk: str, places: int) -> None:
    ahead = (Asked("returns", "/a/", "de"), Asked("returns", "/b/", "en"), Asked("sizes", "/a/", "de"))
    with override_settings(OSCAR_ENGAGE={"AVAILABILITY": f"{__name__}.{desk}"}):
        assert ask_places(now=NOW, queue="returns", language="de", ahead=ahead) == places
        assert take_hold(decision_id="x", visitor_id="y", now=NOW, ahead=ahead) is True  # type: ignore[arg-type]


def test_purge_line__an_hour_old__goes() -> None:
    make_invitation()
    is_offered(Shopper(), Free(0))
    purge_line({}, now=seconds(3600))
    assert str(PlaceInLine.objects.get()).startswith("in line since")
    purge_line({}, now=seconds(3700))
    assert not PlaceInLine.objects.exists()
    assert Decision.objects.count() == 1
