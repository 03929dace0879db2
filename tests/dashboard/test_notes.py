"""Do agents find each other's notes, hear whispers at once, know who looks on, and does no shopper see any of it?"""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.notes.models import InternalNote

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


@pytest.fixture
def agent(client_of: Callable[[str], Client], chat: Conversation) -> Client:
    client = client_of("agent")
    client.post(url("presence"), {"presence": "online"})
    client.post(url("conversation-take", chat.public_id))
    return client


@pytest.fixture
def boss(client_of: Callable[[str], Client]) -> Client:
    client = client_of("supervisor")
    client.post(url("presence"), {"presence": "online"})
    return client


def poll(client: Client, chat: Conversation, after: int = 0, watched: str = "") -> object:
    asked = {"notes_after": after, "watched": watched}
    return client.get(url("conversation-notes", chat.public_id), asked, headers=HTMX)


def test_note__by_a_form__stands_between_the_messages_and_is_audited(agent: Client, boss: Client, chat: Conversation) -> None:
    page = agent.post(url("conversation-notes", chat.public_id), {"note": "<b>Regular</b> customer"}, follow=True)
    text = page.content.decode()
    assert "&lt;b&gt;Regular&lt;/b&gt; customer" in text
    assert text.index("When does it arrive?") < text.index("Regular")
    assert AuditEntry.objects.get(action="conversation.noted").detail == {}
    assert "Regular" in boss.get(url("conversation", chat.public_id)).content.decode()


def test_note__with_htmx__is_appended_with_an_empty_field(agent: Client, chat: Conversation) -> None:
    response = agent.post(url("conversation-notes", chat.public_id), {"note": "Hm", "notes_after": "0"}, headers=HTMX)
    text, pk = response.content.decode(), InternalNote.objects.get().pk
    assert f'data-note="{pk}"' in text
    assert f'name="notes_after" value="{pk}"' in text
    assert re.search(r"<textarea[^>]*></textarea>", text)


@pytest.mark.parametrize("body", ["", " \u200b ", "x" * 4001])
@pytest.mark.parametrize("name", ["conversation-notes", "conversation-whisper"])
def test_note__that_cannot_be__comes_back_with_the_reason(
    name: str, body: str, agent: Client, boss: Client, chat: Conversation
) -> None:
    response = boss.post(url(name, chat.public_id), {"note": body}, headers=HTMX)
    assert 'role="alert"' in response.content.decode()
    assert boss.post(url(name, chat.public_id), {"note": body}).status_code == 302
    assert not InternalNote.objects.exists()


def test_poll__nothing_new__is_204_and_costs_little(
    agent: Client, chat: Conversation, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    agent.post(url("conversation-notes", chat.public_id), {"note": "Hm"})
    pk = InternalNote.objects.get().pk
    assert poll(agent, chat).status_code == 200  # type: ignore[attr-defined]  # a response
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]  # a context manager
        assert poll(agent, chat, after=pk).status_code == 204  # type: ignore[attr-defined]  # a response


def test_whisper__stands_out_in_the_agents_next_poll_and_a_colleague_never_reads_it(
    agent: Client, boss: Client, client_of: Callable[[str], Client], chat: Conversation
) -> None:
    assert poll(agent, chat).status_code == 204  # type: ignore[attr-defined]  # a response
    boss.post(url("conversation-whisper", chat.public_id), {"note": "Offer a voucher"})

    heard = poll(agent, chat).content.decode()  # type: ignore[attr-defined]  # a response
    assert "Supervisor whispers:" in heard
    assert re.search(r'hx-swap-oob="beforeend:#engage-whispers"><p class="engage-whisper">.*Offer a voucher', heard, re.S)
    assert re.search(r'role="status" id="engage-whispers"><p', agent.get(url("conversation", chat.public_id)).content.decode())

    colleague = client_of("superuser")
    assert "Offer a voucher" in colleague.get(url("conversation", chat.public_id)).content.decode()  # may supervise
    Agent.objects.filter(display_name="Agent").update(used_tenths=0)
    Conversation.objects.update(agent=Agent.objects.get(display_name="Supervisor"))
    InternalNote.objects.update(addressee=Agent.objects.get(display_name="Superuser"))
    for answer in (agent.get(url("conversation", chat.public_id)), poll(agent, chat)):
        assert "Offer a voucher" not in answer.content.decode()  # type: ignore[attr-defined]  # a response


