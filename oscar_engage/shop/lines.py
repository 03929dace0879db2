"""Are the lines of a basket still what they were when they were put in? Prices that moved, goods that are gone."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from oscar_engage.shop.baskets import get_loaded_basket
from oscar_engage.signals.shipped_baskets import MOST_LINES

_ONE_ROUNDING = 0.0051
"""Half a cent, and what binary fractions add to it: how far a price and its rounding are apart at most."""

AVAILABLE, SOLD_OUT, TOO_FEW = "", "sold_out", "too_few"


def check_basket(request: HttpRequest) -> dict[str, Any] | None:
    """Return the data of a ``basket.checked`` signal, or ``None`` without a loaded, saved basket.

    May query where the page did not look at the lines itself; call it after the response.
    """
    basket = get_loaded_basket(request)
    if basket is None or basket.id is None or not basket.can_be_edited:
        return None
    return {"basket_id": basket.id, **check_lines(basket.all_lines())}


def check_at_hand(request: HttpRequest) -> dict[str, Any] | None:
    """Return the same if the page looked at the lines, which then cost no query, and only if something is wrong."""
    basket = get_loaded_basket(request)
    if basket is None or getattr(basket, "_lines", None) is None:
        return None
    found = check_basket(request)
    return found if found and (found["prices"] or found["shortages"]) else None


def check_lines(lines: Iterable[Any]) -> dict[str, Any]:
    """Return which prices of these lines moved and which lines cannot be bought, as ``basket.checked`` has them.

    A line's ``purchase_info`` is asked: the shop's own strategy, as on the basket's page.
    """
    prices, shortages = [], []
    for line in lines:
        reason = _shortage(line)
        if reason:
            shortages.append((line.pk, line.product_id, reason))
        elif move := _price_move(line):
            prices.append(move)
    return {"prices": tuple(prices[:MOST_LINES]), "shortages": tuple(shortages[:MOST_LINES])}


def _shortage(line: Any) -> str:
    info = line.purchase_info
    if not info.price.exists or not info.availability.is_available_to_buy:
        return SOLD_OUT
    is_permitted, _reason = info.availability.is_purchase_permitted(line.quantity)
    return AVAILABLE if is_permitted else TOO_FEW


def _price_move(line: Any) -> tuple[int, int, float, float, str] | None:
    """Compare as Oscar's own warning does, but to the cent: a line's columns hold no more, and a strategy may know more."""
    price = line.purchase_info.price
    has_tax = price.is_tax_known and line.price_incl_tax is not None
    before, now = (line.price_incl_tax, price.incl_tax) if has_tax else (line.price_excl_tax, price.excl_tax)
    if before is None or now is None or price.currency != line.price_currency:
        return None
    if abs(float(now) - float(before)) < _ONE_ROUNDING:
        return None
    return line.pk, line.product_id, float(before), round(float(now), 2), line.price_currency
