"""What is in the basket, and what are these products and categories called? The shop's facts beside a conversation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from oscar.core.loading import get_model


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """One line of a basket; ``total`` includes tax before offers and is ``None`` where the shop did not store a price."""

    title: str
    quantity: int
    total: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A product or a category: its title, and the path of its page (empty where shoppers find none)."""

    title: str
    path: str


def product_things(ids: Collection[int]) -> dict[int, Thing]:
    """Return the products ``ids``, with one query (a child without a title has its parent's); unknown ids are missing."""
    if not ids:
        return {}
    rows = get_model("catalogue", "Product").objects.filter(pk__in=ids).select_related("parent")
    return {product.pk: Thing(product.get_title() or "", product_path(product)) for product in rows}


def category_things(ids: Collection[int]) -> dict[int, Thing]:
    """Return the categories ``ids``, with one query; unknown ids are missing."""
    if not ids:
        return {}
    rows = get_model("catalogue", "Category").objects.filter(pk__in=ids).values_list("pk", "name", "slug", "is_public")
    return {pk: Thing(name, _category_path(pk, slug) if is_public else "") for pk, name, slug, is_public in rows}


def product_path(product: Any) -> str:
    """Return the path of the product's page; empty where shoppers find none."""
    try:
        return str(product.get_absolute_url()) if product.is_public else ""
    except NoReverseMatch:  # a slug from an import, or a shop with addresses of its own
        return ""


def _category_path(pk: int, slug: str) -> str:
    """Return an address that Oscar leads to the whole one, with all parents' slugs: those would be a query each."""
    try:
        return reverse("catalogue:category", kwargs={"category_slug": slug, "pk": pk})
    except NoReverseMatch:
        return ""


def basket_lines(basket_id: int | None) -> tuple[BasketLine, ...]:
    """Return the lines of a basket in the order of their adding, with one query; none for an unknown basket."""
    if basket_id is None:
        return ()
    rows = (
        get_model("basket", "Line")
        .objects.filter(basket_id=basket_id)
        .order_by("pk")
        .values_list(
            "product__title", "product__parent__title", "quantity", "price_incl_tax", "price_excl_tax", "price_currency"
        )
    )
    return tuple(
        BasketLine(
            title=title or parent_title or "",
            quantity=quantity,
            total=_line_total(incl_tax if incl_tax is not None else excl_tax, quantity),
            currency=currency,
        )
        for title, parent_title, quantity, incl_tax, excl_tax, currency in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """An order as its customer knows it; ``total`` includes tax."""

    number: str
    status: str
    total: Decimal
    currency: str
    placed_at: datetime


def latest_orders(customer_id: int | None, *, most: int) -> tuple[int, tuple[PlacedOrder, ...]]:
    """Return how many orders the customer has placed, and the latest ``most`` of them; two queries, none for nobody."""
    if customer_id is None:
        return 0, ()
    orders = get_model("order", "Order").objects.filter(user_id=customer_id)
    rows = orders.order_by("-date_placed", "-pk").values_list("number", "status", "total_incl_tax", "currency", "date_placed")
    latest = tuple(
        PlacedOrder(number=number, status=status, total=total, currency=currency, placed_at=at)
        for number, status, total, currency, at in rows[:most]
    )
    return (orders.count() if len(latest) == most else len(latest)), latest


def _line_total(price: Decimal | None, quantity: int) -> Decimal | None:
    return None if price is None else price * quantity
