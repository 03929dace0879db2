"""Is a place taken once, given back once whatever becomes of the invitation, and never lost?"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oscar_engage.desk.availability import DeskAvailability
from oscar_engage.desk.dialer.answer import Heard, hear, is_invited, note_answer, note_left
from oscar_engage.desk.dialer.held import live_holds, open_holds, sweep_dead
from oscar_engage.desk.dialer.models import Hold
from oscar_engage.desk.dialer.purge import erase_holds, purge_holds
from oscar_engage.desk.dialer.state import sweep
from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Message
from oscar_engage.desk.presence import expire_leases, heartbeat, set_presence
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import TakenError, close, take
from oscar_engage.personal.person import make_person
from tests.desk.dialer.conftest import Invited
from tests.desk.test_take import on_postgres, race  # noqa: F401 - a fixture
from tests.examples import examples

pytestmark = pytest.mark.django_db
MakeInvited = Callable[[], Invited]
MakeAgent = Callable[..., Agent]
MakeChat = Callable[[], Conversation]


def used(agent: Agent) -> int:
    return Agent.objects.get(pk=agent.pk).used_tenths


def owed(agent: Agent) -> int:
    """Return what the agent's chats weigh, and a slot for each place that is not given back."""
    chats = Conversation.objects.filter(agent=agent).aggregate(held=Sum("weight"))["held"] or 0
    return chats + 10 * open_holds().filter(agent=agent).count()


def seconds(now: datetime, number: float) -> datetime:
    return now + timedelta(seconds=number)


def test_keep_place__three_slots__three_invitations_and_no_fourth(
    make_invited: MakeInvited, agent: Agent, now: datetime
) -> None:
    assert [make_invited().keep() for _shopper in range(4)] == [True, True, True, False]
    assert used(agent) == owed(agent) == 30
    assert Hold.objects.count() == 3
    assert DeskAvailability().places(now=now) == DeskAvailability().free_agents(now=now) == 0


def test_keep_place__nobody_there__none(invited: Invited, now: datetime) -> None:
    assert invited.keep() is False
    assert DeskAvailability().places(now=now) == 0