def test_whisper__after_the_agents_answer__stands_out_no_more(agent: Client, boss: Client, chat: Conversation) -> None:
    boss.post(url("conversation-whisper", chat.public_id), {"note": "Offer a voucher"})
    said = {"body": "Would a voucher help?", "client_id": "6b7d7f7e-0000-4000-8000-000000000001"}
    agent.post(url("conversation-reply", chat.public_id), said)
    page = agent.get(url("conversation", chat.public_id)).content.decode()
    assert "Offer a voucher" in page
    assert 'class="engage-whisper"' not in page


def test_whisper__nobody_has_it__says_so(boss: Client, chat: Conversation) -> None:
    response = boss.post(url("conversation-whisper", chat.public_id), {"note": "Psst"}, headers=HTMX)
    assert "there is nobody to hear it" in response.content.decode()


def test_looking_on__agents_page_names_who(agent: Client, boss: Client, chat: Conversation) -> None:
    assert "Looking on" not in agent.get(url("conversation", chat.public_id)).content.decode()
    page = boss.get(url("conversation", chat.public_id)).content.decode()
    assert "The agent sees that." in page
    assert 'name="body"' not in page  # read-only

    told = poll(agent, chat).content.decode()  # type: ignore[attr-defined]  # a response
    assert "Looking on: Supervisor." in told
    assert "The agent sees that." not in told
    pk = Agent.objects.get(display_name="Supervisor").pk
    assert f'name="watched" value="{pk}"' in told
    assert poll(agent, chat, watched=str(pk)).status_code == 204  # type: ignore[attr-defined]  # a response
    assert AuditEntry.objects.filter(action="conversation.watched").count() == 1


def test_delete__by_a_supervisor__takes_it_away_with_a_trace(agent: Client, boss: Client, chat: Conversation) -> None:
    agent.post(url("conversation-notes", chat.public_id), {"note": "Rude"})
    note = InternalNote.objects.get()
    assert url("note-delete", note.pk) not in agent.get(url("conversation", chat.public_id)).content.decode()
    assert url("note-delete", note.pk) in boss.get(url("conversation", chat.public_id)).content.decode()
    assert agent.post(url("note-delete", note.pk)).status_code == 403

    assert "The note is deleted." in boss.post(url("note-delete", note.pk), follow=True).content.decode()
    assert not InternalNote.objects.exists()
    assert AuditEntry.objects.get(action="note.deleted").object_id == str(chat.pk)
    assert boss.post(url("note-delete", note.pk)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_conversation__queries__do_not_grow_with_notes_and_lookers_on(
    number: int, agent: Client, boss: Client, chat: Conversation, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for at in range(number):
        boss.post(url("conversation-whisper", chat.public_id), {"note": f"Number {at}"})
    boss.get(url("conversation", chat.public_id))
    agent.get(url("conversation", chat.public_id))
    with django_assert_max_num_queries(38):  # type: ignore[attr-defined]  # a context manager
        page = agent.get(url("conversation", chat.public_id)).content.decode()
    assert page.count('class="engage-whisper"') == number


def test_reply__chat_was_taken_over__the_next_poll_takes_the_field_away(
    agent: Client, boss: Client, chat: Conversation
) -> None:
    mia = Agent.objects.get(display_name="Agent")
    shown = {"after": 99, "state": "open-mine"}
    messages = url("conversation-messages", chat.public_id)
    assert agent.get(messages, shown).status_code == 204
    boss.post(url("conversation-take-over", chat.public_id), {"seen": f"open.{mia.pk}."})
    text = agent.get(messages, shown).content.decode()
    assert "Supervisor is answering." in text
    assert 'name="body"' not in text


def test_note__on_a_note__works_as_well(client_of: Callable[[str], Client], note: Conversation) -> None:
    client = client_of("agent")
    assert "Hm" in client.post(url("conversation-notes", note.public_id), {"note": "Hm"}, follow=True).content.decode()
