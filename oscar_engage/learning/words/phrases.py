"""What does each feature's value mean, told to staff? A phrase for low values and one for high ones. Pure.

Facts of the visit, in the words of the shop: never the name of a feature, and nothing that a feature does not hold.
"""

from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from oscar_engage.analytics.words import say_number, say_share
from oscar_engage.learning.words.amounts import say_whole_money
from oscar_engage.learning.words.tell import Answered, Counted, Lasting, Scene, Tell

_MORNING, _NOON, _EVENING = 6, 12, 18
_STAGES = ("browsing", "product", "basket", "checkout", "payment", "ordered")


def _basket_total(value: float, scene: Scene) -> str:
    if value <= 0:
        return _("nothing in the basket")
    return _("basket of %(amount)s") % {"amount": say_whole_money(value, scene.currency)}


def _basket_saved(value: float, scene: Scene) -> str:
    if value <= 0:
        return _("no offer or voucher in the basket")
    return _("saves %(amount)s by offers") % {"amount": say_whole_money(value, scene.currency)}


def _deepest_scroll(value: float, scene: Scene) -> str:
    if value <= 0:
        return _("has not scrolled down a page")
    return _("read %(share)s of a page") % {"share": say_share(min(value, 100) / 100)}


def _stage(value: float, scene: Scene) -> str:
    words = {
        "browsing": _("only looks around so far"),
        "product": _("has come as far as a product"),
        "basket": _("has come as far as the basket"),
        "checkout": _("has come as far as the checkout"),
        "payment": _("has come as far as paying"),
        "ordered": _("has just ordered"),
    }
    return words[_STAGES[max(0, min(round(value), len(_STAGES) - 1))]]


def _visit_number(value: float, scene: Scene) -> str:
    number = max(1, round(value))
    words = {
        1: _("here for the first time"),
        2: _("here for the second time"),
        3: _("here for the third time"),
        4: _("here for the fourth time"),
        5: _("here for the fifth time"),
    }
    return words.get(number) or _("visit number %(number)s") % {"number": say_number(number)}


def _days_since_visit(value: float, scene: Scene) -> str:
    days = int(value)
    if days < 1:
        return _("was here less than a day ago")
    return ngettext("was here %(shown)s day ago", "was here %(shown)s days ago", days) % {"shown": say_number(days)}


def _time_of_day(value: float, scene: Scene) -> str:
    if scene.at is None:
        return ""
    hour = localtime(scene.at).hour
    if hour < _MORNING:
        return _("at night")
    if hour < _NOON:
        return _("in the morning")
    return _("in the afternoon") if hour < _EVENING else _("in the evening")


def _day_of_week(value: float, scene: Scene) -> str:
    return "" if scene.at is None else _("on a %(weekday)s") % {"weekday": date_format(localtime(scene.at), "l")}


