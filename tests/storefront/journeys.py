"""What a shopper does in the stock shop, request by request, and what came of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model
from oscar.test.factories import (
    BenefitFactory,
    ConditionalOfferFactory,
    ConditionFactory,
    CountryFactory,
    RangeFactory,
    VoucherFactory,
    create_product,
)

ADDRESS = {
    "first_name": "Ann",
    "last_name": "Shopper",
    "line1": "1 High Street",
    "line4": "London",
    "postcode": "N1 7AA",
    "country": "GB",
}

VOUCHER = "WELCOME"


@dataclass(frozen=True)
class Journey:
    """What the shopper and the shop got out of it: equal journeys went equally well."""

    steps: tuple[tuple[str, int, str], ...]
    """Address, status and where each answer led to."""

    bought: tuple[tuple[str, int, Decimal, str], ...]
    """Title, quantity, price and status of each line of the orders."""

    discounts: tuple[tuple[str, Decimal], ...]
    """Code and amount of each discount on the orders."""

    mailed: tuple[tuple[str, int], ...]
    """Subject, without its number, and number of recipients of each of the shop's mails."""

    orders: int
    lines: int
    allocated: int


def stock_shop() -> Any:
    """Return a product that can be bought; the shop ships to Great Britain."""
    if not get_model("address", "Country").objects.filter(pk="GB").exists():
        CountryFactory(iso_3166_1_a2="GB", printable_name="Great Britain", is_shipping_country=True)
    return create_product(price=Decimal("10.00"), num_in_stock=50, title="Rain boots")


def add_to_basket(client: Client, product: Any, quantity: int = 1) -> Any:
    return client.post(reverse("basket:add", args=[product.pk]), {"quantity": quantity})


def walk_to_preview(client: Client, product: Any, vouchers: Sequence[str] = ("NOSUCH",)) -> list[tuple[str, Any]]:
    """Browse, search, fill the basket, try vouchers, and go through the guest checkout up to the preview."""
    home = ("get", reverse("catalogue:index"), None)
    requests = [
        home,
        ("get", product.get_absolute_url(), None),
        ("get", reverse("search:search") + "?q=boots", None),
        ("post", reverse("basket:add", args=[product.pk]), {"quantity": 2}),
        ("get", reverse("basket:summary"), None),
        *(("post", reverse("basket:vouchers-add"), {"code": code}) for code in vouchers),
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


def walk_to_order(client: Client, product: Any, vouchers: Sequence[str] = ("NOSUCH",)) -> Journey:
    """Walk to the preview and place the order."""
    orders, lines, discounts, allocated, mails = _state(product)
    answers = walk_to_preview(client, product, vouchers)
    answers.append(("place_order", client.post(reverse("checkout:preview"), {"action": "place_order"})))
    answers.append(("thank-you", client.get(reverse("checkout:thank-you"))))
    after = _state(product)
    return Journey(
        steps=tuple((path, response.status_code, response.headers.get("Location", "")) for path, response in answers),
        bought=after[1][len(lines) :],
        discounts=after[2][len(discounts) :],
        mailed=after[4][len(mails) :],
        orders=after[0] - orders,
        lines=len(after[1]) - len(lines),
        allocated=after[3] - allocated,
    )


def _state(product: Any) -> Any:
    lines = get_model("order", "Line").objects.order_by("pk")
    discounts = get_model("order", "OrderDiscount").objects.order_by("pk")
    return (
        get_model("order", "Order").objects.count(),
        tuple(lines.values_list("title", "quantity", "line_price_incl_tax", "status")),
        tuple(discounts.values_list("voucher_code", "amount")),
        product.stockrecords.get().num_allocated or 0,
        tuple((re.sub(r"\d+", "", message.subject), len(message.recipients())) for message in mail.outbox),
    )


def give_voucher() -> None:
    """Have the shop take a tenth off for :data:`VOUCHER`."""
    everything = RangeFactory(includes_all_products=True)
    offer = ConditionalOfferFactory(
        offer_type="Voucher",
        condition=ConditionFactory(range=everything, type="Count", value=1),
        benefit=BenefitFactory(range=everything, type="Percentage", value=10),
    )
    VoucherFactory(code=VOUCHER, usage="Multi-use").offers.add(offer)
