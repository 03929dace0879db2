"""Does a question wait where it belongs, and does each agent get the next one that is theirs?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from oscar_engage.desk.availability import DeskAvailability
from oscar_engage.desk.line import find_fitting, find_next, take_next
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, ConversationKind, Queue, Skill
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.place import Place
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.queries import waiting
from oscar_engage.desk.queues import InUseError, delete_queue, delete_skill, read_queues
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import close, take
from oscar_engage.visitors.models import Visitor
from tests.desk.test_take import on_postgres, race  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
MakeAgent = Callable[..., Agent]
MakeChat = Callable[[], Conversation]


@pytest.fixture
def returns(db: None) -> Skill:
    return Skill.objects.create(slug="returns", name="Returns")


@pytest.fixture
def checkout(returns: Skill) -> Queue:
    return Queue.objects.create(
        slug="checkout", name="Checkout", skill=returns, paths="/checkout/\n\n /basket/ ", head_start=300
    )


@pytest.fixture
def ask(make_visitor: Callable[[], Visitor], now: datetime) -> Callable[..., Conversation]:
    def make(path: str = "", *, kind: str = "chat", at: datetime = now, **more: Any) -> Conversation:
        place = Place(page_path=path)
        visitor_id = more.pop("visitor_id", None) or make_visitor().pk
        return open_conversation(ConversationKind(kind), visitor_id=visitor_id, body="Help?", now=at, place=place, **more)

    return make


def learn(agent: Agent, skill: Skill, level: int = 1) -> None:
    AgentSkill.objects.create(agent=agent, skill=skill, level=level)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/checkout/payment/", "checkout"),
        ("/de/checkout/", "checkout"),
        ("/basket/", "checkout"),
        ("/catalogue/", None),
        ("", None),
    ],
)
def test_open_conversation__page_of_a_queue__waits_there(
    path: str, expected: str | None, checkout: Queue, ask: Callable[..., Conversation]
) -> None:
    queue = ask(path).queue
    assert (queue.slug if queue else None) == expected


def test_queue_for_page__several_beginnings__the_longest_counts(checkout: Queue, ask: Callable[..., Conversation]) -> None:
    payment = Queue.objects.create(slug="payment", name="Payment", paths="/checkout/payment")
    assert ask("/checkout/payment-details/").queue == payment


def test_queue_of__no_queue_or_one_that_is_gone__the_default_one(chat: Conversation, checkout: Queue) -> None:
    assert read_queues().queue_of(chat) is None
    other = Queue.objects.create(slug="all", name="Everything", is_default=True)
    assert read_queues().queue_of(chat) == other
    chat.queue_id = 10**6
    assert read_queues().queue_of(chat) == other


def test_queue__a_second_default__is_refused(db: None) -> None:
    Queue.objects.create(slug="a", name="A", is_default=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Queue.objects.create(slug="b", name="B", is_default=True)


def test_take_next__skill_needed__goes_to_who_has_it(
    returns: Skill, checkout: Queue, make_agent: MakeAgent, ask: Callable[..., Conversation], now: datetime
) -> None:
    skilled, other = make_agent("Mia"), make_agent("Noa")
    learn(skilled, returns)
    chat = ask("/checkout/")

    assert take_next(other, now=now) is None
    assert take_next(skilled, now=now) == chat


def test_take_next__language__goes_to_who_speaks_it(
    make_agent: MakeAgent, ask: Callable[..., Conversation], now: datetime
) -> None:
    german, anybody = make_agent("Mia"), make_agent("Noa")
    Agent.objects.filter(pk=german.pk).update(languages=["de"])
    chat = ask(language="en-gb")

    assert take_next(german, now=now) is None
    assert take_next(anybody, now=now) == chat


def test_take_next__head_start_of_the_queue__before_the_older_one_but_not_for_ever(
    checkout: Queue, returns: Skill, agent: Agent, ask: Callable[..., Conversation], now: datetime
) -> None:
    learn(agent, returns)
    for age in (299, 301):
        Conversation.objects.all().delete()
        plain, urgent = ask(at=now - timedelta(seconds=age)), ask("/checkout/")
        assert find_next(agent, now=now) == (urgent.pk if age < 300 else plain.pk)


def test_take_next__customer__has_a_head_start(agent: Agent, ask: Callable[..., Conversation], now: datetime) -> None:
    customer = Visitor.objects.create(created_at=now, last_seen_at=now, consent=1, customer_id=7)
    older, theirs = ask(at=now - timedelta(seconds=59)), ask(visitor_id=customer.pk)

    assert take_next(agent, now=now) == theirs
    assert take_next(agent, now=now) == older


def test_take_next__known_shopper__is_left_to_the_last_agent(
    make_agent: MakeAgent, ask: Callable[..., Conversation], make_visitor: Callable[[], Visitor], now: datetime
) -> None:
    before, other, visitor = make_agent("Mia"), make_agent("Noa"), make_visitor()
    first = ask(visitor_id=visitor.pk)
    take(first, before, now=now)
    close(first, before, now=now)
    again, new = ask(visitor_id=visitor.pk, at=now - timedelta(seconds=10)), ask()

    assert take_next(other, now=now) == new
    assert take_next(before, now=now) == again


def test_take_next__chats_before_notes_and_notes_without_room_or_presence(
    make_agent: MakeAgent, ask: Callable[..., Conversation], now: datetime
) -> None:
    agent = make_agent(capacity=1)
    notes, chats = [ask(kind="note") for _ in range(2)], [ask() for _ in range(2)]

    assert take_next(agent, now=now) == chats[0]
    assert take_next(agent, now=now) == notes[0]
    set_presence(agent, "away", now=now)
    assert take_next(agent, now=now) == notes[1]
    assert take_next(agent, now=now) is None


def test_take_next__chats_fell_silent__their_room_counts(
    make_agent: MakeAgent, ask: Callable[..., Conversation], now: datetime
) -> None:
    agent = make_agent(capacity=2)
    for _chat in range(2):
        take(ask(), agent, now=now)
    third = ask()
    assert take_next(agent, now=now) is None
    later = now + timedelta(minutes=4)
    set_presence(agent, "online", now=later)

    assert take_next(agent, now=later) == third


@pytest.mark.parametrize("rows", [1, 3])
def test_find_next__any_number__takes_the_same_queries(
    rows: int,
    returns: Skill,
    checkout: Queue,
    make_agent: MakeAgent,
    ask: Callable[..., Conversation],
    now: datetime,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    agents = [make_agent(f"A{number}") for number in range(rows)]
    for agent in agents:
        learn(agent, returns)
        ask("/checkout/")
    with django_assert_num_queries(7):  # agents, their skills, queues, calls, chats, customers, last agents
        assert find_next(agents[0], now=now)


def test_find_fitting__other_skills__are_left_out(
    checkout: Queue, agent: Agent, ask: Callable[..., Conversation], now: datetime
) -> None:
    theirs, _others = ask(), ask("/checkout/")
    assert find_fitting(agent, waiting(), read_queues(), now=now) == {theirs.pk}


def test_delete_queue__something_waits_in_it__refused_until_it_is_closed(
    checkout: Queue, ask: Callable[..., Conversation], now: datetime
) -> None:
    chat = ask("/checkout/")
    with pytest.raises(InUseError):
        delete_queue(checkout)
    close(chat, now=now)

    delete_queue(checkout)

    chat.refresh_from_db()
    assert chat.queue is None


def test_delete_skill__in_use__refused(returns: Skill, agent: Agent) -> None:
    learn(agent, returns)
    with pytest.raises(InUseError):
        delete_skill(returns)
    AgentSkill.objects.all().delete()
    queue = Queue.objects.create(slug="q", name="Q", skill=returns)
    with pytest.raises(InUseError):
        delete_skill(returns)
    queue.delete()
    delete_skill(returns)
    assert not Skill.objects.exists()


def test_free_agents__skill_and_language__count_those_who_have_them(
    returns: Skill, checkout: Queue, make_agent: MakeAgent, ask: Callable[..., Conversation], now: datetime
) -> None:
    skilled, german = make_agent("Mia", capacity=2), make_agent("Noa", capacity=3)
    learn(skilled, returns)
    Agent.objects.filter(pk=german.pk).update(languages=["de"])
    free = DeskAvailability().free_agents

    assert free(now=now) == 5
    assert (free(now=now, skill=returns.pk), free(now=now, skill=10**6)) == (2, 0)
    assert (free(now=now, language="de-at"), free(now=now, language="fr")) == (5, 2)
    ask("/checkout/")
    assert (free(now=now), free(now=now, skill=returns.pk), free(now=now, language="de")) == (4, 1, 4)
    ask()  # goes to whoever has the lower load
    assert (free(now=now, skill=returns.pk), free(now=now, skill=returns.pk, language="de")) == (1, 1)


def test_free_agents__silent_chats__are_room_before_they_are_settled(
    make_agent: MakeAgent, make_chat: MakeChat, now: datetime
) -> None:
    agent = make_agent(capacity=3)
    for _chat in range(2):
        take(make_chat(), agent, now=now)
    later = now + timedelta(minutes=4)
    set_presence(agent, "online", now=later)
    assert DeskAvailability().free_agents(now=later) == 2


@pytest.mark.django_db(transaction=True)
def test_take_next__sixteen_at_once__each_gets_one_of_its_own(
    on_postgres: None,  # noqa: F811 - the fixture
    make_agent: MakeAgent,
    make_chat: MakeChat,
    now: datetime,
) -> None:
    agents = [make_agent(f"A{number}", capacity=1) for number in range(16)]
    for _chat in range(16):
        make_chat()

    results = race(lambda number: take_next(agents[number], now=now))

    assert not [result for result in results if isinstance(result, Exception)]
    assert len({result.pk for result in results if isinstance(result, Conversation)}) == 16
    assert set(Agent.objects.values_list("used_tenths", flat=True)) == {10}


@pytest.mark.django_db(transaction=True)
def test_take_next__one_agent_in_sixteen_windows__never_more_than_slots(
    on_postgres: None,  # noqa: F811 - the fixture
    make_agent: MakeAgent,
    make_chat: MakeChat,
    now: datetime,
) -> None:
    agent = make_agent(capacity=3)
    for _chat in range(16):
        make_chat()

    results = race(lambda _number: take_next(agent, now=now))

    got = {result.pk for result in results if isinstance(result, Conversation)}  # windows of the same instant show the same
    held = set(Conversation.objects.filter(agent=agent, weight=10).values_list("pk", flat=True))
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, NoFreeSlotError)]
    assert got == held
    assert Agent.objects.get(pk=agent.pk).used_tenths == 10 * len(held) <= 30
