"""Login, logout, planted cookies, shared computers: who sees what, over real requests."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.models import Conversation, SignalRecord, Visit, Visitor
from oscar_engage.visitors.stored import read_state
from oscar_engage.visitors.token import COOKIE_NAME
from tests.storefront.beats import body, known_shopper, send, shopper, signal
from tests.storefront.journeys import add_to_basket
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.fixture
def ann(db: None) -> Any:
    return get_user_model().objects.create_user("ann", "ann@example.com", PASSWORD)


@pytest.fixture
def bob(db: None) -> Any:
    return get_user_model().objects.create_user("bob", "bob@example.com", PASSWORD)


def log_in(client: Client, user: Any) -> None:
    """Log in by the shop's own form."""
    form = {"login-username": user.email, "login-password": PASSWORD, "login_submit": "1"}
    assert client.post(reverse("customer:login"), form).status_code == 302


def log_out(client: Client) -> None:
    client.post(reverse("customer:logout"))


def cookie_of(client: Client) -> str:
    return client.cookies[COOKIE_NAME].value if COOKIE_NAME in client.cookies else ""


def with_cookie(value: str) -> Client:
    """Return another browser that agreed to everything and holds this cookie of ours."""
    client = shopper()
    client.cookies[COOKIE_NAME] = value
    return client


def test_login__next_beat__goes_on_as_the_same_visitor_under_another_key(ann: Any) -> None:
    client = known_shopper()
    before = cookie_of(client)

    log_in(client, ann)
    assert cookie_of(client) == before  # the shop's own answer carries no cookie of ours
    send(client, body(signal()))

    visitor = Visitor.objects.get()
    assert cookie_of(client) != before
    assert visitor.customer_id == ann.pk
    assert read_state(Visit.objects.get()).is_logged_in
    assert Visit.objects.get().state["pages"] == 2


def test_login__pages_before_the_next_beat__are_not_lost(ann: Any, product: Any) -> None:
    client = known_shopper()
    log_in(client, ann)

    client.get(product.get_absolute_url())
    add_to_basket(client, product)

    assert SignalRecord.objects.filter(kind__in=["product.viewed", "basket.line_added"]).count() == 2
    assert Visitor.objects.count() == 1


def test_login__in_the_checkouts_gateway__keeps_the_steps(ann: Any, product: Any) -> None:
    client = known_shopper()
    add_to_basket(client, product)
    gateway = {"username": ann.email, "password": PASSWORD, "options": "existing"}

    answer = client.post(reverse("checkout:index"), gateway)
    client.get(answer["Location"], follow=True)

    assert SignalRecord.objects.filter(kind="checkout.step", payload__step="shipping-address").exists()


def test_login__planted_cookie__is_worth_nothing_afterwards(ann: Any) -> None:
    """Session fixation: the attacker knows the key that the victim's browser had before the login."""
    attacker = known_shopper()
    victim = with_cookie(cookie_of(attacker))

    log_in(victim, ann)
    send(victim, body(signal()))
    note = ask(victim, question="Where is my order?")

    send(attacker, body(signal()))
    assert attacker.get(f"/engage/note/{note.public_id}/").status_code == 404
    assert "Where is my order?" not in text_of(attacker.get("/engage/questions/"))
    assert "Where is my order?" in text_of(victim.get("/engage/questions/"))
    assert Visitor.objects.count() == 2


def test_login__planted_cookie__is_not_handed_to_another_customer(ann: Any, bob: Any) -> None:
    attacker = known_shopper()
    victim = with_cookie(cookie_of(attacker))
    log_in(victim, ann)

    log_in(attacker, bob)
    send(attacker, body(signal()))

    assert Visitor.objects.get(customer_id=ann.pk).key != Visitor.objects.get(customer_id=bob.pk).key


@pytest.mark.parametrize("consent", ["functional", "statistics"])
def test_login__below_personalisation__changes_the_key_and_names_nobody(ann: Any, consent: str) -> None:
    client = known_shopper(consent)
    before = cookie_of(client)

    log_in(client, ann)
    send(client, body(signal()))

    assert cookie_of(client) != before
    assert Visitor.objects.get().customer_id is None


def test_login__with_a_note_open__goes_on_to_the_answer(ann: Any) -> None:
    client = known_shopper()
    note = ask(client)

    log_in(client, ann)

    assert client.get(f"/engage/note/{note.public_id}/").status_code == 200
    assert Conversation.objects.get().visitor_id == Visitor.objects.get().pk


def test_login__with_a_chat_open__its_poll_finds_it(ann: Any) -> None:
    client = known_shopper()
    chat = ask(client, "chat")
    before = cookie_of(client)

    log_in(client, ann)
    answer = client.get(f"/engage/chat/{chat.public_id}/events/?after=0")

    assert answer.status_code == 200
    assert cookie_of(client) != before


def test_logout__shared_computer__the_next_one_sees_nothing(ann: Any) -> None:
    client = known_shopper()
    log_in(client, ann)
    send(client, body(signal()))
    note = ask(client, question="Where is my order?")

    log_out(client)

    assert client.get(f"/engage/note/{note.public_id}/").status_code == 404
    send(client, body(signal()))
    assert client.get(f"/engage/note/{note.public_id}/").status_code == 404
    assert Visitor.objects.filter(customer_id=None).count() == 1
    assert SignalRecord.objects.filter(kind="login.ended").count() == 1


def test_logout__and_in_again__is_the_customers_unit(ann: Any) -> None:
    client = known_shopper()
    log_in(client, ann)
    send(client, body(signal()))
    first = Visitor.objects.get()
    log_out(client)
    send(client, body(signal()))

    log_in(client, ann)
    send(client, body(signal()))

    assert {visitor.unit_id for visitor in Visitor.objects.all()} == {first.pk}


def test_login__of_another_customer_without_a_logout__begins_anew(ann: Any, bob: Any) -> None:
    """Ann's session ended; Bob logs in with the browser that she left."""
    client = known_shopper()
    log_in(client, ann)
    send(client, body(signal()))
    note = ask(client, question="Ann's question")
    client.cookies.pop("sessionid")

    log_in(client, bob)
    send(client, body(signal()))

    assert client.get(f"/engage/note/{note.public_id}/").status_code == 404
    assert sorted(Visitor.objects.values_list("customer_id", flat=True)) == [ann.pk, bob.pk]
    assert Visitor.objects.get(customer_id=ann.pk).unit_id != Visitor.objects.get(customer_id=bob.pk).unit_id


def test_beat__erased_visitors_cookie__begins_with_somebody_new() -> None:
    client = known_shopper()
    before = cookie_of(client)
    Visitor.objects.all().delete()

    send(client, body(signal()))

    assert cookie_of(client) != before
    assert Visitor.objects.count() == 1


def test_page__erased_visitors_cookie__makes_no_visitor(product: Any) -> None:
    client = known_shopper()
    Visitor.objects.all().delete()

    client.get(product.get_absolute_url())

    assert not Visitor.objects.exists()


def test_visit__half_an_hour_after_the_last_sign__has_ended(ann: Any) -> None:
    client = known_shopper()
    log_in(client, ann)
    send(client, body(signal()))
    Visit.objects.update(last_at=timezone.now() - timezone.timedelta(minutes=31))

    send(client, body(signal()))

    assert Visit.objects.count() == 2
    assert Visitor.objects.count() == 1