PHRASES: Mapping[str, Tell] = {
    "signals": Counted(
        gettext_lazy("has done nothing yet"),
        ngettext_lazy("%(shown)s thing done in this visit", "%(shown)s things done in this visit", "count"),
    ),
    "pages": Counted(
        gettext_lazy("no page opened"), ngettext_lazy("only %(shown)s page opened", "%(shown)s pages opened", "count")
    ),
    "product_views": Counted(
        gettext_lazy("has looked at no product"),
        ngettext_lazy("looked at %(shown)s product", "looked at %(shown)s products", "count"),
    ),
    "products_again": Counted(
        gettext_lazy("looked at no product twice"),
        ngettext_lazy("came back to a product once", "came back to products %(shown)s times", "count"),
    ),
    "unavailable_views": Counted(
        gettext_lazy("met nothing sold out"),
        ngettext_lazy("met a sold-out product", "met sold-out products %(shown)s times", "count"),
    ),
    "searches": Counted(gettext_lazy("has not searched"), ngettext_lazy("searched once", "searched %(shown)s times", "count")),
    "zero_result_searches": Counted(
        gettext_lazy("no search in vain"),
        ngettext_lazy("searched in vain", "searched in vain %(shown)s times", "count"),
    ),
    "basket_total": _basket_total,
    "basket_lines": Counted(
        gettext_lazy("nothing in the basket"),
        ngettext_lazy("%(shown)s product in the basket", "%(shown)s products in the basket", "count"),
    ),
    "basket_saved": _basket_saved,
    "basket_changes": Counted(
        gettext_lazy("has not changed the basket"),
        ngettext_lazy("changed the basket once", "changed the basket %(shown)s times", "count"),
    ),
    "basket_seconds": Lasting(gettext_lazy("has just changed the basket"), gettext_lazy("basket unchanged for %(span)s"), 30.0),
    "refusals": Counted(
        gettext_lazy("the shop refused nothing"),
        ngettext_lazy("the shop refused something", "the shop refused something %(shown)s times", "count"),
    ),
    "payment_failures": Counted(
        gettext_lazy("no payment failed"),
        ngettext_lazy("a payment failed", "payments failed %(shown)s times", "count"),
    ),
    "exit_intents": Counted(
        gettext_lazy("has not reached for the way out"),
        ngettext_lazy("was about to leave", "was about to leave %(shown)s times", "count"),
    ),
    "tabs_away": Counted(
        gettext_lazy("stayed on the shop's page"),
        ngettext_lazy("looked at another tab", "looked at other tabs %(shown)s times", "count"),
    ),
    "quick_backs": Counted(
        gettext_lazy("left no page at once"),
        ngettext_lazy("left a page at once", "left pages at once %(shown)s times", "count"),
    ),
    "help_looks": Counted(
        gettext_lazy("has not looked for help"),
        ngettext_lazy("looked for help", "looked for help %(shown)s times", "count"),
    ),
    "struggles": Counted(
        gettext_lazy("no trouble with a page"),
        ngettext_lazy("had trouble with a page", "had trouble with pages %(shown)s times", "count"),
    ),
    "hesitations": Counted(
        gettext_lazy("no hesitation in a form"),
        ngettext_lazy("hesitated in a form", "hesitated in forms %(shown)s times", "count"),
    ),
    "deepest_scroll": _deepest_scroll,
    "stage": _stage,
    "stage_pages": Counted(
        gettext_lazy("no page since the last step"),
        ngettext_lazy("%(shown)s page since the last step", "%(shown)s pages since the last step", "count"),
    ),
    "visit_seconds": Lasting(gettext_lazy("has only just come"), gettext_lazy("here for %(span)s"), 60.0),
    "page_seconds": Lasting(gettext_lazy("has just opened the page"), gettext_lazy("on the page for %(span)s"), 10.0),
    "idle_seconds": Lasting(gettext_lazy("busy on the page"), gettext_lazy("idle for %(span)s"), 5.0),
    "visible_seconds": Lasting(
        gettext_lazy("has hardly looked at the page"), gettext_lazy("looked at the page for %(span)s"), 5.0
    ),
    "on_product": Answered("", gettext_lazy("on a product's page")),
    "on_basket": Answered("", gettext_lazy("looks at the basket")),
    "on_checkout": Answered("", gettext_lazy("is in the checkout")),
    "from_search": Answered(gettext_lazy("did not come from a search engine"), gettext_lazy("came from a search engine")),
    "from_campaign": Answered(gettext_lazy("did not come from a campaign"), gettext_lazy("came from a campaign")),
    "is_phone": Answered(gettext_lazy("not on a phone"), gettext_lazy("on a phone")),
    "hour_sin": _time_of_day,
    "hour_cos": _time_of_day,
    "week_sin": _day_of_week,
    "week_cos": _day_of_week,
    "visit_number": _visit_number,
    "days_since_visit": _days_since_visit,
    "came_back": Answered(gettext_lazy("left no basket behind before"), gettext_lazy("came back to a basket left behind")),
}
"""By the features' names (``features.schema.NAMES``)."""

TOPICS: Mapping[str, str] = {
    **dict.fromkeys(("hour_sin", "hour_cos"), "hour"),
    **dict.fromkeys(("week_sin", "week_cos"), "week"),
    **dict.fromkeys(("stage", "on_product", "on_basket", "on_checkout"), "where"),
    **dict.fromkeys(("idle_seconds", "page_seconds", "visible_seconds"), "now"),
    **dict.fromkeys(("pages", "signals", "stage_pages", "visit_seconds"), "length"),
    **dict.fromkeys(("basket_total", "basket_lines"), "basket"),
}
"""Features that say much the same: what they count is added up, and one phrase told. Others are a topic of their own."""
