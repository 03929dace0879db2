"""Can a shopper leave a note and read the answer, with and without JavaScript?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.utils import timezone

from oscar_engage.desk.flood import CONVERSATIONS_PER_HOUR
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.text import LONGEST_MESSAGE
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor
from tests.storefront.shopping import FRAGMENT, Form, ask, submit, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return Agent.objects.create(user=user, display_name="Mia", presence="online")


def answer(note: Conversation, agent: Agent, body: str = "Yes, in three days.") -> None:
    post_message(note, role=Role.AGENT, agent=agent, body=body, client_id=uuid.uuid4(), now=timezone.now())


@pytest.mark.attack("K05")
def test_note__plain_page__receipt_with_reference_and_time(client: Client) -> None:
    page = client.get("/engage/note/new/")
    response = submit(client, page, question="Do you ship to Malta?", name="Ada")
    receipt = client.get(response.url)

    note = Conversation.objects.get()
    assert response.url == f"/engage/note/{note.public_id}/"
    assert note.reference in text_of(receipt)
    assert f"by {timezone.localtime(note.due_at):%H:%M}" in text_of(receipt)
    assert "oscar/css/styles.css" in text_of(receipt)


@override_settings(TIME_ZONE="Europe/Berlin")
def test_note__shop_in_berlin__promised_in_its_local_time(client: Client) -> None:
    note = ask(client)
    local = timezone.localtime(note.due_at)

    assert local.utcoffset() != timedelta(0)
    assert f"by {local:%H:%M}" in text_of(client.get(f"/engage/note/{note.public_id}/"))


def test_note__fragment__receipt_alone_in_the_answer(client: Client) -> None:
    page = client.get("/engage/note/new/", {"fragment": "1"})
    response = submit(client, page, headers=FRAGMENT, question="Do you ship to Malta?")

    assert response.status_code == 200
    assert text_of(page).strip().startswith('<section class="engage-panel"')
    assert text_of(response).strip().startswith('<section class="engage-panel"')
    assert Conversation.objects.get().reference in text_of(response)


def test_note__first_question_without_a_cookie__a_visitor_for_what_was_asked(client: Client) -> None:
    assert "engage_visitor" not in client.get("/engage/note/new/").cookies
    assert not Visitor.objects.exists()

    ask(client)

    visitor = Visitor.objects.get()
    assert (visitor.consent, visitor.pk) == (ConsentLevel.FUNCTIONAL, Conversation.objects.get().visitor_id)
    cookie = client.cookies["engage_visitor"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_note__second_question__same_visitor(client: Client) -> None:
    assert ask(client).visitor_id == ask(client).visitor_id


def test_note__submitted_twice__one_note(client: Client) -> None:
    page = client.get("/engage/note/new/")
    first = submit(client, page, question="Hello?")
    again = submit(client, page, question="Hello?")

    assert first.url == again.url
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("email", ["no address", f"{'x' * 250}@b.example", "a@b.example,c@d.example"])
def test_note__address_that_no_mail_reaches__is_asked_for_again(client: Client, email: str) -> None:
    response = submit(client, client.get("/engage/note/new/"), question="Do you ship to Malta?", email=email)

    assert response.status_code == 200
    assert not Conversation.objects.exists()


def test_note__as_long_as_the_browser_lets_it_be__is_kept(client: Client) -> None:
    question = "\r\n".join(["a"] * (LONGEST_MESSAGE // 2))  # a text area counts each break once and sends it as two

    submit(client, client.get("/engage/note/new/"), question=question)

    assert Conversation.objects.get().messages.get().body == question.replace("\r\n", "\n")


def test_note__nothing_typed__error_at_the_field(client: Client) -> None:
    response = submit(client, client.get("/engage/note/new/"), question=" ", email="no address")

    html = text_of(response)
    assert 'aria-invalid="true"' in html
    assert 'id="engage-note-question_error"' in html
    assert 'aria-describedby="engage-note-question_error"' in html
    assert "Write your question first." in html
    assert not Conversation.objects.exists()


def test_note__place__kept_from_the_form(client: Client) -> None:
    page = client.get("/engage/note/new/", {"anchor": "voucher", "page_path": "/basket/?a=1", "page_title": "Basket"})
    assert "Basket" in text_of(page)

    submit(client, page, question="Why is it refused?")

    note = Conversation.objects.get()
    assert (note.page_path, note.page_title, note.anchor) == ("/basket/", "Basket", "voucher")


def test_note__from_a_page_of_the_shop__pinned_there(client: Client) -> None:
    page = client.get("/engage/note/new/", headers={"Referer": "http://testserver/catalogue/boot_1/?utm=x"})

    assert Form(text_of(page)).fields["page_path"] == "/catalogue/boot_1/"


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "http://[", "http://testserver/engage/help/", ""])
def test_note__from_elsewhere__not_pinned(referrer: str, client: Client) -> None:
    page = client.get("/engage/note/new/", headers={"Referer": referrer})

    assert Form(text_of(page)).fields["page_path"] == ""


@pytest.mark.parametrize("value", ["x" * 10, "1", "' OR 1=1", "\x00"])
def test_note__decision_that_is_none__form_still_works(value: str, client: Client) -> None:
    page = client.get("/engage/note/new/", {"decision": value, "anchor": value})
    submit(client, page, question="Hello?", decision=value, client_id=value, page_title=value)

    assert page.status_code == 200
    assert Conversation.objects.get().decision_id is None


@pytest.mark.attack("H07")
def test_note__flood__refused_with_an_honest_word(client: Client) -> None:
    for _ in range(CONVERSATIONS_PER_HOUR):
        ask(client)

    response = submit(client, client.get("/engage/note/new/"), question="One more")

    assert response.status_code == 429
    assert "Please wait" in text_of(response)
    assert "One more" in text_of(response)
    assert Conversation.objects.count() == CONVERSATIONS_PER_HOUR


@pytest.mark.attack("H07")
@override_settings(OSCAR_ENGAGE={"NEWCOMERS_PER_NETWORK": 2})
def test_note__flood_without_our_cookie__refused_by_the_network_and_no_visitor_left_behind() -> None:
    for host in (1, 2):
        ask(Client(REMOTE_ADDR=f"8.8.4.{host}"))

    client = Client(REMOTE_ADDR="8.8.4.3")
    response = submit(client, client.get("/engage/note/new/"), question="One more")
    ask(Client(REMOTE_ADDR="8.8.5.1"))

    assert response.status_code == 429
    assert "One more" in text_of(response)
    assert "engage_visitor" not in response.cookies
    assert Visitor.objects.count() == Conversation.objects.count() == 3


@override_settings(OSCAR_ENGAGE={"NEWCOMERS_PER_NETWORK": 1})
def test_note__browser_with_our_cookie__is_not_counted_by_its_network() -> None:
    client = Client(REMOTE_ADDR="8.8.6.1")

    assert ask(client) != ask(client)


@pytest.mark.attack("H07")
@override_settings(OSCAR_ENGAGE={"QUEUE_LIMIT": 1})
def test_note__queue_is_full__says_that_we_are_busy_and_leaves_no_visitor_behind(client: Client) -> None:
    ask(Client())

    response = submit(client, client.get("/engage/note/new/"), question="One more")

    assert response.status_code == 503
    assert "We are busy" in text_of(response)
    assert "One more" in text_of(response)
    assert Visitor.objects.count() == 1


@pytest.mark.attack("C01")
@pytest.mark.parametrize("token", [{}, {"csrfmiddlewaretoken": ""}])
def test_posts__without_a_token__refused(token: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("note/", "chat/", "chat/abc/messages/", "chat/abc/close/"):
        assert client.post(f"/engage/{path}", {"question": "x", "message": "x", **token}).status_code == 403
    assert not Conversation.objects.exists()


def test_posts__with_the_forms_token__taken() -> None:
    client = Client(enforce_csrf_checks=True)

    response = submit(client, client.get("/engage/note/new/?fragment=1"), question="Hello?")

    assert response.status_code == 302


def test_note__answered__shown_with_its_answer_and_marked_read(client: Client, agent: Agent) -> None:
    note = ask(client)
    answer(note, agent)

    page = client.get(f"/engage/note/{note.public_id}/")

    note.refresh_from_db()
    assert "Yes, in three days." in text_of(page)
    assert "Mia" in text_of(page)
    assert note.shopper_read_seq == note.last_seq == 2


def test_note__follow_up__waits_again(client: Client, agent: Agent) -> None:
    note = ask(client)
    answer(note, agent)

    submit(client, client.get(f"/engage/note/{note.public_id}/"), body="And to Gozo?")

    note.refresh_from_db()
    assert (note.status, note.last_seq) == ("waiting", 3)


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7|add:7 }}'


@pytest.mark.attack("A06")
def test_note__hostile_words_on_both_sides__shown_as_text(client: Client, agent: Agent) -> None:
    note = ask(client, question=HOSTILE, name=HOSTILE[:60], page_title=HOSTILE, page_path="/x" + HOSTILE)
    answer(note, agent, HOSTILE)

    for path in (f"note/{note.public_id}/", "questions/"):
        html = text_of(client.get(f"/engage/{path}?fragment=1"))
        assert "<script" not in html
        assert "<img" not in html
        assert "{{ 7|add:7 }}" in html


def test_questions__news_first_and_then_read(client: Client, agent: Agent) -> None:
    old, new = ask(client), ask(client)
    answer(old, agent)

    first = text_of(client.get("/engage/questions/"))
    second = text_of(client.get("/engage/questions/"))

    assert first.index(old.reference) < first.index(new.reference)
    assert "engage-new" in first
    assert "engage-new" not in second


@pytest.mark.attack("B05")
def test_questions__of_others__not_there(client: Client) -> None:
    foreign = ask(Client())
    own = ask(client)

    html = text_of(client.get("/engage/questions/"))

    assert own.reference in html
    assert foreign.reference not in html


@pytest.mark.parametrize("count", [1, 4])
def test_questions__queries__same_for_any_number(
    count: int, client: Client, agent: Agent, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(count):
        answer(ask(client), agent)
    client.get("/engage/questions/?fragment=1")

    with django_assert_num_queries(5):  # a savepoint around, visitor, conversations, messages with their agents
        client.get("/engage/questions/?fragment=1")


@pytest.mark.attack("K02")
def test_our_pages__any__private_and_never_stored(client: Client) -> None:
    note = ask(client)
    for path in ("help/", "note/new/", "chat/new/", "questions/", f"note/{note.public_id}/", "note/unknown/"):
        assert client.get(f"/engage/{path}")["Cache-Control"] == "private, no-store"


def test_get__all_our_addresses__write_nothing(client: Client) -> None:
    ask(client)
    before = (Visitor.objects.count(), Conversation.objects.count())
    fresh = Client()
    for path in ("help/", "note/new/", "chat/new/", "questions/", "note/", "chat/"):
        fresh.get(f"/engage/{path}")

    assert (Visitor.objects.count(), Conversation.objects.count()) == before
