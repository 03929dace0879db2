"""When would this product arrive? Only the shop can tell: the setting ``DELIVERY``."""

from collections.abc import Callable
from functools import lru_cache

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings


@lru_cache(maxsize=4)
def _load(path: str) -> Callable[[int], str]:
    loaded: Callable[[int], str] = import_string(path)
    return loaded


def delivery_words(product_id: int | None) -> str:
    """Return the shop's words in the language of the moment; an empty text for no product, and where it does not tell."""
    path = get_settings().delivery
    return str(_load(path)(product_id) or "") if path and product_id is not None else ""
