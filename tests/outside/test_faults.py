"""Does a desk that is away, slow or half dead cost anything: a message, a message twice, a shopper's time, a worker's?"""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Message, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import append, lock_conversation, post_message
from oscar_engage.desk.take import take
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.outside import carry, hear
from oscar_engage.outside.models import OutsideConversation, OutsideState
from oscar_engage.outside.plan import CARRY
from oscar_engage.outside.state import PATIENCE
from tests.outside.conftest import Shop, connect, dead_jobs
from tests.outside.stand_in import StandIn

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, text: str, shop: Shop) -> Message:
    return post_message(conversation, role=Role.SHOPPER, body=text, client_id=uuid.uuid4(), now=shop.now)


def said(conversation: Conversation, text: str, shop: Shop) -> Message:
    """Write without the limit that keeps a shopper from flooding the desk."""
    return append(lock_conversation(conversation), role=Role.SHOPPER, body=text, client_id=uuid.uuid4(), now=shop.now)


def test_desk__that_does_and_never_says_so__has_everything_once(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    """A worker that dies, or a line that breaks, after each single request that writes."""
    say(chat, "And in blue?", shop)
    for _try in range(6):
        desk.forgetful = True
        shop.work(300)
    desk.forgetful = False
    for _try in range(6):
        shop.work(300)
    assert (len(desk.contacts), len(desk.conversations)) == (1, 1)
    assert desk.texts(message_type="incoming") == ["Is this in stock?", "And in blue?"]
    assert len(desk.texts(private=True)) == 1


def test_worker__killed_between_writing_there_and_noting_it__doubles_nothing(
    shop: Shop, desk: StandIn, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(carry, "_note_told", die)
        with pytest.raises(KeyboardInterrupt):
            shop.work()
    assert desk.texts(message_type="incoming") == ["Is this in stock?"]
    for _minute in range(8):
        shop.work()
    assert desk.texts(message_type="incoming") == ["Is this in stock?"]
    assert OutsideConversation.objects.get().told_seq == 1


def test_desk__away__costs_no_message_and_little_waiting_and_is_caught_up_with(
    shop: Shop, desk: StandIn, chat: Conversation
) -> None:
    shop.work()
    desk.down = True
    desk.asked.clear()
    for number in range(200):
        if number % 20 == 0:
            say(chat, f"Question {number}", shop)
        shop.work()
    assert len(desk.asked) < 200, "one try in each rest, and those of the jobs"
    state = OutsideState.objects.get()
    assert state.failures >= PATIENCE
    assert state.trouble == "status 503"
    desk.down = False
    for _minute in range(6):
        shop.work()
    assert desk.texts(message_type="incoming") == ["Is this in stock?", *(f"Question {number}" for number in range(0, 200, 20))]
    assert OutsideState.objects.get().failures == 0


def test_chat__held_there_while_that_desk_is_away__waits_here_again(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent, agent: Agent
) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Hello")
    shop.tell()
    shop.work()
    desk.down = True
    say(chat, "Are you there?", shop)
    for _minute in range(8):
        shop.work()
    chat.refresh_from_db()
    assert (chat.status, chat.agent) == ("waiting", None)
    agent.lease_until = shop.now + timedelta(minutes=5)
    agent.presence = "online"
    agent.save()
    assert take(chat, agent, now=shop.now).agent == agent


def test_conversations__begin_and_go_on_here__while_that_desk_is_away(shop: Shop, desk: StandIn, make_visitor: Any) -> None:
    desk.down = True
    begun = open_conversation(ConversationKind.CHAT, visitor_id=make_visitor().pk, body="Hello?", now=shop.now)
    shop.work()
    say(begun, "Anybody?", shop)
    assert begun.messages.count() == 2


def test_job__that_failed_for_good__is_dead_for_a_person_and_no_bar_for_what_comes(
    shop: Shop, desk: StandIn, chat: Conversation
) -> None:
    desk.down = True
    for _try in range(30):
        shop.work(600)
    assert [one.startswith(f"{CARRY}: ") for one in dead_jobs()] == [True]
    desk.down = False
    for _try in range(3):
        shop.work(300)
    assert desk.texts(message_type="incoming") == ["Is this in stock?"]


def test_job__beside_another_worker__leaves_the_conversation_to_it(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    say(chat, "More", shop)
    OutsideConversation.objects.update(lease_until=shop.now + timedelta(hours=1))
    shop.work()
    assert desk.texts(message_type="incoming") == ["Is this in stock?"]
    shop.work(3700)
    shop.work()
    assert desk.texts(message_type="incoming") == ["Is this in stock?", "More"]


def test_writing_there__finds_what_came_meanwhile(shop: Shop, desk: StandIn, chat: Conversation) -> None:
    shop.work()
    said(chat, "One", shop)
    sent: list[str] = []

    def write_more(method: str, path: str) -> None:
        if method == "POST":
            sent.append(path)

    desk.before_answer = write_more
    many = [said(chat, f"Line {number}", shop) for number in range(carry.MOST + 5)]
    shop.work()
    assert len(desk.texts(message_type="incoming")) == 2 + len(many)
    assert len(sent) == 1 + len(many), "one request for each message"


def test_inbox__with_one_conversation_for_each_contact__is_refused_and_says_so(
    shop: Shop, desk: StandIn, chat: Conversation, make_visitor: Any
) -> None:
    desk.inbox["lock_to_single_conversation"] = True
    shop.work()
    open_conversation(ConversationKind.CHAT, visitor_id=chat.visitor_id, body="Another", now=shop.now)
    shop.work()
    assert "keeps one conversation" in Job.objects.get(kind=CARRY, state=JobState.DUE).last_error


def test_desk__answers_rubbish__is_a_failed_try(
    shop: Shop, desk: StandIn, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rubbish: list[Any] = [[], {"payload": "x"}, {"payload": {"contact": []}}, "text", 3, None, {"id": -1}]
    hear._plan(chat, now=shop.now)
    for answer in rubbish:
        monkeypatch.setattr(desk, "answer", lambda *_args, answer=answer: answer)
        shop.work(3600)
        assert OutsideState.objects.get().trouble
    job = Job.objects.get(kind=CARRY)
    assert (job.state, job.attempts) == (JobState.DUE, len(rubbish))


def test_token__wrong__is_said(shop: Shop, desk: StandIn, chat: Conversation, settings: Any) -> None:
    given = {**settings.OSCAR_ENGAGE["OUTSIDE_DESK"], "TOKEN": "another"}
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "OUTSIDE_DESK": given}
    shop.work()
    assert OutsideState.objects.get().trouble == "status 401"


@pytest.mark.attack("D02")
@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "[::1]", "localhost", "2130706433"])
def test_address__of_the_shops_own_network__is_never_connected_to(
    host: str, shop: Shop, stand_in: StandIn, chat: Conversation, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(stand_in, settings, monkeypatch, URL=f"https://{host}", PRIVATE=False)
    monkeypatch.undo()
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "OUTSIDE_DESK": {**_desk(host)}}

    def refuse(*_to: Any, **_how: Any) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr("socket.create_connection", refuse)
    shop.work()
    assert OutsideState.objects.get().trouble in {"address refused", "gaierror"}


def _desk(host: str) -> dict[str, Any]:
    adapter = "oscar_engage.outside.chatwoot.Chatwoot"
    return {"ADAPTER": adapter, "URL": f"https://{host}", "ACCOUNT": 1, "INBOX": 2, "TOKEN": "t", "SECRET": "s"}
