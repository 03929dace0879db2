"""What are spots and struggles called? Words for pages and mails, in the language that is active."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oscar_engage.analytics.struggles.rank import Hurt
from oscar_engage.analytics.struggles.spots import PAYMENT, SpotKind, Struggle
from oscar_engage.visitors.page_names import name_kind, name_step

KINDS: Mapping[str, Any] = {
    SpotKind.PLACE: pgettext_lazy("kind of spot", "place"),
    SpotKind.FIELD: pgettext_lazy("kind of spot", "form field"),
    SpotKind.PAGE: pgettext_lazy("kind of spot", "page"),
    SpotKind.STEP: pgettext_lazy("kind of spot", "checkout step"),
    SpotKind.PRODUCT: pgettext_lazy("kind of spot", "product"),
}

STRUGGLES: Mapping[str, Any] = {
    Struggle.RAGE: gettext_lazy("clicked in anger"),
    Struggle.DEAD: gettext_lazy("clicked in vain"),
    Struggle.FIELD_ERROR: gettext_lazy("error in the field"),
    Struggle.HESITATED: gettext_lazy("hesitated"),
    Struggle.BACK_STEP: gettext_lazy("went back to this step"),
    Struggle.TURNED_AWAY: gettext_lazy("sent back by the checkout"),
    Struggle.QUICK_BACK: gettext_lazy("left at once for the page before"),
    Struggle.PAYMENT_FAILED: gettext_lazy("payment refused or broken"),
    Struggle.PAYMENT_LOST: gettext_lazy("did not come back from the bank"),
    Struggle.NOTHING_FOUND: gettext_lazy("searched and found nothing"),
    Struggle.SOLD_OUT: gettext_lazy("could not be bought"),
    Struggle.NOT_ADDED: gettext_lazy("could not be put into the basket"),
    Struggle.VOUCHER_REFUSED: gettext_lazy("voucher refused"),
    Struggle.LOGIN_FAILED: gettext_lazy("login refused"),
    Struggle.SOUGHT: gettext_lazy("scrolled up and down in search"),
    Struggle.SHAKEN: gettext_lazy("shook the mouse"),
    Struggle.SCRIPT_FAILED: gettext_lazy("error of a script"),
}


def name_spot(hurt: Hurt) -> str:
    """Return what to call the spot; of a product its number, for here nothing is known of products."""
    if hurt.is_rest:
        return _("all others together")
    if hurt.kind == SpotKind.PRODUCT:
        return _("product %(number)s") % {"number": hurt.name}
    if hurt.kind == SpotKind.STEP:
        return _("paying") if hurt.name == PAYMENT else name_step(hurt.name)
    if hurt.kind == SpotKind.PAGE:
        return _("a product's page") if hurt.name == "product" else name_kind(hurt.name)
    return hurt.name


def say_ways(hurt: Hurt) -> list[tuple[Any, int]]:
    """Return the ways of struggling in words, each with the number of its visits, the most frequent first."""
    return [(STRUGGLES.get(way.struggle, way.struggle), way.visits) for way in hurt.ways]
