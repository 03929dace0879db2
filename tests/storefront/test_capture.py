"""Which signals do real requests to the stock shop leave behind?"""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponseRedirect
from django.test import Client
from django.urls import reverse
from oscar.apps.checkout.views import PaymentDetailsView
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.apps.payment.exceptions import PaymentError, RedirectRequired, UnableToTakePayment
from oscar.core.loading import get_class, get_model
from oscar.test.factories import ProductFactory, VoucherFactory

from oscar_engage.models import SignalRecord, Visit, Visitor, VisitorBasket
from oscar_engage.storefront import flush
from oscar_engage.visitors.state import to_ms
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import add_to_basket, walk_to_preview

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


@pytest.fixture
def client() -> Client:
    return known_shopper()


@pytest.fixture
def customer(db: None) -> Any:
    return get_user_model().objects.create_user("ann", "ann@example.com", PASSWORD)


def told(kind: str) -> list[dict[str, Any]]:
    """Return the payloads of the logged signals of one kind."""
    return list(SignalRecord.objects.filter(kind=kind).order_by("pk").values_list("payload", flat=True))


def kinds() -> set[str]:
    return set(SignalRecord.objects.values_list("kind", flat=True)) - {"page.viewed", "visit.began"}


def change_basket(client: Client, *, ajax: bool = False, **changes: Any) -> Any:
    line = get_model("basket", "Line").objects.get()
    data = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-MIN_NUM_FORMS": 0,
        "form-MAX_NUM_FORMS": 1000,
        "form-0-id": line.pk,
        "form-0-quantity": line.quantity,
        **{f"form-0-{name}": value for name, value in changes.items()},
    }
    headers = {"X-Requested-With": "XMLHttpRequest"} if ajax else {}
    return client.post(reverse("basket:summary"), data, headers=headers)


def test_product_page__viewed(client: Client, product: Any) -> None:
    client.get(product.get_absolute_url())

    assert told("product.viewed") == [{"product_id": product.pk}]


def test_product_page__sold_out__is_told(client: Client, product: Any) -> None:
    product.stockrecords.update(num_in_stock=0)

    client.get(product.get_absolute_url())

    assert told("product.unavailable") == [{"product_id": product.pk}]
    assert Visit.objects.get().state["unavailable_views"] == 1


def test_product_page__parent_of_sold_out_children__is_told(client: Client, product: Any) -> None:
    parent = ProductFactory(structure="parent", stockrecords=None)
    ProductFactory(structure="child", parent=parent, product_class=None, categories=None, stockrecords__num_in_stock=0)

    client.get(parent.get_absolute_url())

    assert told("product.unavailable") == [{"product_id": parent.pk}]


def test_product_page__in_stock__is_not_called_sold_out(client: Client, product: Any) -> None:
    client.get(product.get_absolute_url())

    assert told("product.unavailable") == []


