"""What is in the basket, and what are these products called? The shop's facts beside a conversation."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from oscar.core.loading import get_model


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """One line of a basket; ``total`` includes tax before offers and is ``None`` where the shop did not store a price."""

    title: str
    quantity: int
    total: Decimal | None
    currency: str


def product_titles(ids: Collection[int]) -> dict[int, str]:
    """Return the titles of the products ``ids`` (a child without its own has its parent's); unknown ids are missing."""
    if not ids:
        return {}
    rows = get_model("catalogue", "Product").objects.filter(pk__in=ids).values_list("pk", "title", "parent__title")
    return {pk: title or parent_title or "" for pk, title, parent_title in rows}


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


def _line_total(price: Decimal | None, quantity: int) -> Decimal | None:
    return None if price is None else price * quantity
