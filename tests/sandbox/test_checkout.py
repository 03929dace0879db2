"""Buying for real: cards that are taken and refused, the bank and the ways back from it."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from sandbox.bank.messages import BankAnswer, sign_answer
from sandbox.checkout.gateway import ACCEPTED, DECLINED, INSUFFICIENT
from sandbox.demo.people import CUSTOMERS

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
Voucher = get_model("voucher", "Voucher")

pytestmark = pytest.mark.django_db

UPC = "finding-the-way-02"
ADDRESS = {
    "first_name": "Greta",
    "last_name": "Guest",
    "line1": "1 High Street",
    "line4": "Leeds",
    "postcode": "LS1 1AA",
    "country": "GB",
}


@dataclass
class Shopper:
    """Walks through the shop with Django's test client."""

    client: Client

    def fill_basket(self, quantity: int = 1) -> None:
        product = Product.objects.get(upc=UPC)
        self.client.post(reverse("basket:add", kwargs={"pk": product.pk}), {"quantity": quantity})

    def enter_as_guest(self) -> None:
        self.client.post(reverse("checkout:index"), {"username": "greta@example.org", "options": "anonymous"})

    def choose_delivery(self, **address: str) -> HttpResponse:
        self.client.post(reverse("checkout:shipping-address"), {**ADDRESS, **address})
        return self.client.post(reverse("checkout:shipping-method"), {"method_code": "standard"})

    def pay(self, **payment: str) -> HttpResponse:
        return self.client.post(reverse("checkout:preview"), payment)

    def place_order(self, **payment: str) -> HttpResponse:
        return self.pay(action="place_order", **payment)


def card(number: str) -> dict[str, str]:
    return {"method": "card", "name_on_card": "G Guest", "number": number, "expiry": "12/30", "security_code": "123"}


@pytest.fixture
def guest(client: Client) -> Shopper:
    shopper = Shopper(client)
    shopper.fill_basket()
    shopper.enter_as_guest()
    shopper.choose_delivery()
    return shopper


@pytest.fixture
def orders_before() -> int:
    return Order.objects.count()


def bank_token(response: HttpResponse) -> str:
    return response.url.strip("/").split("/")[-1]


def test_guest__accepted_card__gets_an_order(guest: Shopper, orders_before: int) -> None:
    stock = StockRecord.objects.get(partner_sku=UPC).net_stock_level
    preview = guest.pay(**card(ACCEPTED))
    assert "Card ending in 1111" in preview.content.decode()
    placed = guest.place_order(**card(ACCEPTED))
    assert placed.url == reverse("checkout:thank-you")
    assert Order.objects.count() == orders_before + 1
    order = Order.objects.latest("pk")
    assert order.guest_email == "greta@example.org"
    assert str(order.total_incl_tax) == "119.00"
    assert order.sources.get().reference == f"CARD-{order.number}"
    assert StockRecord.objects.get(partner_sku=UPC).net_stock_level == stock - 1
    assert guest.client.get(placed.url).status_code == 200


@pytest.mark.parametrize(("number", "text"), [(DECLINED, "Card declined"), (INSUFFICIENT, "Insufficient funds")])
def test_guest__refused_card__keeps_the_basket(guest: Shopper, orders_before: int, number: str, text: str) -> None:
    answer = guest.place_order(**card(number))
    assert answer.context_data["error"] == text
    assert Order.objects.count() == orders_before
    assert Basket.objects.get(status=Basket.OPEN).num_lines == 1
    assert guest.place_order(**card(ACCEPTED)).url == reverse("checkout:thank-you")


def test_card__whatever_happens__is_written_nowhere(guest: Shopper) -> None:
    guest.pay(**card(DECLINED))
    guest.place_order(**card(DECLINED))
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert DECLINED not in str(sessions)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "4111111111111112"}, "number"),
        ({"number": "٤١١١"}, "number"),
        ({"expiry": "13/30"}, "expiry"),
        ({"name_on_card": ""}, "name_on_card"),
        ({"method": "cheque"}, "method"),
    ],
)
def test_payment_form__bad_field__shows_the_form_again(guest: Shopper, change: dict[str, str], field: str) -> None:
    answer = guest.pay(**{**card(ACCEPTED), **change})
    assert list(answer.context_data["payment_form"].errors) == [field]
    assert answer.templates[0].name == "oscar/checkout/payment_details.html"


def test_payment_form__forged_at_the_last_step__is_checked_again(guest: Shopper, orders_before: int) -> None:
    answer = guest.place_order(method="card")
    assert answer.context_data["payment_form"].errors
    assert Order.objects.count() == orders_before


def test_preview__without_a_choice_of_payment__sends_back_to_it(guest: Shopper) -> None:
    answer = guest.client.get(reverse("checkout:preview"))
    assert answer.url == reverse("checkout:payment-details")


def test_bank__paid__places_the_order_once(guest: Shopper, orders_before: int) -> None:
    at_bank = guest.place_order(method="bank")
    assert at_bank.url.startswith("/bank/")
    assert "119.00" in guest.client.get(at_bank.url).content.decode()
    back = guest.client.post(at_bank.url, {"decision": "pay"})
    placed = guest.client.get(back.url)
    assert placed.url == reverse("checkout:thank-you")
    again = guest.client.get(back.url)
    assert again.url == reverse("checkout:thank-you")
    assert Order.objects.count() == orders_before + 1
    assert Order.objects.latest("pk").sources.get().source_type.name == "Bank"


