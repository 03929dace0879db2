"""Does the visit know the basket already? What this process told of it lately, by the browser's key.

A basket that was filled before its shopper agreed to anything, or that was kept from an earlier visit, changes no more: none of
Oscar's signals tells of it. Without this, a rule on the basket's total passed such shoppers over until they changed something.
"""

import time

from django.http import HttpRequest

from oscar_engage.conf import get_settings
from oscar_engage.core.lru import Lru
from oscar_engage.shop.baskets import get_loaded_basket

_MOST = 10_000  # shoppers of this process within half a visit; one who is forgotten is told of once more
_TOLD: Lru[tuple[str, int], float] = Lru(_MOST)


def is_basket_untold(key: str, request: HttpRequest) -> bool:
    """Whether the page loaded a saved basket of which the running visit may know nothing; asks no database.

    After half of the time in which a visit ends by itself it may be another visit, so it is told again.
    """
    basket = get_loaded_basket(request)
    if basket is None or basket.id is None or not basket.can_be_edited:
        return False
    told_at = _TOLD.get((key, basket.id))
    return told_at is None or time.monotonic() - told_at > get_settings().visit_minutes * 60 / 2


def note_basket_told(key: str, request: HttpRequest) -> None:
    """Note that the visit of the browser with this key has just been told of the page's basket."""
    basket = get_loaded_basket(request)
    if basket is not None and basket.id is not None:
        _TOLD.put((key, basket.id), time.monotonic())
