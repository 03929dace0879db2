"""What a shopper does in the stock shop, request by request, and what came of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model
from oscar.test.factories import CountryFactory, create_product

ADDRESS = {
    "first_name": "Ann",
    "last_name": "Shopper",
    "line1": "1 High Street",
    "line4": "London",
    "postcode": "N1 7AA",
    "country": "GB",
}


@dataclass(frozen=True)
class Journey:
    """What the shopper and the shop got out of it: equal journeys went equally well."""

    steps: tuple[tuple[str, int, str], ...]
    """Address, status and where each answer led to."""

    orders: int
    lines: int
    allocated: int
    mails: int


def stock_shop() -> Any:
    """Return a product that can be bought; the shop ships to Great Britain."""
    if not get_model("address", "Country").objects.filter(pk="GB").exists():
        CountryFactory(iso_3166_1_a2="GB", printable_name="Great Britain", is_shipping_country=True)
    return create_product(price=Decimal("10.00"), num_in_stock=50, title="Rain boots")


def add_to_basket(client: Client, product: Any, quantity: int = 1) -> Any:
    return client.post(reverse("basket:add", args=[product.pk]), {"quantity": quantity})


def walk_to_preview(client: Client, product: Any) -> list[tuple[str, Any]]:
    """Browse, search, fill the basket, try a voucher, and go through the guest checkout up to the preview."""
    home = ("get", reverse("catalogue:index"), None)
    requests = [
        home,
        ("get", product.get_absolute_url(), None),
        ("get", reverse("search:search") + "?q=boots", None),
        ("post", reverse("basket:add", args=[product.pk]), {"quantity": 2}),
        ("get", reverse("basket:summary"), None),
        ("post", reverse("basket:vouchers-add"), {"code": "NOSUCH"}),
        ("get", reverse("checkout:index"), None),
        ("post", reverse("checkout:index"), {"username": "ann@example.com", "options": "anonymous"}),
        ("get", reverse("checkout:shipping-address"), None),
        ("post", reverse("checkout:shipping-address"), ADDRESS),
        ("get", reverse("checkout:shipping-method"), None),
        ("get", reverse("checkout:payment-method"), None),
        ("get", reverse("checkout:payment-details"), None),
        ("get", reverse("checkout:preview"), None),
    ]
    return [(path, getattr(client, method)(path, *([data] if data else []))) for method, path, data in requests]


def walk_to_order(client: Client, product: Any) -> Journey:
    """Walk to the preview and place the order."""
    before = _count(product)
    answers = walk_to_preview(client, product)
    answers.append(("place_order", client.post(reverse("checkout:preview"), {"action": "place_order"})))
    answers.append(("thank-you", client.get(reverse("checkout:thank-you"))))
    steps = tuple((path, response.status_code, response.headers.get("Location", "")) for path, response in answers)
    return Journey(steps, *(after - was for after, was in zip(_count(product), before, strict=True)))


def _count(product: Any) -> tuple[int, int, int, int]:
    stock = product.stockrecords.get()
    orders, lines = get_model("order", "Order").objects.count(), get_model("order", "Line").objects.count()
    return orders, lines, stock.num_allocated or 0, len(mail.outbox)
