"""What a visitor agreed to, and no more."""

import pytest
from django.test import Client

from oscar_engage.desk.models import Conversation
from oscar_engage.models import Agent, Visitor
from oscar_engage.visitors.token import COOKIE_NAME
from tests.attacks.readers import Reader
from tests.attacks.storage import all_text_stored, changes, dump
from tests.storefront.beats import body, known_shopper, send, shopper, signal
from tests.storefront.shopping import FRAGMENT, ask, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.attack("J01")
def test_j01__nobody_agreed__nothing_is_kept_and_help_still_works(product: object, reader: Reader) -> None:
    reader.reply(ask(Client()), "so that an agent is online")
    Agent.objects.update(presence="online", lease_until="2999-01-01T00:00Z")
    before, fresh = dump(), shopper("none")

    answers = [fresh.get("/"), fresh.get("/basket/"), send(fresh, body(signal())), fresh.get("/engage/help/")]

    assert changes(before, dump()) == {}
    assert not [answer for answer in answers if COOKIE_NAME in answer.cookies]
    assert "Chat with us" in text_of(answers[-1])
    asked = ask(fresh, "chat")
    assert text_of(fresh.get(f"/engage/chat/{asked.public_id}/", headers=FRAGMENT)).count("<li") == 1
    assert Visitor.objects.get(pk=asked.visitor_id).consent == 1


@pytest.mark.attack("J09")
@pytest.mark.parametrize("address", ["203.0.113.77", "2001:db8:77::77"])
def test_j09__network_address__is_stored_nowhere(address: str, product: object) -> None:
    client = known_shopper()
    client.defaults.update(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=address, HTTP_USER_AGENT="marked-browser/77")
    send(client, body(signal(), signal("page.exit_intent")))
    client.get("/catalogue/")
    ask(client, email="ann@example.com")
    ask(client, "chat")

    kept = all_text_stored()
    assert Conversation.objects.count() == 2
    assert address not in kept
    assert "marked-browser" not in kept
    assert address.replace(":", "") not in kept
