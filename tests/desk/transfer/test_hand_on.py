"""Do slots move exactly, clocks go on, and shopper and colleague hear of it, whoever hands on to whom?"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Queue
from oscar_engage.desk.notes.models import InternalNote, NoteKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.promises.course import owes_answer
from oscar_engage.desk.promises.standing import Pace, standing_of
from oscar_engage.desk.slots import NoFreeSlotError, settle_silent
from oscar_engage.desk.take import close, take
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.desk.transfer.claim import MovedError, where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import hand_to_agent, hand_to_queue, take_over
from oscar_engage.desk.transfer.move import move_seen
from oscar_engage.desk.transfer.whereabouts import Whereabouts
from oscar_engage.visitors.models import Visitor
from tests.desk.conftest import NOW, MakeAgent

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def ben(make_agent: MakeAgent) -> Agent:
    return make_agent("Ben")


@pytest.fixture
def returns(db: None) -> Queue:
    return Queue.objects.create(slug="returns", name="Returns")


def deed(by: Agent, reason: str = "Ben knows returns", now: datetime = LATER) -> Deed:
    return Deed(by=by, user=by.user, reason=reason, now=now)


def say(conversation: Conversation, role: str, now: datetime, agent: Agent | None = None, **more: bool) -> Conversation:
    post_message(conversation, role=role, body="Hm", client_id=uuid.uuid4(), now=now, agent=agent, **more)
    return Conversation.objects.get(pk=conversation.pk)


def used() -> dict[str, int]:
    return dict(Agent.objects.values_list("display_name", "used_tenths"))


def last_word(conversation: Conversation) -> str:
    return conversation.messages.order_by("-seq").values_list("body", flat=True)[0]


def test_hand_to_agent__chat__slots_move_shopper_and_colleague_are_told(chat: Conversation, agent: Agent, ben: Agent) -> None:
    taken = take(chat, agent, now=NOW)
    given = hand_to_agent(taken, ben, deed(agent, now=NOW), seen=where_is(taken))

    assert (given.agent, given.status, given.weight) == (ben, "open", 10)
    assert used() == {"Mia": 0, "Ben": 10}
    assert last_word(chat) == "Ben is here for you now."
    note = InternalNote.objects.get()
    assert (note.kind, note.author, note.addressee, note.body) == (NoteKind.HANDOVER, agent, ben, "Ben knows returns")
    entry = AuditEntry.objects.get(action="conversation.handed_on")
    assert (entry.actor_id, entry.detail) == (agent.user_id, {"from": agent.pk, "to": ben.pk})


def test_hand_to_agent__silent_chat__weighs_as_much_as_a_new_one(chat: Conversation, agent: Agent, ben: Agent) -> None:
    taken = take(chat, agent, now=NOW)
    settle_silent(now=LATER)
    assert used() == {"Mia": 1, "Ben": 0}
    set_presence(ben, "online", now=LATER)
    hand_to_agent(taken, ben, deed(agent), seen=where_is(taken))
    assert used() == {"Mia": 0, "Ben": 10}


@pytest.mark.parametrize("why", ["full", "away", "lease over"])
def test_hand_to_agent__no_room__nothing_has_changed(
    why: str, chat: Conversation, agent: Agent, ben: Agent, make_chat: Callable[[], Conversation]
) -> None:
    taken, now = take(chat, agent, now=NOW), NOW + timedelta(seconds=20)
    if why == "full":
        Agent.objects.filter(pk=ben.pk).update(capacity=1)
        take(make_chat(), ben, now=NOW)
    if why == "away":
        set_presence(ben, "away", now=NOW)
    if why == "lease over":
        now = LATER
    before = (used(), where_is(taken), chat.messages.count())

    with pytest.raises(NoFreeSlotError):
        hand_to_agent(taken, ben, deed(agent, now=now), seen=where_is(taken))

    taken.refresh_from_db()
    assert (used(), where_is(taken), chat.messages.count()) == before
    assert not InternalNote.objects.exists()
    assert not AuditEntry.objects.filter(action="conversation.handed_on").exists()


def test_hand_to_agent__without_a_reason__nothing_has_changed(chat: Conversation, agent: Agent, ben: Agent) -> None:
    taken = take(chat, agent, now=NOW)
    with pytest.raises(InvalidMessageError):
        hand_to_agent(taken, ben, deed(agent, " ", now=NOW), seen=where_is(taken))
    taken.refresh_from_db()
    assert (taken.agent, used()) == (agent, {"Mia": 10, "Ben": 0})


@pytest.mark.parametrize("what", ["handed on", "closed", "moved"])
def test_hand_on__somebody_was_quicker__is_refused_with_what_became_of_it(
    what: str, chat: Conversation, agent: Agent, ben: Agent, make_agent: MakeAgent, returns: Queue
) -> None:
    taken = take(chat, agent, now=NOW)
    seen = where_is(taken)
    if what == "handed on":
        hand_to_agent(taken, make_agent("Cleo"), deed(agent, now=NOW), seen=seen)
    if what == "closed":
        close(taken, now=NOW)
    if what == "moved":
        move_seen(taken, returns, seen=seen, user=None, now=NOW)
    before = (used(), Conversation.objects.values().get())
    for hand in (
        lambda: hand_to_agent(taken, ben, deed(agent, now=NOW), seen=seen),
        lambda: hand_to_queue(taken, None, deed(agent, now=NOW), seen=seen),
        lambda: take_over(taken, ben, seen=seen, user=ben.user, now=NOW),
        lambda: move_seen(taken, None, seen=seen, user=None, now=NOW),
    ):
        with pytest.raises(MovedError) as refused:
            hand()
        assert where_is(refused.value.conversation) == where_is(Conversation.objects.get())
    assert (used(), Conversation.objects.values().get()) == before


def test_hand_to_agent__answered_and_the_shopper_waits__owes_an_answer_anew(
    chat: Conversation, agent: Agent, ben: Agent
) -> None:
    taken = say(take(chat, agent, now=NOW), "agent", NOW, agent)
    taken = say(taken, "shopper", NOW + timedelta(minutes=1))
    set_presence(ben, "online", now=LATER)
    given = hand_to_agent(taken, ben, deed(agent), seen=where_is(taken))
    given.refresh_from_db()

    assert owes_answer(given)
    assert (given.owed_since, given.due_at) == (LATER, LATER + timedelta(minutes=40))
    assert standing_of(given, now=LATER).pace is Pace.IN_TIME
    answered = say(given, "agent", LATER, ben)
    assert (owes_answer(answered), answered.owed_since) == (False, None)


def test_hand_to_agent__agent_spoke_last__nothing_is_owed(chat: Conversation, agent: Agent, ben: Agent) -> None:
    taken = say(take(chat, agent, now=NOW), "agent", NOW, agent)
    given = hand_to_agent(taken, ben, deed(agent, now=NOW), seen=where_is(taken))
    given.refresh_from_db()
    assert (owes_answer(given), given.owed_since) == (False, None)


def test_hand_to_agent__not_answered_yet__keeps_its_time(chat: Conversation, agent: Agent, ben: Agent) -> None:
    due, taken = chat.due_at, take(chat, agent, now=NOW)
    set_presence(ben, "online", now=LATER)
    given = hand_to_agent(taken, ben, deed(agent), seen=where_is(taken))
    given.refresh_from_db()
    assert (given.due_at, given.owed_since) == (due, NOW)


def test_hand_to_queue__answered_chat__waits_with_a_new_promise_that_the_shopper_reads(
    chat: Conversation, agent: Agent, returns: Queue
) -> None:
    taken = say(take(chat, agent, now=NOW), "agent", NOW, agent)
    hand_to_queue(taken, returns, deed(agent), seen=where_is(taken))
    chat.refresh_from_db()

    assert (chat.agent, chat.queue, chat.status, chat.weight) == (None, returns, "waiting", 0)
    assert (chat.due_at, chat.owed_since, chat.watch_at) == (
        LATER + timedelta(minutes=40),
        LATER,
        LATER + timedelta(minutes=30),
    )
    assert last_word(chat) == (
        "A colleague takes over; you are back in the queue. Our answer is here by 10:20 on 05/04/2026 at the latest."
    )
    assert used()["Mia"] == 0
    assert InternalNote.objects.get().addressee is None
    assert AuditEntry.objects.get(action="conversation.handed_on").detail == {"from": agent.pk, "queue": "returns"}


def test_hand_to_queue__twice__keeps_the_promise_of_the_first_time(chat: Conversation, agent: Agent, returns: Queue) -> None:
    taken = say(take(chat, agent, now=NOW), "agent", NOW, agent)
    hand_to_queue(taken, returns, deed(agent, now=NOW), seen=where_is(taken))
    set_presence(agent, "online", now=LATER)
    taken = take(chat, agent, now=LATER)
    hand_to_queue(taken, None, deed(agent), seen=where_is(taken))
    chat.refresh_from_db()
    assert chat.due_at == NOW + timedelta(minutes=40)


def test_hand_to_queue__answered_note__waits_again_and_says_nothing_to_the_shopper(
    note: Conversation, agent: Agent, returns: Queue
) -> None:
    answered = say(note, "agent", NOW, agent)
    hand_to_queue(answered, returns, deed(agent), seen=where_is(answered))
    note.refresh_from_db()
    assert (note.status, note.agent, note.queue, note.due_at) == ("waiting", None, returns, LATER + timedelta(minutes=40))
    assert note.messages.filter(role="system").count() == 0
    assert used() == {"Mia": 0}


def test_hand_to_agent__note__needs_no_room(note: Conversation, agent: Agent, ben: Agent) -> None:
    Agent.objects.filter(pk=ben.pk).update(capacity=0)
    owned = take(note, agent, now=NOW)
    given = hand_to_agent(owned, ben, deed(agent), seen=where_is(owned))
    assert (given.agent, given.status, given.weight, used()) == (ben, "waiting", 0, {"Mia": 0, "Ben": 0})


def test_take_over__chat__is_the_supervisors_and_both_others_are_told(chat: Conversation, agent: Agent, ben: Agent) -> None:
    taken = take(chat, agent, now=NOW)
    take_over(taken, ben, seen=where_is(taken), user=ben.user, now=NOW)
    chat.refresh_from_db()
    assert (chat.agent, used()) == (ben, {"Mia": 0, "Ben": 10})
    note = InternalNote.objects.get()
    assert (note.kind, note.addressee, note.body) == (NoteKind.WHISPER, agent, "Ben has taken over.")
    assert AuditEntry.objects.get(action="conversation.taken_over").detail == {"from": agent.pk, "to": ben.pk}


def test_move_seen__keeps_the_promise_and_the_place_in_line(note: Conversation, returns: Queue) -> None:
    before = (note.due_at, note.created_at, note.owed_since)
    moved = move_seen(note, returns, seen=where_is(note), user=None, now=LATER)
    note.refresh_from_db()
    assert (note.due_at, note.created_at, note.owed_since) == before
    assert (note.queue, where_is(moved)) == (returns, where_is(note))
    move_seen(note, None, seen=Whereabouts("waiting", None, returns.pk), user=None, now=LATER, is_undo=True)
    details = AuditEntry.objects.filter(action="conversation.moved").order_by("pk").values_list("detail", flat=True)
    assert list(details) == [
        {"from": None, "queue": "returns"},
        {"from": returns.pk, "queue": "", "undo": True},
    ]


steps = st.lists(
    st.tuples(
        st.sampled_from(["take", "give", "queue", "over", "close", "silent", "say", "offline", "online"]),
        *[st.integers(0, 2)] * 2,
    ),
    max_size=25,
)


@given(steps=steps)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_slots__any_history_of_hands__are_the_sum_of_the_chats(
    steps: list[tuple[str, int, int]], django_user_model: type, db: None
) -> None:
    Conversation.objects.all().delete()
    Agent.objects.all().delete()
    users = [
        django_user_model.objects.create(username=uuid.uuid4().hex, email=f"{uuid.uuid4().hex}@x.example") for _ in range(3)
    ]
    agents = [
        set_presence(Agent.objects.create(user=user, display_name=str(at), capacity=2), "online", now=NOW)
        for at, user in enumerate(users)
    ]
    chats = [
        open_conversation(
            ConversationKind.CHAT,
            visitor_id=Visitor.objects.create(created_at=NOW, last_seen_at=NOW, consent=1).pk,
            body="Hm",
            now=NOW,
        )
        for _chat in range(3)
    ]
    for minute, (what, which, who) in enumerate(steps):
        now = NOW + timedelta(seconds=minute)
        chat, agent = Conversation.objects.get(pk=chats[which].pk), agents[who]
        with suppress(ValueError):  # refused: nothing may have changed
            _do(what, chat, agent, now)
        for one in Agent.objects.all():
            held = Conversation.objects.filter(agent=one).values_list("weight", flat=True)
            assert one.used_tenths == sum(held), what
        assert not Conversation.objects.filter(status="open", agent=None).exists()
        assert not Conversation.objects.exclude(status="open").filter(weight__gt=0).exists()


def _do(what: str, chat: Conversation, agent: Agent, now: datetime) -> None:
    if what == "take":
        take(chat, agent, now=now)
    elif what == "give" and chat.agent_id != agent.pk:
        hand_to_agent(chat, agent, deed(agent, now=now), seen=where_is(chat))
    elif what == "queue":
        hand_to_queue(chat, None, deed(agent, now=now), seen=where_is(chat))
    elif what == "over" and chat.agent_id not in {None, agent.pk}:
        take_over(chat, agent, seen=where_is(chat), user=None, now=now)
    elif what == "close":
        close(chat, now=now)
    elif what == "silent":
        settle_silent(now=now + timedelta(minutes=5))
    elif what == "say" and chat.agent_id:
        post_message(chat, role="shopper", body="x", client_id=uuid.uuid4(), now=now)
    elif what in {"offline", "online"}:
        set_presence(agent, what, now=now)
