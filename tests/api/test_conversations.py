"""Can a program read the desk and answer at it, by the desk's own rules?"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.topics.models import Topic
from oscar_engage.keys.models import ApiKey
from tests.api.conftest import Program
from tests.dashboard.conftest import make_conversation, start_visit

pytestmark = pytest.mark.django_db


def say(body: str = "In two days.", **more: Any) -> dict[str, Any]:
    return {"body": body, "client_id": str(uuid.uuid4()), **more}


def test_list__pages_by_cursor__gives_each_once(program_of: Callable[..., Program]) -> None:
    visit = start_visit()
    made = {make_conversation(visit).public_id for _number in range(60)}
    program = program_of("agent")
    page = program.get("conversations/").json()
    later = make_conversation(visit)  # comes in between, and shifts nothing
    rest = program.client.get(page["next"]).json()
    found = [one["public_id"] for one in (*page["results"], *rest["results"])]
    assert set(found) == made
    assert len(found) == 60
    assert later.public_id not in found
    assert rest["next"] is None


def test_list__narrowed__by_status_and_kind(program_of: Callable[..., Program], note: Conversation, chat: Conversation) -> None:
    program = program_of("agent")
    found = program.get("conversations/", kind="chat", status="waiting").json()["results"]
    assert [one["public_id"] for one in found] == [chat.public_id]
    assert program.get("conversations/", queue="none").json()["results"] == []


def test_one__and_its_messages__are_read(program_of: Callable[..., Program], note: Conversation) -> None:
    program = program_of("agent")
    one = program.get(f"conversations/{note.public_id}/").json()
    assert (one["reference"], one["kind"], one["status"]) == (note.reference, "note", "waiting")
    said = program.get(f"conversations/{note.public_id}/messages/").json()["results"]
    assert [(message["role"], message["body"]) for message in said] == [("shopper", "When does it arrive?")]
    assert program.get("conversations/unknown/").status_code == 404
    assert program.get("conversations/unknown/messages/").status_code == 404


def test_answer__once_for_each_client_id__as_the_keys_user(program_of: Callable[..., Program], note: Conversation) -> None:
    program, said = program_of("agent"), say()
    answers = [program.post(f"conversations/{note.public_id}/messages/", said) for _number in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    posted = note.messages.get(role=Role.AGENT)
    assert (posted.body, posted.agent.user.username) == ("In two days.", "agent")
    entry = AuditEntry.objects.filter(action="conversation.replied").first()
    assert entry.detail == {"key": ApiKey.objects.get().prefix}


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001, None])
def test_answer__that_is_none__is_refused(body: Any, program_of: Callable[..., Program], note: Conversation) -> None:
    assert program_of("agent").post(f"conversations/{note.public_id}/messages/", say(body)).status_code == 400
    assert not note.messages.filter(role=Role.AGENT).exists()


def test_answer__in_a_chat_that_nobody_took__is_a_conflict(program_of: Callable[..., Program], chat: Conversation) -> None:
    response = program_of("agent").post(f"conversations/{chat.public_id}/messages/", say())
    assert (response.status_code, response.json()["detail"]) == (409, "Take the chat first.")


def test_answer__overtaken_by_a_colleague__is_a_conflict(program_of: Callable[..., Program], note: Conversation) -> None:
    seen = note.last_seq
    assert program_of("supervisor").post(f"conversations/{note.public_id}/messages/", say()).status_code == 201
    late = program_of("agent").post(f"conversations/{note.public_id}/messages/", say("In three.", seen=seen))
    assert late.status_code == 409


def test_assign__to_oneself_and_on__moves_it(program_of: Callable[..., Program], chat: Conversation) -> None:
    program = program_of("agent")
    assert program.post(f"conversations/{chat.public_id}/assign/").status_code == 409, "not online: no free slot"
    for name in ("agent", "mia"):
        user, _is_new = get_user_model().objects.get_or_create(username=name, defaults={"email": f"{name}@example.com"})
        agent, _is_new = Agent.objects.get_or_create(user=user, defaults={"display_name": name.title()})
        set_presence(agent, "online", now=timezone.now())
    assert program.post(f"conversations/{chat.public_id}/assign/").json()["agent"] == "agent".title()
    to = {"agent": Agent.objects.get(display_name="Mia").pk}
    assert program.post(f"conversations/{chat.public_id}/assign/", to).status_code == 400, "without a reason"
    given = program.post(f"conversations/{chat.public_id}/assign/", {**to, "reason": "Knows boots."})
    assert given.json()["agent"] == "Mia"
    assert InternalNote.objects.get().body == "Knows boots."
    again = program.post(f"conversations/{chat.public_id}/assign/", {**to, "reason": "Mine again."})
    assert again.status_code == 403, "it is a colleague's now"


def test_close__with_what_it_was_about(program_of: Callable[..., Program], note: Conversation) -> None:
    Topic.objects.create(slug="delivery", name="Delivery")
    program = program_of("agent")
    wrong = program.post(f"conversations/{note.public_id}/close/", {"topic": "weather"})
    assert (wrong.status_code, Conversation.objects.get(pk=note.pk).status) == (400, "waiting")
    closed = program.post(f"conversations/{note.public_id}/close/", {"topic": "delivery", "outcome": "solved"}).json()
    assert (closed["status"], closed["topic"], closed["outcome"]) == ("closed", "delivery", "solved")
    assert program.post(f"conversations/{note.public_id}/messages/", say()).status_code == 409


def test_close__of_a_colleague__is_for_supervisors(program_of: Callable[..., Program], note: Conversation) -> None:
    user = get_user_model().objects.create_user("mia", "mia@example.com")
    Conversation.objects.update(agent=Agent.objects.create(user=user, display_name="Mia"))
    assert program_of("agent").post(f"conversations/{note.public_id}/close/").status_code == 403
    assert Conversation.objects.get(pk=note.pk).status == "waiting"
    assert program_of("supervisor").post(f"conversations/{note.public_id}/close/").status_code == 200


@pytest.mark.parametrize("path", ["messages", "close", "assign"])
def test_write__with_a_reading_key__is_refused(path: str, program_of: Callable[..., Program], note: Conversation) -> None:
    program = program_of("supervisor", scopes=["conversations:read"])
    assert program.post(f"conversations/{note.public_id}/{path}/", say()).status_code == 403
