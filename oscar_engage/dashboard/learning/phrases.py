"""What is a feature called, for somebody who has never seen its name?"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

PHRASES: Mapping[str, Any] = {
    "signals": _("how much happened in the visit"),
    "pages": _("pages opened"),
    "product_views": _("products looked at"),
    "products_again": _("products looked at again"),
    "unavailable_views": _("products that cannot be bought"),
    "searches": _("searches in the shop"),
    "zero_result_searches": _("searches that found nothing"),
    "basket_total": _("value of the basket"),
    "basket_lines": _("lines in the basket"),
    "basket_saved": _("what offers take off the basket"),
    "basket_changes": _("changes of the basket"),
    "basket_seconds": _("time since the basket changed"),
    "refusals": _("what the shop refused"),
    "payment_failures": _("payments that failed"),
    "exit_intents": _("pointer left the window"),
    "tabs_away": _("looks at other tabs"),
    "quick_backs": _("pages left at once"),
    "help_looks": _("looks at the help"),
    "struggles": _("angry or dead clicks"),
    "hesitations": _("fields that held up"),
    "deepest_scroll": _("how far pages were read"),
    "stage": _("how far towards an order"),
    "stage_pages": _("pages since that stage"),
    "visit_seconds": _("length of the visit"),
    "page_seconds": _("time on the page"),
    "idle_seconds": _("time without a touch"),
    "visible_seconds": _("time the page was in view"),
    "on_product": _("on a product"),
    "on_basket": _("in the basket"),
    "on_checkout": _("in the checkout"),
    "from_search": _("came from a search engine"),
    "from_campaign": _("came from a campaign"),
    "is_phone": _("on a phone"),
    "hour_sin": _("time of day"),
    "hour_cos": _("time of day"),
    "week_sin": _("day of the week"),
    "week_cos": _("day of the week"),
    "visit_number": _("number of the visit"),
    "days_since_visit": _("days since the last visit"),
    "came_back": _("came back after leaving a basket"),
}
"""A phrase for each of ``features.schema.NAMES``."""


def name_feature(name: str) -> str:
    """Return the phrase of a feature; one that is not known here, with spaces for its underscores."""
    return str(PHRASES.get(name) or name.replace("_", " "))
