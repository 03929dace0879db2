"""What are spots called where the shop's products are known? Words for the report on where the site hurts."""

from collections.abc import Mapping

from oscar_engage.analytics.struggles import said
from oscar_engage.analytics.struggles.rank import Hurt
from oscar_engage.analytics.struggles.spots import SpotKind
from oscar_engage.shop.facts import Thing


def name_spot(hurt: Hurt, products: Mapping[int, Thing]) -> str:
    """Return what to call the spot; ``products`` are the products that are known, by id."""
    known = None if hurt.is_rest or hurt.kind != SpotKind.PRODUCT else products.get(int(hurt.name))
    return known.title if known else said.name_spot(hurt)