def test_keep_place__second_invitation_of_one_visitor__first_goes_back(invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    again = Invited(invited.visitor_id, uuid.uuid4())
    assert DeskAvailability().hold(decision_id=again.decision_id, visitor_id=again.visitor_id, now=now)
    assert (invited.hold.ended_as, used(agent)) == ("left", 10)


@pytest.mark.attack("N03")
def test_n03__nobody_answers_for_a_minute__slot_back_and_counted_as_ignored(
    invited: Invited, agent: Agent, now: datetime
) -> None:
    invited.keep()
    for second in range(10, 60, 10):
        heartbeat(agent, now=seconds(now, second))
        assert hear(invited.visitor_id, [str(invited.decision_id)], now=seconds(now, second)) == Heard(is_kept=True)
        assert used(agent) == 10
    heartbeat(agent, now=seconds(now, 59))
    assert DeskAvailability().places(now=seconds(now, 59)) == 2
    assert DeskAvailability().places(now=seconds(now, 60)) == 3  # whoever asks knows it before anybody has swept

    sweep({}, now=seconds(now, 60))
    sweep({}, now=seconds(now, 60))

    assert (used(agent), invited.hold.ended_as) == (0, "ignored")
    assert invited.decision.ignored_at == seconds(now, 60)


@pytest.mark.attack("N03")
def test_n03__browser_closed_without_a_word__slot_back_within_35_seconds(
    invited: Invited, make_invited: MakeInvited, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=1)
    invited.keep()
    heartbeat(agent, now=seconds(now, 29))
    assert make_invited().keep(now=seconds(now, 29)) is False

    assert make_invited().keep(now=seconds(now, 31)) is True

    assert (used(agent), owed(agent), invited.hold.ended_as) == (10, 10, "left")
    assert invited.decision.ignored_at == seconds(now, 31)


def test_note_left__last_beacon_of_the_page__slot_back_at_once(invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    note_left(uuid.uuid4(), [str(invited.decision_id)], now=now)  # of somebody else: nothing
    note_left(invited.visitor_id, ["panel", "nonsense"], now=now)  # a panel is not the invitation
    note_left(invited.visitor_id, [], now=now)
    assert used(agent) == 10

    note_left(invited.visitor_id, [str(invited.decision_id)], now=now)

    assert (used(agent), invited.hold.ended_as) == (0, "left")


@pytest.mark.parametrize(("what", "ending"), [("dismissed", "declined"), ("ignored", "ignored")])
def test_note_answer__no__slot_back_once(what: str, ending: str, invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    note_answer(uuid.uuid4(), invited.decision_id, what, now=now)
    note_answer(invited.visitor_id, "nonsense", what, now=now)
    assert used(agent) == 10
    for _again in range(2):
        note_answer(invited.visitor_id, str(invited.decision_id), what, now=now)
    assert (used(agent), invited.hold.ended_as) == (0, ending)


def test_note_answer__accepted__slot_stays_while_the_question_is_typed(invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    note_answer(invited.visitor_id, invited.decision_id, "accepted", now=seconds(now, 50))
    assert is_invited(invited.visitor_id, str(invited.decision_id), now=seconds(now, 70))
    assert not is_invited(invited.visitor_id, "nonsense", now=now)
    for second in range(60, 230, 10):
        assert hear(invited.visitor_id, ["panel"], now=seconds(now, second)).is_kept
    sweep_dead(now=seconds(now, 229), agent_id=None)
    assert invited.hold.ended_as == "withdrawn"  # the agent's own lease had ended meanwhile


def test_note_answer__accepted_and_never_asked__slot_back_after_three_minutes(
    invited: Invited, agent: Agent, now: datetime
) -> None:
    invited.keep()
    note_answer(invited.visitor_id, invited.decision_id, "accepted", now=now)
    for second in range(10, 190, 10):
        heartbeat(agent, now=seconds(now, second))
        hear(invited.visitor_id, ["panel"], now=seconds(now, second))
    assert live_holds(now=seconds(now, 179)).exists()
    assert sweep_dead(now=seconds(now, 180)) == 1
    assert (used(agent), invited.hold.ended_as, invited.decision.ignored_at) == (0, "left", None)


@pytest.mark.attack("N02")
@pytest.mark.parametrize("how", ["lease", "offline", "away"])
def test_n02__agent_gone_with_invitations_and_chats__withdrawn_and_waiting_again(
    how: str, make_invited: MakeInvited, make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=5)
    chats = [take(make_chat(), agent, now=now) for _chat in range(2)]
    shoppers = [make_invited() for _shopper in range(3)]
    assert all(shopper.keep() for shopper in shoppers)
    later = seconds(now, 31)

    if how == "lease":
        expire_leases(now=later)
    else:
        set_presence(agent, how, now=later)

    assert {shopper.hold.ended_as for shopper in shoppers} == {"withdrawn"}
    is_away = how == "away"  # who pauses keeps the chats
    assert used(agent) == owed(agent) == (20 if is_away else 0)
    statuses = set(Conversation.objects.filter(pk__in=[chat.pk for chat in chats]).values_list("status", flat=True))
    assert statuses == {ConversationStatus.OPEN if is_away else ConversationStatus.WAITING}
    shopper = shoppers[0]
    assert hear(shopper.visitor_id, [str(shopper.decision_id)], now=later) == Heard(withdrawn=(shopper.decision_id,))
    assert shopper.decision.ignored_at is None


def test_open_conversation__invited__kept_slot_becomes_the_chats(invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    note_answer(invited.visitor_id, invited.decision_id, "accepted", now=now)

    chat = invited.ask(now=seconds(now, 20))

    chat.refresh_from_db()
    assert (chat.agent, chat.status, chat.weight) == (agent, ConversationStatus.OPEN, 10)
    assert used(agent) == owed(agent) == 10
    assert list(Message.objects.filter(conversation=chat).values_list("role", flat=True)) == ["shopper", "system"]
    hold = invited.hold
    assert (hold.ended_as, hold.asked_at, hold.seated_at) == ("opened", seconds(now, 20), seconds(now, 20))
    close(chat, agent, now=now)
    assert used(agent) == 0


def test_open_conversation__accepted_late_and_nobody_free__waits_visibly(
    invited: Invited, make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=1)
    invited.keep()
    later = seconds(now, 61)
    heartbeat(agent, now=later)
    take(make_chat(), agent, now=later)  # the place whose time is over gives way

    chat = invited.ask(now=later)

    chat.refresh_from_db()
    assert (chat.agent, chat.status) == (None, ConversationStatus.WAITING)
    assert used(agent) == owed(agent) == 10
    assert invited.hold.ended_as == "left"
    assert invited.hold.asked_at == later


def test_open_conversation__accepted_late_and_somebody_free__is_given_one(
    invited: Invited, agent: Agent, now: datetime
) -> None:
    invited.keep()
    note_answer(invited.visitor_id, invited.decision_id, "ignored", now=now)

    chat = invited.ask()

    chat.refresh_from_db()
    assert (chat.agent, used(agent)) == (agent, 10)


def test_open_conversation__agent_gone_meanwhile__another_takes_it(
    invited: Invited, make_agent: MakeAgent, now: datetime
) -> None:
    first = make_agent("Mia")
    invited.keep()
    later = seconds(now, 31)
    other = make_agent("Noa")
    heartbeat(other, now=later)

    chat = invited.ask(now=later)  # before anybody found that the lease of the first has ended

    chat.refresh_from_db()
    assert (chat.agent, used(first), used(other)) == (other, 0, 10)


def test_take__slots_kept_for_invited_shoppers__are_not_given_away(
    invited: Invited, make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=1)
    invited.keep()
    with pytest.raises(NoFreeSlotError):
        take(make_chat(), agent, now=now)
    assert used(agent) == owed(agent) == 10


def test_holds__person_erased__rows_gone_and_slot_back(invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    person = make_person([invited.visitor_id])
    erase_holds(Hold.objects.all(), person, now=now)
    assert (Hold.objects.count(), used(agent)) == (0, 0)


def test_purge_holds__kept_as_long_as_decisions__then_gone(invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    purge_holds({}, now=now + timedelta(days=4000))
    assert Hold.objects.count() == 1  # one that is open is the sweep's
    sweep_dead(now=seconds(now, 61))
    purge_holds({}, now=now + timedelta(days=4000))
    assert Hold.objects.count() == 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("keep", "accept", "ask", "decline", "ignore", "leave", "hear", "take", "close"),
                *("online", "offline", "away", "wait", "wait long", "beat", "sweep", "expire"),
            ]
        ),
        st.integers(0, 3),
        st.integers(0, 1),
    ),
    max_size=40,
)


@pytest.mark.attack("N02")
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_holds__any_history__used_is_chats_and_places_and_nothing_leaks(
    steps: list[tuple[str, int, int]], make_invited: MakeInvited, make_agent: MakeAgent, now: datetime
) -> None:
    Conversation.objects.all().delete()
    Hold.objects.all().delete()
    Agent.objects.all().delete()
    agents = [make_agent("Mia", capacity=2), make_agent("Noa", capacity=1)]
    shoppers = [make_invited() for _shopper in range(4)]
    chats: dict[int, Conversation] = {}
    answers = {"accept": "accepted", "decline": "dismissed", "ignore": "ignored"}

    def keep(number: int, at: datetime) -> None:
        shoppers[number] = make_invited()
        before = [used(one) for one in agents]
        shoppers[number].keep(now=at)
        grown = [one for one, was in zip(agents, before, strict=True) if used(one) > was]
        assert all(used(one) <= one.capacity * 10 for one in grown)

    def act(what: str, number: int, agent: Agent, at: datetime) -> None:
        shopper, shown = shoppers[number], [str(shoppers[number].decision_id), "panel"]
        acts: dict[str, Callable[[], object]] = {
            "keep": lambda: keep(number, at),
            "ask": lambda: chats.update({number: shopper.ask(now=at)}),
            "leave": lambda: note_left(shopper.visitor_id, shown, now=at),
            "hear": lambda: hear(shopper.visitor_id, shown, now=at),
            "take": lambda: number in chats and take(chats[number], agent, now=at),
            "close": lambda: number in chats and close(chats[number], now=at),
            "beat": lambda: heartbeat(agent, now=at),
            "sweep": lambda: sweep_dead(now=at),
            "expire": lambda: expire_leases(now=at),
        }
        if what in answers:
            note_answer(shopper.visitor_id, shopper.decision_id, answers[what], now=at)
        elif what in acts:
            acts[what]()
        elif not what.startswith("wait"):
            set_presence(agent, what, now=at)

    for what, number, whose in steps:
        now += timedelta(seconds={"wait": 10, "wait long": 61}.get(what, 0))
        with suppress(TakenError, NoFreeSlotError, TooManyError):
            act(what, number, agents[whose], now)
        assert [used(one) for one in agents] == [owed(one) for one in agents]
    sweep_dead(now=now + timedelta(hours=1))
    assert not open_holds().exists()
    assert [used(one) for one in agents] == [owed(one) for one in agents]


@pytest.mark.attack("N01")
@pytest.mark.parametrize("mode", ["strict", "predictive"])
@pytest.mark.django_db(transaction=True)
def test_n01__sixteen_invitations_at_once_for_three_slots__exactly_three(
    mode: str,
    on_postgres: None,  # noqa: F811 - the fixture
    make_invited: MakeInvited,
    make_agent: MakeAgent,
    now: datetime,
) -> None:
    agent, shoppers = make_agent(capacity=3), [make_invited() for _shopper in range(16)]

    def keep(number: int) -> bool:
        with transaction.atomic():
            return shoppers[number].keep()

    with override_settings(OSCAR_ENGAGE={"DIALER": mode}):
        results = race(keep)

    assert sorted(results, key=str) == [False] * 13 + [True] * 3
    assert Hold.objects.count() == 3
    assert used(agent) == (30 if mode == "strict" else 0)


@pytest.mark.django_db(transaction=True)
def test_holds__ended_by_all_at_once__slot_back_exactly_once(
    on_postgres: None,  # noqa: F811 - the fixture
    make_invited: MakeInvited,
    make_agent: MakeAgent,
    now: datetime,
) -> None:
    agent, shoppers = make_agent(capacity=4), [make_invited() for _shopper in range(4)]
    assert all(shopper.keep() for shopper in shoppers)
    late = seconds(now, 61)
    ways: list[Callable[[Invited], object]] = [
        lambda one: note_answer(one.visitor_id, one.decision_id, "dismissed", now=late),
        lambda _one: sweep_dead(now=late),
        lambda _one: expire_leases(now=late),
        lambda one: one.ask(now=late),
    ]

    results = race(lambda number: ways[number % 4](shoppers[number // 4]))

    assert not [result for result in results if isinstance(result, Exception)]
    assert used(agent) == owed(agent)
    assert not open_holds().exists()
