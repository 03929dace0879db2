"""Does a copy of the page go with a note only where it may, and never at the question's cost?"""

import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.utils import timezone

from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.post import post_message
from oscar_engage.storefront.page_copy import may_copy
from tests.desk.pages.snapshots import sent
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.shopping import FRAGMENT, Form, ask, submit, text_of

pytestmark = pytest.mark.django_db
PLACE = {"page_path": "/catalogue/", "anchor": "size-table", "anchor_object": "product:5", "anchor_label": "Sizes <b>"}


def form_of(client: Client, path: str = "/catalogue/") -> Any:
    return client.get("/engage/note/new/", {"page_path": path})


def test_note__with_a_copy__is_kept_with_the_question(client: Client) -> None:
    page = form_of(client)
    assert "data-engage-copy hidden" in text_of(page)

    response = submit(client, page, question="Does it fit?", page_copy=sent(), headers=FRAGMENT)

    assert PageSnapshot.objects.get().conversation == Conversation.objects.get()
    assert "could not be kept" not in text_of(response)


def test_note__tick_taken_out__is_not_kept_even_if_sent(client: Client) -> None:
    submit(client, form_of(client), question="Does it fit?", page_copy=sent(), with_copy="")
    assert Conversation.objects.count() == 1
    assert not PageSnapshot.objects.exists()


@pytest.mark.attack("A17")
@pytest.mark.parametrize("copy", [sent("<div>" * 50_000), sent("<p>"), "{", sent("x" * 530_000)])
def test_a17__copy_that_is_refused__leaves_the_question_and_says_so(client: Client, copy: str) -> None:
    response = submit(client, form_of(client), question="Does it fit?", page_copy=copy, headers=FRAGMENT)

    note = Conversation.objects.get()
    assert note.reference in text_of(response)
    assert "The copy of the page could not be kept" in text_of(response)
    assert not PageSnapshot.objects.exists()


def test_note__refused_copy_without_our_script__receipt_says_so_once(client: Client) -> None:
    response = submit(client, form_of(client), question="Does it fit?", page_copy="{")

    assert response.url.endswith("?copy=lost")
    assert "could not be kept" in text_of(client.get(response.url))
    assert "could not be kept" not in text_of(client.get(response.url.partition("?")[0]))


@pytest.mark.attack("A17")
def test_a17__request_far_too_long__is_not_read(client: Client) -> None:
    with override_settings(OSCAR_ENGAGE={}):
        response = client.post("/engage/note/", {"question": "x", "page_copy": "x" * 1_500_000})

    assert response.status_code == 413
    assert not Conversation.objects.exists()


def test_note__wrong_form__copy_does_not_come_back_and_the_choice_does(client: Client) -> None:
    response = submit(client, form_of(client), question="", page_copy=sent("<p>marker</p>"), with_copy="")

    assert "marker" not in text_of(response)
    assert Form(text_of(response)).fields.get("with_copy", "") == ""
    assert 'name="page_copy"' in text_of(response)


PRIVATE = [
    "/accounts/",
    "/accounts/orders/",
    "/accounts/addresses/",
    "/accounts/login/",
    "/password-reset/",
    "/checkout/shipping-address/",
    "/checkout/payment-details/",
    "/checkout/preview/",
    "/dashboard/",
    "/engage/questions/",
    "/no/such/page/",
    "",
    "https://[",
]


@pytest.mark.attack("I06")
@pytest.mark.parametrize("path", PRIVATE)
def test_i06__private_or_unknown_page__no_copy_is_asked_for_and_none_is_kept(client: Client, path: str) -> None:
    assert not may_copy(path)
    with override_settings(OSCAR_ENGAGE={"SNAPSHOT_PAGES": ["home", "product", "other"]}):
        assert not may_copy(path)
    page = form_of(client, path)
    assert "page_copy" not in text_of(page)
    submit(client, page, question="Does it fit?", page_copy=sent(), with_copy="1")
    assert Conversation.objects.count() == 1
    assert not PageSnapshot.objects.exists()


def test_may_copy__public_pages__may_and_none_where_the_shop_wants_none() -> None:
    public = ["/", "/catalogue/", "/basket/", "/search/"]
    assert [may_copy(path) for path in public] == [True] * 4
    with override_settings(OSCAR_ENGAGE={"SNAPSHOT_PAGES": []}):
        assert [may_copy(path) for path in public] == [False] * 4


@pytest.mark.parametrize("kind", ["chat"])
def test_chat__takes_no_copy(client: Client, kind: str) -> None:
    ask(client, kind, page_path="/catalogue/", page_copy=sent(), with_copy="1")
    assert not PageSnapshot.objects.exists()


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return Agent.objects.create(user=user, display_name="Mia", presence="online")


@pytest.fixture
def answered(agent: Agent) -> tuple[Client, Conversation]:
    client = known_shopper()
    note = ask(client, **PLACE)
    post_message(note, role="agent", agent=agent, body="Yes.", client_id=uuid.uuid4(), now=timezone.now())
    note.refresh_from_db()
    return client, note


def waits(client: Client) -> str:
    response = send(client, body(signal()))
    return text_of(response) if response.status_code == 200 else ""


def put_away(client: Client, note: Conversation, **headers: str) -> Any:
    return client.post(f"/engage/note/{note.public_id}/put-away/", headers=headers or {"Sec-Fetch-Site": "same-origin"})


def test_answer__on_a_place__comes_as_a_note_that_names_it(answered: tuple[Client, Conversation]) -> None:
    client, note = answered
    html = waits(client)

    assert 'data-engage-anchor="size-table" data-engage-object="product:5"' in html
    assert 'data-engage-at="/catalogue/"' in html
    assert "Answer to your question about “Sizes &lt;b&gt;”" in html
    assert f'data-engage-open="/engage/note/{note.public_id}/?fragment=1"' in html


def test_answer__without_a_place__comes_as_before(agent: Agent) -> None:
    client = known_shopper()
    note = ask(client, page_path="/catalogue/")
    post_message(note, role="agent", agent=agent, body="Yes.", client_id=uuid.uuid4(), now=timezone.now())

    assert ">Your answer is here</div>" in waits(client)


def test_answer__read__does_not_come_again(answered: tuple[Client, Conversation]) -> None:
    client, note = answered
    client.get(f"/engage/note/{note.public_id}/?fragment=1")
    assert "data-engage-anchor" not in waits(client)


def test_answer__put_away__stays_so_until_there_is_more(answered: tuple[Client, Conversation], agent: Agent) -> None:
    client, note = answered
    assert put_away(client, note).status_code == 204
    assert "data-engage-anchor" not in waits(client)
    note.refresh_from_db()
    assert note.shopper_read_seq < note.last_seq

    post_message(note, role="agent", agent=agent, body="And more.", client_id=uuid.uuid4(), now=timezone.now())
    assert "data-engage-anchor" in waits(client)


def test_put_away__by_another_or_from_elsewhere__changes_nothing(answered: tuple[Client, Conversation]) -> None:
    client, note = answered
    assert [put_away(one, note).status_code for one in (known_shopper(), Client())] == [204, 204]
    assert put_away(client, note, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(f"/engage/note/{note.public_id}/put-away/").status_code == 405
    assert "data-engage-anchor" in waits(client)


@pytest.mark.attack("I04")
def test_place__thing_that_is_a_card__is_masked(client: Client) -> None:
    note = ask(client, anchor_object="4111 1111 1111 1111")
    assert note.anchor_object == "[card]"
    assert Message.objects.count() == 1
