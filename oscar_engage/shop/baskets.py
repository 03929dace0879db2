"""What does the shopper's basket come to? Read from the basket that the request holds already."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty


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
    }
