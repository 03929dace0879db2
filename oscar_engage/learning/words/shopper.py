"""Why did we show you this? What a shopper did, told back in plain words: no numbers, no guesses, nothing that pries. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.learning.words.reasons import Shares, Values, known_of


@dataclass(frozen=True, slots=True)
class Because:
    """What is said of a feature whose value is at least ``least``."""

    words: Any
    least: float = 1.0


SPOKEN: Mapping[str, Because] = {
    "pages": Because(_("you looked around the shop"), 3.0),
    "product_views": Because(_("you looked at several products"), 2.0),
    "products_again": Because(_("you came back to a product")),
    "unavailable_views": Because(_("you looked at something that is sold out")),
    "searches": Because(_("you searched the shop")),
    "zero_result_searches": Because(_("you searched and found nothing")),
    "basket_total": Because(_("there is something in your basket"), 0.01),
    "basket_lines": Because(_("there is something in your basket")),
    "basket_changes": Because(_("you changed your basket"), 2.0),
    "help_looks": Because(_("you looked for help")),
    "stage": Because(_("you are on the way to an order"), 3.0),
    "on_product": Because(_("you are looking at a product")),
    "on_basket": Because(_("you are looking at your basket")),
    "on_checkout": Because(_("you are in the checkout")),
    "visit_number": Because(_("you have been here before"), 2.0),
    "came_back": Because(_("you came back to your basket")),
}
"""By the features' names; what is not here is in :data:`UNSPOKEN`."""

_WATCHED = "to be told of it feels like being watched"
_BLAMED = "it was a mishap, and to be told of it sounds like blame"
_NO_DEED = "nothing that the shopper did"

UNSPOKEN: Mapping[str, str] = {
    **dict.fromkeys(("signals", "visit_seconds", "stage_pages", "page_seconds", "idle_seconds", "visible_seconds"), _WATCHED),
    **dict.fromkeys(("exit_intents", "tabs_away", "quick_backs", "deepest_scroll", "basket_seconds"), _WATCHED),
    **dict.fromkeys(("from_search", "from_campaign", "is_phone", "days_since_visit"), _WATCHED),
    **dict.fromkeys(("refusals", "payment_failures", "struggles", "hesitations"), _BLAMED),
    **dict.fromkeys(("hour_sin", "hour_cos", "week_sin", "week_cos", "basket_saved"), _NO_DEED),
}
"""What a shopper is not told, with the reason."""


def find_because(shares: Shares, values: Values) -> str:
    """Return what counted most for the score, of that which may be told; empty where nothing may."""
    for name, counts in sorted(shares, key=lambda share: -share[1]):
        said, value = SPOKEN.get(name), known_of(name, values)
        if counts > 0 and said is not None and value is not None and value >= said.least:
            return str(said.words)
    return ""
