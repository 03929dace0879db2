"""The basket that went to the bank and did not come back: shown, and put back once."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from oscar.apps.payment.exceptions import RedirectRequired
from oscar.core.loading import get_class, get_model
from oscar.test.factories import OptionFactory

from oscar_engage.models import SignalRecord, Visit, VisitorBasket
from oscar_engage.visitors.page import PageFacts
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.journeys import add_to_basket, walk_to_order, walk_to_preview
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE, RESTORE = "/engage/basket/", "/engage/basket/restore/"
HOME = PageFacts(kind="home")


@pytest.fixture
def at_the_bank(product: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A shopper whose basket of two pieces was handed to the bank, and who came back by another way."""

    def redirect(*args: object, **kwargs: object) -> None:
        raise RedirectRequired("https://bank.example/3ds")

    monkeypatch.setattr(get_class("checkout.views", "PaymentDetailsView"), "handle_payment", redirect)
    client = known_shopper()
    walk_to_preview(client, product)
    client.post(reverse("checkout:preview"), {"action": "place_order"})
    return client


def held() -> dict[str, int]:
    """Return the pieces in each open basket's lines, by title."""
    lines = get_model("basket", "Line").objects.filter(basket__status="Open")
    return {line.product.get_title(): line.quantity for line in lines}


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_beat__back_from_the_bank_without_paying__is_lost_once_and_offers_the_basket(at_the_bank: Client) -> None:
    first = send(at_the_bank, body(signal(), page=HOME))
    send(at_the_bank, body(signal(), page=HOME))

    assert f'data-engage-open="{PAGE}?fragment=1"' in text_of(first)
    [lost] = SignalRecord.objects.filter(kind="payment.lost")
    assert lost.payload == {"basket_id": VisitorBasket.objects.get().basket_id}
    assert Visit.objects.get().state["payments_lost"] == 1


def test_beat__back_in_the_checkout__is_not_lost(at_the_bank: Client) -> None:
    response = send(at_the_bank, body(signal(), page=PageFacts(kind="checkout", step="payment-details")))

    assert PAGE not in text_of(response)
    assert not SignalRecord.objects.filter(kind="payment.lost").exists()


def test_kept_basket__frozen__is_shown_with_its_lines(at_the_bank: Client) -> None:
    page = text_of(at_the_bank.get(PAGE))

    assert "2 \u00d7 Rain boots" in page
    assert f'action="{RESTORE}"' in page


def test_restore__pressed_twice__is_put_back_once(at_the_bank: Client) -> None:
    first, second = at_the_bank.post(RESTORE), at_the_bank.post(RESTORE)

    assert (first.status_code, first["Location"]) == (302, reverse("basket:summary"))
    assert held() == {"Rain boots": 2}
    assert told(first) == ["2 pieces are back in your basket."]
    assert any("no basket to put back" in message for message in told(second))
    assert get_model("basket", "Basket").objects.filter(status="Frozen").count() == 1


def test_restore__is_a_line_added_to_the_visit(at_the_bank: Client) -> None:
    at_the_bank.post(RESTORE)

    assert SignalRecord.objects.filter(kind="basket.line_added").count() == 2
    assert "Rain boots" in text_of(at_the_bank.get(reverse("basket:summary")))


def test_restore__sold_out_meanwhile__says_so_and_loses_nothing_else(at_the_bank: Client, product: Any) -> None:
    product.stockrecords.update(num_in_stock=1)

    response = at_the_bank.post(RESTORE)

    assert held() == {}
    assert told(response) == ["“Rain boots” cannot be had in that quantity any more."]


def test_restore__line_with_options__keeps_them(at_the_bank: Client) -> None:
    line = get_model("basket", "Line").objects.get()
    line.attributes.create(option=OptionFactory(code="engraving"), value="Ann")

    at_the_bank.post(RESTORE)

    restored = get_model("basket", "Line").objects.get(basket__status="Open")
    assert restored.attributes.get().value == "Ann"


@pytest.mark.parametrize("method", ["get", "post"])
def test_kept_basket__of_another_shopper__is_none(at_the_bank: Client, method: str) -> None:
    stranger = known_shopper()

    getattr(stranger, method)(PAGE if method == "get" else RESTORE)

    assert "Rain boots" not in text_of(stranger.get(PAGE))
    assert held() == {}


def test_kept_basket__without_our_cookie__is_none() -> None:
    assert "There is no basket to put back" in text_of(Client().get(PAGE))


def test_kept_basket__ordered__is_none(product: Any) -> None:
    client = known_shopper()
    walk_to_order(client, product)

    assert "There is no basket to put back" in text_of(client.get(PAGE))


def test_restore__without_the_forms_token__is_refused(at_the_bank: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = at_the_bank.cookies

    assert strict.post(RESTORE).status_code == 403
    assert held() == {}


def test_restore__into_a_basket_with_something_in_it__adds(at_the_bank: Client, product: Any) -> None:
    add_to_basket(at_the_bank, product)

    at_the_bank.post(RESTORE)

    assert held() == {"Rain boots": 3}
