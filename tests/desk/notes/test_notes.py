"""Do agents' notes stay among agents, in their place between the messages, and go with a trace?"""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.erase import delete_conversations
from oscar_engage.desk.export import export_note
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.notes.models import InternalNote, NoteKind
from oscar_engage.desk.notes.read import between, find_note, latest_note, notes_after, whispers_to
from oscar_engage.desk.notes.write import NobodyThereError, delete_note, whisper, write_note
from oscar_engage.desk.post import post_message
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.take import close, take
from oscar_engage.desk.text import InvalidMessageError

pytestmark = pytest.mark.django_db
MakeAgent = Callable[..., Agent]


def test_write_note__card_number__is_masked_and_nothing_said_to_the_shopper(
    note: Conversation, agent: Agent, now: datetime
) -> None:
    before = (note.last_seq, note.messages.count())
    written = write_note(note, agent, body=" Pays with 4111 1111 1111 1111 ", now=now)
    note.refresh_from_db()
    assert "4111 1111" not in written.body
    assert written.body.startswith("Pays with")
    assert (note.last_seq, note.messages.count()) == before


@pytest.mark.parametrize("body", ["", "  \n", "x" * 4001])
def test_write_note__without_text_or_too_long__is_refused(body: str, note: Conversation, agent: Agent, now: datetime) -> None:
    with pytest.raises(InvalidMessageError):
        write_note(note, agent, body=body, now=now)
    assert not InternalNote.objects.exists()


def test_between__stands_by_time_and_after_a_message_of_the_same_moment(
    note: Conversation, agent: Agent, now: datetime
) -> None:
    later = now + timedelta(minutes=2)
    post_message(note, role="agent", agent=agent, body="On Friday.", client_id=uuid.uuid4(), now=later)
    bodies = [("third", later), ("first", now + timedelta(minutes=1)), ("same moment", now)]
    notes = [write_note(note, agent, body=body, now=at) for body, at in bodies]

    shown = between(messages_after(note, 0), notes)

    assert [one.body for one in shown] == ["Do you ship to Malta?", "same moment", "first", "On Friday.", "third"]
    assert latest_note(notes) == notes[-1].pk
    assert latest_note([]) == 0


def test_notes_after__whisper__is_read_by_whom_it_is_for_and_by_supervisors_alone(
    chat: Conversation, agent: Agent, make_agent: MakeAgent, now: datetime
) -> None:
    boss, other = make_agent("Boss"), make_agent("Other")
    take(chat, agent, now=now)
    plain = write_note(chat, other, body="Plain", now=now)
    said = whisper(chat, boss, body="Offer a voucher", user=boss.user, now=now)

    def read(reader: Agent, *, is_supervisor: bool = False, after: int = 0) -> list[InternalNote]:
        return list(notes_after(chat, after, reader=reader, is_supervisor=is_supervisor))

    assert read(agent) == read(boss) == read(other, is_supervisor=True) == [plain, said]
    assert read(other) == [plain]
    assert read(agent, after=plain.pk) == [said]
    assert whispers_to(agent.pk, read(agent)) == [said]
    assert whispers_to(boss.pk, read(boss)) == []
    assert AuditEntry.objects.get(action="conversation.whispered").detail == {"to": agent.pk}


@pytest.mark.parametrize("whose", ["nobody", "own", "closed"])
def test_whisper__nobody_to_hear_it__is_refused(
    whose: str, chat: Conversation, agent: Agent, make_agent: MakeAgent, now: datetime
) -> None:
    boss = make_agent("Boss")
    if whose != "nobody":
        take(chat, boss if whose == "own" else agent, now=now)
    if whose == "closed":
        close(chat, now=now)
    with pytest.raises(NobodyThereError):
        whisper(chat, boss, body="Psst", user=boss.user, now=now)
    assert not InternalNote.objects.exists()


def test_delete_note__leaves_whose_it_was_without_its_words(note: Conversation, agent: Agent, now: datetime) -> None:
    written = write_note(note, agent, body="Difficult customer", now=now)
    assert find_note(written.pk) == written
    for _again in range(2):
        delete_note(InternalNote(pk=written.pk, conversation=note, author=agent), user=agent.user, now=now)
    entry = AuditEntry.objects.get(action="note.deleted")
    assert entry.detail == {"note": written.pk, "kind": "note", "author": agent.pk}
    assert find_note(written.pk) is None


def test_export__note__is_given_with_its_words_and_without_agents_names(
    note: Conversation, agent: Agent, now: datetime
) -> None:
    written = write_note(note, agent, body="Mia says: a regular customer", now=now, kind=NoteKind.HANDOVER, addressee=agent)
    given = export_note(written)
    assert given["body"] == "[agent] says: a regular customer"
    assert "Mia" not in json.dumps(given, default=str)
    with override_settings(OSCAR_ENGAGE={"EXPORT_AGENT_NAMES": True}):
        assert (export_note(written)["author"], export_note(written)["addressee"]) == ("Mia", "Mia")


def test_erasure__notes_go_with_the_conversation_and_lose_an_author_who_goes(
    note: Conversation, agent: Agent, now: datetime
) -> None:
    written = write_note(note, agent, body="Hm", now=now)
    agent.delete()
    written.refresh_from_db()
    assert written.author is None
    delete_conversations(Conversation.objects.all(), now=now)
    assert not InternalNote.objects.exists()
