"""In which countries is a number without a country's code looked for? Where the shopper is at home, then the shop's first."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import get_language

from oscar_engage.rules.ports import get_shop
from oscar_engage.shop.countries import shop_countries
from oscar_engage.storefront.identity import get_customer_id


def regions_for(request: HttpRequest) -> tuple[str, ...]:
    """Return the shop's countries, those first that are the shopper's: of their address, then of their language."""
    known = shop_countries()
    first = [code for code in _homes(request) if code in known]
    return tuple(dict.fromkeys([*first, *known]))


def _homes(request: HttpRequest) -> Iterable[str]:
    customer_id = get_customer_id(request)
    if customer_id is not None:
        yield get_shop().country(customer_id).upper()
    main, _dash, region = (get_language() or "").upper().partition("-")
    yield from (region, "GB" if main == "EN" else main)