def test_bank__cancelled__gives_the_basket_back(guest: Shopper, orders_before: int) -> None:
    at_bank = guest.place_order(method="bank")
    assert Basket.objects.get(status=Basket.FROZEN).num_lines == 1
    back = guest.client.post(at_bank.url, {"decision": "cancel"})
    returned = guest.client.get(back.url)
    assert returned.url == reverse("checkout:payment-details")
    assert "cancelled" in " ".join(str(message) for message in get_messages(returned.wsgi_request))
    assert Basket.objects.get(status=Basket.OPEN).num_lines == 1
    assert Order.objects.count() == orders_before
    assert guest.place_order(**card(ACCEPTED)).url == reverse("checkout:thank-you")


def test_bank__walked_away__can_be_resumed_or_taken_back(guest: Shopper) -> None:
    at_bank = guest.place_order(method="bank")
    home = guest.client.get(reverse("home"))
    assert at_bank.url in home.content.decode()
    taken_back = guest.client.post(reverse("checkout:bank-return"))
    assert taken_back.url == reverse("basket:summary")
    assert guest.client.get(taken_back.url).context_data["basket"].num_lines == 1
    assert at_bank.url not in guest.client.get(reverse("home")).content.decode()


def test_bank__answer_after_the_basket_was_taken_back__places_nothing(guest: Shopper, orders_before: int) -> None:
    at_bank = guest.place_order(method="bank")
    guest.client.post(reverse("checkout:bank-return"))
    back = guest.client.post(at_bank.url, {"decision": "pay"})
    answer = guest.client.get(back.url)
    assert answer.url == reverse("basket:summary")
    assert Order.objects.count() == orders_before


@pytest.mark.parametrize("answer", ["", "nonsense", "eyJhIjoxfQ:1x:forged"])
def test_bank_return__forged_answer__places_nothing(guest: Shopper, orders_before: int, answer: str) -> None:
    guest.place_order(method="bank")
    response = guest.client.get(reverse("checkout:bank-return"), {"answer": answer})
    assert response.url == reverse("basket:summary")
    assert Order.objects.count() == orders_before


def test_bank_return__of_another_customer_s_order__places_nothing(guest: Shopper, orders_before: int) -> None:
    guest.place_order(method="bank")
    stolen = sign_answer(BankAnswer(order_number="999999", amount="1.00", is_paid=True))
    guest.client.get(reverse("checkout:bank-return"), {"answer": stolen})
    assert Order.objects.count() == orders_before


def test_bank_return__with_a_smaller_amount__is_refused(guest: Shopper, orders_before: int) -> None:
    at_bank = guest.place_order(method="bank")
    back = guest.client.post(at_bank.url, {"decision": "pay"})
    assert "answer" in parse_qs(urlsplit(back.url).query)
    number = str(guest.client.session["checkout_data"]["submission"]["order_number"])
    cheap = sign_answer(BankAnswer(order_number=number, amount="1.00", is_paid=True))
    response = guest.client.get(reverse("checkout:bank-return"), {"answer": cheap})
    assert response.url == reverse("basket:summary")
    assert Order.objects.count() == orders_before


def test_bank_page__bad_token__is_not_found(client: Client) -> None:
    assert client.get(reverse("bank", kwargs={"token": "nonsense"})).status_code == 404


def test_account__accepted_card__is_in_the_history(client: Client, orders_before: int) -> None:
    anna = CUSTOMERS[0]
    client.login(username=anna.email, password=anna.password)
    shopper = Shopper(client)
    shopper.fill_basket()
    assert client.get(reverse("checkout:index")).url == reverse("checkout:shipping-address")
    shopper.choose_delivery()
    assert shopper.place_order(**card(ACCEPTED)).url == reverse("checkout:thank-you")
    order = Order.objects.latest("pk")
    assert order.user.email == anna.email
    assert str(order.number) in client.get(reverse("customer:order-list")).content.decode()


def test_delivery__to_a_country_nothing_ships_to__says_so(client: Client) -> None:
    shopper = Shopper(client)
    shopper.fill_basket()
    shopper.enter_as_guest()
    shopper.choose_delivery(country="IS")
    answer = client.get(reverse("checkout:shipping-method"))
    assert answer.url == reverse("checkout:shipping-address")


@pytest.mark.parametrize(("code", "is_taken"), [("FJORD10", True), ("ONCE15", True), ("SPRING", False), ("NOSUCHCODE", False)])
def test_voucher__by_code__is_taken_or_refused(client: Client, code: str, is_taken: bool) -> None:
    shopper = Shopper(client)
    shopper.fill_basket()
    client.post(reverse("basket:vouchers-add"), {"code": code})
    assert Basket.objects.get(status=Basket.OPEN).vouchers.filter(code=code).exists() is is_taken


def test_voucher__single_use__cannot_be_used_twice(guest: Shopper) -> None:
    guest.client.post(reverse("basket:vouchers-add"), {"code": "ONCE15"})
    guest.place_order(**card(ACCEPTED))
    assert str(Order.objects.latest("pk").total_discount_incl_tax) == "17.85"
    guest.fill_basket()
    guest.client.post(reverse("basket:vouchers-add"), {"code": "ONCE15"})
    assert not Basket.objects.get(status=Basket.OPEN).vouchers.exists()