def test_product_page__the_shops_stock_fails__keeps_the_view(
    client: Client, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise LookupError("the stock system is down")

    monkeypatch.setattr(flush, "find_unavailable", fail)

    client.get(product.get_absolute_url())

    assert told("product.viewed") == [{"product_id": product.pk}]


def test_review__written__tells_its_score_and_no_words(client: Client, product: Any, customer: Any) -> None:
    client.force_login(customer)
    words = {"title": "Warm feet", "body": "At last", "score": 4}

    client.post(reverse("catalogue:reviews-add", args=[product.slug, product.pk]), words)

    assert told("review.written") == [{"product_id": product.pk, "score": 4}]


def test_wish_list__product_added__is_told(client: Client, product: Any, customer: Any) -> None:
    client.force_login(customer)

    client.post(reverse("customer:wishlists-add-product", args=[product.pk]))

    assert told("wishlist.added") == [{"product_id": product.pk}]
    assert Visit.objects.get().state["wishlist_adds"] == 1


def test_stock_alert__asked_for__is_told_without_the_address(client: Client, product: Any) -> None:
    product.stockrecords.update(num_in_stock=0)

    client.post(reverse("customer:alert-create", args=[product.pk]), {"email": "ann@example.com"})

    assert told("stock_alert.requested") == [{"product_id": product.pk}]
    assert Visit.objects.get().state["stock_alerts"] == 1


@pytest.mark.parametrize(("query", "results"), [("boots", 1), ("zzz", 0)])
def test_search__tells_the_query_and_how_much_it_found(client: Client, product: Any, query: str, results: int) -> None:
    client.get(reverse("search:search"), {"q": query})

    assert told("search.made") == [{"query": query, "results": results}]


def test_search__without_a_query__says_nothing(client: Client, product: Any) -> None:
    client.get(reverse("search:search"), {"q": ""})

    assert kinds() == set()


@pytest.mark.parametrize("query", ["4111 1111 1111 1111", "my card is 4111-1111-1111-1111"])
def test_search__for_a_card_number__is_masked(client: Client, product: Any, query: str) -> None:
    client.get(reverse("search:search"), {"q": query})

    assert "1111" not in str(told("search.made"))
    assert "1111" not in str(Visit.objects.get().state)


def test_search__with_a_nul__does_not_lose_the_others(client: Client, product: Any) -> None:
    client.get(reverse("search:search") + "?q=a%00b")
    client.get(product.get_absolute_url())

    assert kinds() == {"product.viewed"}


def test_basket__filled__is_told_measured_and_joined(client: Client, product: Any) -> None:
    add_to_basket(client, product, 3)

    basket = get_model("basket", "Basket").objects.get()
    assert told("basket.line_added") == [{"product_id": product.pk, "basket_id": basket.pk}]
    measured = {"basket_id": basket.pk, "total": 30.0, "currency": "GBP", "lines": 1, "quantity": 3}
    filled_at = to_ms(basket.lines.get().date_updated)
    assert told("basket.measured") == [{**measured, "products": [product.pk], "filled_at": filled_at}]
    assert VisitorBasket.objects.get().basket_id == basket.pk


def test_basket__unchanged__is_not_measured_again(client: Client, product: Any) -> None:
    add_to_basket(client, product)

    client.get(product.get_absolute_url())

    assert len(told("basket.measured")) == 1


@pytest.mark.parametrize("ajax", [False, True])
def test_basket__quantity_changed(client: Client, product: Any, ajax: bool) -> None:
    add_to_basket(client, product)

    change_basket(client, quantity=4, ajax=ajax)

    assert [data["quantity"] for data in told("basket.line_changed")] == [4]
    assert told("basket.measured")[-1]["total"] == 40.0
    assert not told("basket.refused")


@pytest.mark.parametrize("ajax", [False, True])
@pytest.mark.parametrize("changes", [{"DELETE": "on"}, {"quantity": 0}])
def test_basket__line_removed(client: Client, product: Any, ajax: bool, changes: dict[str, Any]) -> None:
    add_to_basket(client, product)

    change_basket(client, ajax=ajax, **changes)

    assert len(told("basket.line_removed")) == 1
    assert told("basket.measured")[-1]["basket_id"]
    assert Visit.objects.get().state["basket"].get("lines", 0) == 0


@pytest.mark.parametrize("ajax", [False, True])
def test_basket__more_than_in_stock__is_refused(client: Client, product: Any, ajax: bool) -> None:
    add_to_basket(client, product)

    change_basket(client, quantity=51, ajax=ajax)

    assert told("basket.refused") == [{}]
    assert not told("basket.line_changed")


def test_basket__adding_more_than_in_stock__is_refused(client: Client, product: Any) -> None:
    add_to_basket(client, product, 51)

    assert told("basket.refused") == [{"product_id": product.pk}]
    assert not told("basket.line_added")


def test_voucher__unknown__is_refused(client: Client, product: Any) -> None:
    add_to_basket(client, product)

    client.post(reverse("basket:vouchers-add"), {"code": "NOSUCH"})

    assert told("voucher.refused") == [{}]


def test_voucher__without_a_discount__is_refused_and_not_added(client: Client, product: Any) -> None:
    add_to_basket(client, product)
    voucher = VoucherFactory(code="NOTHING")

    client.post(reverse("basket:vouchers-add"), {"code": voucher.code})

    assert told("voucher.refused") == [{}]
    assert not told("voucher.added")


def test_checkout__empty_basket__is_refused(client: Client, product: Any) -> None:
    client.get(reverse("checkout:index"))

    assert told("checkout.refused") == [{"step": "index"}]


def test_checkout__wrong_address__names_the_fields_and_no_values(client: Client, product: Any) -> None:
    add_to_basket(client, product)
    client.post(reverse("checkout:index"), {"username": "ann@example.com", "options": "anonymous"})

    client.post(reverse("checkout:shipping-address"), {"first_name": "Secretname", "country": "GB"})

    [invalid] = told("form.invalid")
    assert {"last_name", "line1", "postcode"} <= set(invalid["fields"])
    assert "Secretname" not in str(list(SignalRecord.objects.values_list("payload", flat=True)))


def test_checkout__steps_and_start__are_told_in_order(client: Client, product: Any) -> None:
    walk_to_preview(client, product)

    steps = [data["step"] for data in told("checkout.step")]
    assert steps == ["index", "shipping-address", "payment-details", "preview"]
    assert told("checkout.started") == [{}]
    assert Visit.objects.get().stage == "payment"


def pay(client: Client, product: Any, monkeypatch: pytest.MonkeyPatch, outcome: Exception | None, **patches: Any) -> Any:
    """Press "pay" in a shop whose bank answers with ``outcome``."""

    def handle_payment(*args: object, **kwargs: object) -> None:
        if outcome is not None:
            raise outcome

    view = get_class("checkout.views", "PaymentDetailsView")
    monkeypatch.setattr(view, "handle_payment", handle_payment)
    for name, value in patches.items():
        monkeypatch.setattr(PaymentDetailsView, name, value)
    walk_to_preview(client, product)
    return client.post(reverse("checkout:preview"), {"action": "place_order"})


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (UnableToTakePayment("Card declined"), "declined"),
        (PaymentError("gateway down"), "error"),
        (LookupError("a fault of the shop"), "error"),
    ],
)
def test_payment__refused__tells_why(
    client: Client, product: Any, monkeypatch: pytest.MonkeyPatch, outcome: Exception, reason: str
) -> None:
    pay(client, product, monkeypatch, outcome)

    assert told("payment.tried") == [{}]
    assert [data.get("reason", "error") for data in told("payment.failed")] == [reason]
    assert not told("order.placed")


