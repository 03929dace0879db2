"""Does a supervisor see what goes on, seen by those looked at; and does nothing get lost when somebody leaves?"""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, Conversation, Queue
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.oversight.board import read_chats, read_totals, read_version, read_waiting, waits_since
from oscar_engage.desk.oversight.send_off import send_off
from oscar_engage.desk.oversight.watch import LEASE, note_watching, watchers_of
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import heartbeat, set_presence
from oscar_engage.desk.take import close, take
from oscar_engage.desk.transfer.deed import Deed
from tests.desk.conftest import NOW, MakeAgent

pytestmark = pytest.mark.django_db
MakeChat = Callable[[], Conversation]
SECOND = timedelta(seconds=1)


def test_watching__of_a_colleagues_chat__is_known_while_it_lasts_and_noted_at_each_beginning(
    chat: Conversation, agent: Agent, make_agent: MakeAgent
) -> None:
    boss = make_agent("Boss")
    taken = take(chat, agent, now=NOW)
    times = [NOW, NOW + LEASE / 2, NOW + LEASE, NOW + 3 * LEASE]  # the last one a new beginning
    assert all(note_watching(taken, boss, user=boss.user, now=now) for now in times)

    assert watchers_of(taken, now=times[-1]) == [boss]
    assert watchers_of(taken, now=times[-1] + LEASE) == []
    entries = AuditEntry.objects.filter(action="conversation.watched")
    assert [entry.at for entry in entries.order_by("pk")] == [NOW, times[-1]]
    assert {entry.actor_id for entry in entries} == {boss.user_id}


@pytest.mark.parametrize("what", ["own", "waits", "closed", "note"])
def test_watching__anything_else__is_no_looking_on(what: str, chat: Conversation, note: Conversation, agent: Agent) -> None:
    looked_at = note if what == "note" else chat
    if what in {"own", "closed"}:
        looked_at = take(chat, agent, now=NOW)
    if what == "closed":
        looked_at = close(looked_at, now=NOW)
    assert not note_watching(looked_at, agent, user=agent.user, now=NOW)
    assert watchers_of(looked_at, now=NOW) == []
    assert not AuditEntry.objects.exists()


def test_watcher__who_takes_over__looks_on_no_more(chat: Conversation, agent: Agent, make_agent: MakeAgent) -> None:
    boss = make_agent("Boss")
    taken = take(chat, agent, now=NOW)
    note_watching(taken, boss, user=boss.user, now=NOW)
    Conversation.objects.update(agent=boss)
    taken.refresh_from_db()
    assert watchers_of(taken, now=NOW) == []


def leave(by: Agent) -> Deed:
    return Deed(by=by, user=by.user, reason="Gone home", now=NOW)


def test_send_off__back__chats_and_notes_wait_in_the_queues_they_came_from(
    agent: Agent, make_agent: MakeAgent, make_chat: MakeChat, note: Conversation
) -> None:
    boss, queue = make_agent("Boss"), Queue.objects.create(slug="returns", name="Returns")
    chats = [make_chat(), make_chat()]
    Conversation.objects.filter(pk=chats[0].pk).update(queue=queue)
    for one in (*chats, note):
        take(one, agent, now=NOW)

    assert send_off(agent, leave(boss)) == (0, 3)

    agent.refresh_from_db()
    assert (agent.presence, agent.used_tenths) == ("offline", 0)
    rows = Conversation.objects.order_by("pk").values_list("queue", "agent", "status", "weight")
    assert set(rows) == {(queue.pk, None, "waiting", 0), (None, None, "waiting", 0)}
    assert InternalNote.objects.filter(body="Gone home", author=boss).count() == 3
    assert AuditEntry.objects.get(action="agent.sent_off").detail == {"given": 0, "returned": 3}


def test_send_off__to_an_agent_with_room_for_one__the_rest_goes_back(
    agent: Agent, make_agent: MakeAgent, make_chat: MakeChat
) -> None:
    boss, ben = make_agent("Boss"), make_agent("Ben", capacity=1)
    for chat in (make_chat(), make_chat()):
        take(chat, agent, now=NOW)

    assert send_off(agent, leave(boss), to=ben) == (1, 1)

    assert dict(Agent.objects.values_list("display_name", "used_tenths")) == {"Mia": 0, "Ben": 10, "Boss": 0}
    assert Conversation.objects.filter(agent=ben, status="open").count() == 1
    assert Conversation.objects.filter(agent=None, status="waiting").count() == 1


