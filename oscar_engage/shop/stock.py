"""Can this product be bought? The shop's own strategy answers, as it does for the page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def find_unavailable(request: HttpRequest, context: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the product of the page that was just shown if it cannot be bought, as the payload of a signal.

    ``context`` is the page's. May query; call it after the response.
    """
    product, strategy = context.get("product"), getattr(request, "strategy", None)
    if product is None or strategy is None:
        return None
    info = strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)
    return None if info.availability.is_available_to_buy else {"product_id": product.pk}
