"""Where does the checkout ship to, by how many ways, from which price? Read from the answer that the shop has just given."""

from collections.abc import Mapping
from typing import Any

from django.contrib.messages import constants
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from oscar_engage.shop.baskets import get_loaded_basket
from oscar_engage.signals.sources.responses import queued_levels

_CHECKOUT, _METHODS = "checkout:", "checkout:shipping-method"


def find_shipping(request: HttpRequest, context: Mapping[str, Any], response: HttpResponseBase) -> dict[str, Any] | None:
    """Return the data of a ``checkout.shipping`` signal, or ``None`` where this page tells nothing of it.

    ``context`` is the page's. The country is that of the address in the checkout. A method's price is asked of the method, for
    the basket at hand; call it after the response.
    """
    match = request.resolver_match
    if match is None or not match.view_name.startswith(_CHECKOUT):
        return None
    country = getattr(context.get("shipping_address"), "country_id", None)
    told = {"country": country} if country else {}
    if match.view_name == _METHODS:
        told |= _read_offer(request, context, response)
    return told or None


def _read_offer(request: HttpRequest, context: Mapping[str, Any], response: HttpResponseBase) -> dict[str, Any]:
    """Return what the step tells of its methods. With one alone Oscar takes it and goes on; with none it warns."""
    methods = context.get("methods")
    if methods:
        return {"methods": len(methods), **_find_cheapest(request, methods)}
    target, levels = response.get("Location"), queued_levels(request)
    if target == reverse("checkout:shipping-address") and levels and max(levels) == constants.WARNING:
        return {"methods": 0}
    is_passed = request.method == "GET" and target == reverse("checkout:payment-method") and not levels
    basket = get_loaded_basket(request)
    return {"methods": 1} if is_passed and basket is not None and basket.is_shipping_required() else {}


def _find_cheapest(request: HttpRequest, methods: Any) -> dict[str, Any]:
    basket = get_loaded_basket(request)
    if basket is None:
        return {}
    prices = [method.calculate(basket) for method in methods]
    amounts = [price.incl_tax if price.is_tax_known else price.excl_tax for price in prices]
    return {"cheapest": float(min(amounts)), "currency": prices[0].currency or ""}
