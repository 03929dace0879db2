"""What does the shopper's basket come to? Read from the basket that the request holds already."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty

from oscar_engage.signals.shipped import MOST_PRODUCTS
from oscar_engage.visitors.state import to_ms


def get_loaded_basket(request: HttpRequest) -> Any | None:
    """Return the request's basket if the page itself loaded it; ``None`` otherwise. Never loads it: that costs queries."""
    basket = request.__dict__.get("basket")
    is_unloaded = type(basket) is SimpleLazyObject and basket._wrapped is empty  # as Oscar's own middleware asks
    return None if basket is None or is_unloaded else basket


def measure_basket(request: HttpRequest) -> dict[str, Any] | None:
    """Return the data of a ``basket.measured`` signal, or ``None`` without a loaded, saved basket.

    The total is what the shopper sees: after offers, with tax where it is known. May query; call it after the response.
    """
    basket = get_loaded_basket(request)
    if basket is None or basket.id is None or not basket.can_be_edited:
        return None
    total = basket.total_incl_tax if basket.is_tax_known else basket.total_excl_tax
    return {
        "basket_id": basket.id,
        "total": float(total),
        "currency": basket.currency or "",
        "lines": basket.num_lines,
        "quantity": basket.num_items,
        **_measure_lines(basket),
    }


def _measure_lines(basket: Any) -> dict[str, Any]:
    """Return what the lines and the offers on them tell; the total was made of the same ones, so nothing is queried anew."""
    lines = list(basket.all_lines())
    variants = {(line.product.parent_id, line.product_id) for line in lines if line.product and line.product.parent_id}
    products = sorted({line.product_id for line in lines if line.product_id})
    saved = round(float(basket.total_discount), 2)
    return {
        **({"saved": saved} if saved > 0 else {}),
        "voucher": any(application["voucher"] for application in basket.offer_applications),
        "variants": len(variants) > len({parent for parent, _child in variants}),
        "products": tuple(products[:MOST_PRODUCTS]),
        "filled_at": max((to_ms(line.date_updated) for line in lines), default=0),
    }
