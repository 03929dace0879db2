"""What a visitor agreed to, and no more."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from oscar.core.loading import get_model
from oscar.test.factories import UserFactory

from oscar_engage.analytics.models import Conversion
from oscar_engage.desk.models import Conversation
from oscar_engage.models import Agent, SignalRecord, Visit, Visitor, VisitorBasket
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.hear import find_visitor_id
from oscar_engage.visitors.token import COOKIE_NAME
from tests.attacks.readers import Reader
from tests.attacks.storage import all_text_stored, changes, dump
from tests.storefront.beats import body, known_shopper, send, shopper, signal
from tests.storefront.journeys import walk_to_order
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


@pytest.mark.attack("J02")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_j02__browser_refuses__neither_its_reports_nor_the_servers_lead_to_a_person(header: str, product: Any) -> None:
    client = shopper()
    client.defaults[f"HTTP_{header.upper().replace('-', '_')}"] = "1"
    send(client, body(signal()))
    user = UserFactory()
    client.force_login(user)

    journey = walk_to_order(client, product)
    send(client, body(signal()))
    call_command("engage_tick")

    order, visitor = get_model("order", "Order").objects.get(), Visitor.objects.get()
    assert journey.orders == 1
    assert (visitor.consent, visitor.customer_id) == (ConsentLevel.STATISTICS, None)
    assert not VisitorBasket.objects.exists()
    assert not Conversion.objects.exists()
    assert Visit.objects.get().stage == "ordered"
    logged = list(SignalRecord.objects.values_list("kind", "payload"))
    assert {"basket.line_added", "basket.measured", "order.placed"} <= {kind for kind, _payload in logged}
    assert not [kind for kind, payload in logged if {"order_id", "basket_id"} & set(payload)]
    assert find_visitor_id(basket_id=order.basket_id, customer_id=user.pk) is None


@pytest.mark.attack("J02")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("honoured", "refused"), [(["Sec-GPC", "DNT"], 2), (["Sec-GPC"], 1), ([], 0)])
def test_j02__shop__chooses_which_refusals_it_honours(honoured: list[str], refused: int, settings: Any, product: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "PRIVACY_SIGNALS": honoured}

    for header in ("HTTP_SEC_GPC", "HTTP_DNT"):
        client = shopper()
        client.defaults[header] = "1"
        send(client, body(signal()))
        client.post(f"/basket/add/{product.pk}/", {"quantity": 1})

    assert Visitor.objects.filter(consent=ConsentLevel.STATISTICS).count() == refused
    assert VisitorBasket.objects.count() == 2 - refused


@pytest.mark.attack("J02")
@pytest.mark.django_db(transaction=True)
def test_j02__refusal_in_the_middle_of_a_visit__holds_from_then_on(product: Any) -> None:
    client = known_shopper()
    client.defaults["HTTP_SEC_GPC"] = "1"

    client.post(f"/basket/add/{product.pk}/", {"quantity": 1})

    assert Visitor.objects.get().consent == ConsentLevel.STATISTICS
    assert not VisitorBasket.objects.exists()


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