def test_send_off__to_a_queue__all_wait_there_and_again_changes_nothing(
    agent: Agent, make_agent: MakeAgent, make_chat: MakeChat
) -> None:
    boss, queue = make_agent("Boss"), Queue.objects.create(slug="returns", name="Returns")
    take(make_chat(), agent, now=NOW)
    assert [send_off(agent, leave(boss), to=queue), send_off(agent, leave(boss), to=queue)] == [(1, 0), (0, 0)]
    assert Conversation.objects.get().queue == queue


def test_send_off__of_somebody_offline__does_not_bring_them_back(
    agent: Agent, make_agent: MakeAgent, note: Conversation
) -> None:
    boss = make_agent("Boss")
    take(note, agent, now=NOW)
    set_presence(agent, "offline", now=NOW)
    agent.refresh_from_db()
    assert send_off(agent, leave(boss)) == (0, 1)
    agent.refresh_from_db()
    assert (agent.presence, agent.online_since) == ("offline", None)


def test_version__changes_with_what_the_board_shows_and_with_nothing_else(
    agent: Agent, make_agent: MakeAgent, make_chat: MakeChat, django_assert_num_queries: Callable[..., object]
) -> None:
    chat, seen = make_chat(), []

    def look(at: int = 0) -> str:
        return read_version(now=NOW + at * SECOND)

    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # a context manager
        seen.append(look())
    heartbeat(agent, now=NOW + SECOND)
    assert look(20) == seen[-1]  # a lease that goes on is nothing new
    for change in (
        make_chat,
        lambda: take(chat, agent, now=NOW),
        lambda: post_message(chat, role="agent", agent=agent, body="Hm", client_id=uuid.uuid4(), now=NOW),
        lambda: Queue.objects.create(slug="returns", name="Returns"),
        lambda: Conversation.objects.filter(pk=chat.pk).update(queue=Queue.objects.get()),
        lambda: Queue.objects.update(name="Sent back"),
        lambda: set_presence(agent, "away", now=NOW, reason="lunch"),
        lambda: make_agent("Ben"),
        lambda: close(chat, now=NOW),
        lambda: Agent.objects.update(lease_until=NOW),
    ):
        change()
        seen.append(look())
    seen.append(look(30))
    assert len(set(seen)) == len(seen)


def test_waiting__since_the_question_or_since_it_went_back(agent: Agent, make_chat: MakeChat) -> None:
    first, again = make_chat(), make_chat()
    take(again, agent, now=NOW)
    post_message(again, role="agent", agent=agent, body="Hm", client_id=uuid.uuid4(), now=NOW)
    later = NOW + timedelta(minutes=10)
    set_presence(agent, "offline", now=later)
    by_pk = {one.pk: one for one in read_waiting()}
    assert {pk: waits_since(one) for pk, one in by_pk.items()} == {first.pk: NOW, again.pk: later}
    assert by_pk[first.pk].words == "Is this in stock?"
    assert read_chats() == []
    totals = read_totals(since=NOW - timedelta(hours=1), now=later)
    assert (totals.waiting, totals.longest_since) == (2, NOW)
    assert (totals.kept.kept, totals.kept.broken) == (1, 0)


def test_agent_gone__answered_chat__is_promised_an_answer_anew_and_the_shopper_reads_when(
    chat: Conversation, agent: Agent
) -> None:
    take(chat, agent, now=NOW)
    post_message(chat, role="agent", agent=agent, body="Hm", client_id=uuid.uuid4(), now=NOW, is_question=True)
    later = NOW + timedelta(minutes=10)
    set_presence(agent, "offline", now=later)
    chat.refresh_from_db()
    assert (chat.due_at, chat.owed_since, chat.paused_at) == (later + timedelta(minutes=40), later, None)
    assert chat.messages.order_by("-seq")[0].body == (
        "Mia had to leave. You are back in the queue; the next free agent takes over."
        " Our answer is here by 10:20 on 05/04/2026 at the latest."
    )


def test_presence_since__changes_with_presence_and_reason_alone(agent: Agent) -> None:
    for minute, (presence, reason) in enumerate([("online", ""), ("away", "lunch"), ("away", "lunch"), ("away", "meeting")]):
        agent = set_presence(agent, presence, reason=reason, now=NOW + timedelta(minutes=minute))
        assert agent.presence_since == NOW + timedelta(minutes=[0, 1, 1, 3][minute])
