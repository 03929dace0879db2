"""What are the placeholders called, what do they look like filled in, and why was a text refused?"""

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings as django_settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.dashboard import placeholder_words
from oscar_engage.desk.carry.placeholders import KNOWN, PlaceholderError
from oscar_engage.shop.card_product import money

NAMES: Mapping[str, str | Promise] = {
    "customer.first_name": gettext_lazy("customer's first name"),
    "customer.name": gettext_lazy("customer's name"),
    "agent.name": gettext_lazy("your name towards shoppers"),
    "conversation.reference": gettext_lazy("reference of the conversation"),
    "page.title": gettext_lazy("title of the page that was asked on"),
    "basket.total": gettext_lazy("total of the basket"),
    "basket.pieces": gettext_lazy("pieces in the basket"),
    "order.number": gettext_lazy("number of the latest order"),
    "order.status": gettext_lazy("status of the latest order"),
    "shop.name": gettext_lazy("name of the shop"),
}


def name_of(placeholder: str) -> str:
    """Return what people call ``placeholder``, in the language of the moment."""
    return str(NAMES[placeholder])


def example_values() -> dict[str, str]:
    """Return values for a preview: of nobody, and of this shop only its name."""
    return {
        "customer.first_name": "Ada",
        "customer.name": "Ada Lovelace",
        "agent.name": "Mia",
        "conversation.reference": "K7QM-3RTA",
        "page.title": _("Shipping method"),
        "basket.total": money(Decimal("79.50"), django_settings.OSCAR_DEFAULT_CURRENCY),
        "basket.pieces": "2",
        "order.number": "100042",
        "order.status": _("Being processed"),
        "shop.name": str(getattr(django_settings, "OSCAR_SHOP_NAME", "")),
    }


def why_refused(error: PlaceholderError) -> str:
    """Return why a text cannot be saved, with all placeholders that there are."""
    return placeholder_words.why_refused(error, KNOWN)
