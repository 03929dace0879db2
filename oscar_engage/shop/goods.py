"""Which goods does a basket hold, and how do they get into another? As products and quantities; it stays as it is."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from oscar.core.loading import get_class, get_model

from oscar_engage.shop.frozen import PutBack, may_add
from oscar_engage.signals.recorder import record

Goods = Sequence[tuple[int, int]]
"""Product ids with quantities."""


def read_goods(basket_id: int, customer: Any) -> list[tuple[int, int]]:
    """Return what of the basket its customer could buy now.

    Lines with options are left out: what was typed into them (an engraving) is not for whoever a mail is forwarded to.
    """
    lines = get_model("basket", "Line").objects.filter(basket_id=basket_id, attributes__isnull=True).order_by("pk")
    strategy = get_class("partner.strategy", "Selector")().strategy(user=customer)
    return [
        (line.product_id, line.quantity)
        for line in lines.select_related("product")
        if _may_buy(strategy.fetch_for_product(line.product), line.quantity)
    ]


def _may_buy(info: Any, quantity: int) -> bool:
    is_permitted, _reason = info.availability.is_purchase_permitted(quantity)
    return bool(is_permitted and info.price.exists)


def list_goods(goods: Goods) -> list[dict[str, Any]]:
    """Return title and quantity of what the shop still has, with one query, in the order of ``goods``."""
    products = _products(goods)
    return [
        {"title": products[product_id].get_title(), "quantity": quantity}
        for product_id, quantity in goods
        if product_id in products
    ]


def fill_up(request: HttpRequest, goods: Goods) -> PutBack:
    """Add to the request's basket what it lacks of ``goods``: who presses twice gets them once."""
    products, pieces, refused = _products(goods), 0, []
    for product_id, quantity in goods:
        product = products.get(product_id)
        if product is None:
            continue
        basket = request.basket  # type: ignore[attr-defined]  # Oscar's middleware put it there
        lacking = quantity - (basket.product_quantity(product) if basket.id else 0)
        if lacking > 0 and may_add(request, product, lacking):
            basket.add_product(product, lacking)
            record(request, "basket.line_added", product_id=product_id, basket_id=basket.id)
            pieces += lacking
        elif lacking > 0:
            refused.append(product.get_title())
    return PutBack(pieces=pieces, refused=tuple(refused))


def _products(goods: Goods) -> dict[int, Any]:
    products = get_model("catalogue", "Product").objects.filter(is_public=True).select_related("parent")
    return dict(products.in_bulk([product_id for product_id, _quantity in goods]))