def test_payment__handed_to_the_bank__is_a_redirect(client: Client, product: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    response = pay(client, product, monkeypatch, RedirectRequired("https://bank.example/3ds"))

    assert isinstance(response, HttpResponseRedirect)
    assert told("payment.redirected") == [{}]
    assert not told("payment.failed")


def test_payment__taken_but_order_fails__is_its_own_signal(
    client: Client, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handle_order_placement(*args: object, **kwargs: object) -> None:
        raise UnableToPlaceOrder("no stock left")

    pay(client, product, monkeypatch, None, handle_order_placement=handle_order_placement)

    assert told("order.failed") == [{}]
    assert not told("payment.failed")


def test_order__placed__ends_the_journey_in_the_log(client: Client, product: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pay(client, product, monkeypatch, None)

    order = get_model("order", "Order").objects.get()
    assert told("order.placed") == [{"order_id": order.pk, "basket_id": order.basket_id}]
    assert VisitorBasket.objects.get().basket_id == order.basket_id


def log_in(client: Client, view: str, password: str) -> Any:
    if view == "checkout:index":
        return client.post(reverse(view), {"username": "ann@example.com", "password": password, "options": "existing"})
    data = {"login-username": "ann@example.com", "login-password": password, "login_submit": "1"}
    return client.post(reverse(view), data)


@pytest.mark.parametrize("view", ["customer:login", "checkout:index"])
def test_login__wrong_password(client: Client, product: Any, customer: Any, view: str) -> None:
    add_to_basket(client, product)

    log_in(client, view, "wrong")

    assert told("login.failed") == [{}]
    assert Visitor.objects.get().customer_id is None


@pytest.mark.parametrize("view", ["customer:login", "checkout:index"])
@pytest.mark.parametrize(("consent", "is_linked"), [("personalisation", True), ("statistics", False)])
def test_login__right_password__links_the_customer_if_allowed(
    product: Any, customer: Any, view: str, consent: str, is_linked: bool
) -> None:
    client = known_shopper(consent)
    add_to_basket(client, product)

    log_in(client, view, PASSWORD)

    assert told("login.succeeded") == [{}]
    assert (Visitor.objects.get().customer_id == customer.pk) is is_linked


@pytest.mark.parametrize("consent", ["functional", "personalisation"])
def test_staff__browsing_the_shop__marks_the_visitor_for_good(product: Any, customer: Any, consent: str) -> None:
    client = known_shopper(consent)
    client.get(product.get_absolute_url())
    assert not Visitor.objects.get().is_staff
    customer.is_staff = True
    customer.save()
    client.force_login(customer, backend="oscar.apps.customer.auth_backends.EmailBackend")
    client.get(product.get_absolute_url())
    assert Visitor.objects.get().is_staff

    client.logout()
    client.cookies["consent"] = consent
    client.get(product.get_absolute_url())

    assert Visitor.objects.get().is_staff


def test_login__merging_baskets__is_no_change_of_the_shopper(product: Any, customer: Any) -> None:
    client = known_shopper()
    other = Client()
    other.force_login(customer)
    add_to_basket(other, product)
    add_to_basket(client, product)

    log_in(client, "customer:login", PASSWORD)
    client.get(reverse("basket:summary"))

    assert not kinds() & {"basket.line_changed", "basket.line_removed"}


def test_registration__is_told(client: Client, product: Any) -> None:
    data = {
        "email": "new@example.com",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }

    client.post(reverse("customer:register"), data)

    assert {"customer.registered", "login.succeeded"} <= kinds()
