"""Which basket was left at the bank, and how does the shopper get it back? Its lines are copied; it stays as it is.

A frozen basket is not thawed: should the bank's payment still arrive, the shop places the order from it, as it would have.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from oscar.core.loading import get_model

from oscar_engage.shop.facts import BasketLine, basket_lines
from oscar_engage.signals.recorder import record


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenBasket:
    """A basket that was handed to the bank and never became an order."""

    basket_id: int
    lines: tuple[BasketLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """What came of it: pieces in the basket again, and the titles of what could not be had any more."""

    pieces: int
    refused: tuple[str, ...]


def find_frozen(basket_ids: Collection[int]) -> FrozenBasket | None:
    """Return the latest of these baskets that is frozen, has something in it and led to no order."""
    model, order = get_model("basket", "Basket"), get_model("order", "Order")
    frozen = model.objects.filter(pk__in=basket_ids, status=model.FROZEN, lines__isnull=False)
    ordered = order.objects.filter(basket_id__in=basket_ids).values("basket_id")
    found = frozen.exclude(pk__in=ordered).order_by("-pk").values_list("pk", flat=True).first()
    return None if found is None else FrozenBasket(basket_id=found, lines=basket_lines(found))


def put_back(request: HttpRequest, basket_id: int) -> PutBack:
    """Copy the lines of a frozen basket into the request's own, as far as the shop still sells them."""
    pieces, refused = 0, []
    for line in _lines(basket_id):
        if may_add(request, line.product, line.quantity):
            request.basket.add_product(line.product, line.quantity, _options(line))  # type: ignore[attr-defined]  # Oscar's
            record(request, "basket.line_added", product_id=line.product_id, basket_id=request.basket.id)  # type: ignore[attr-defined]  # the same
            pieces += line.quantity
        else:
            refused.append(line.product.get_title())
    return PutBack(pieces=pieces, refused=tuple(refused))


def _lines(basket_id: int) -> Iterator[Any]:
    lines = get_model("basket", "Line").objects.filter(basket_id=basket_id).order_by("pk")
    yield from lines.select_related("product").prefetch_related("attributes__option")


def may_add(request: HttpRequest, product: Any, quantity: int) -> bool:
    """Whether so many more of ``product`` can be put into the request's basket."""
    basket = request.basket  # type: ignore[attr-defined]  # Oscar's middleware put it there
    info = basket.strategy.fetch_for_product(product)
    held = basket.product_quantity(product) if basket.id else 0
    is_permitted, _reason = info.availability.is_purchase_permitted(held + quantity)
    is_same_currency = basket.currency in (None, info.price.currency)
    return bool(is_permitted and info.price.exists and is_same_currency and basket.is_quantity_allowed(quantity)[0])


def _options(line: Any) -> list[dict[str, Any]]:
    return [{"option": attribute.option, "value": attribute.value} for attribute in line.attributes.all()]
