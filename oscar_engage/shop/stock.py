"""Can this product be bought? The page says so with its form; where it has none, the shop's own strategy answers."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse


def find_unavailable(request: HttpRequest, context: Mapping[str, Any], response: HttpResponseBase) -> dict[str, Any] | None:
    """Return the product of the page that was just shown if it cannot be bought, as the payload of a signal.

    ``context`` is the page's. The strategy may query (1.3 ms for a parent of variants), and most products can be bought: so a
    page that has the form to buy this one is believed. Call it after the response.
    """
    product, strategy = context.get("product"), getattr(request, "strategy", None)
    if product is None or strategy is None or _sells(response, product.pk):
        return None
    info = strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)
    return None if info.availability.is_available_to_buy else {"product_id": product.pk}


def _sells(response: HttpResponseBase, product_id: int) -> bool:
    """Whether the page has a form that puts this product into the basket."""
    try:
        address = reverse("basket:add", kwargs={"pk": product_id})
    except NoReverseMatch:  # the shop's basket has addresses of its own
        return False
    return f'action="{address}"'.encode() in getattr(response, "content", b"")
