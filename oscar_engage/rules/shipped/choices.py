"""Which fixed lists do the shipped variables choose from? Kinds of pages, stages of a visit, segments."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.rules.types import Choice

PAGE_KINDS = Choice(
    {
        "home": _("home page"),
        "category": _("category"),
        "product": _("product"),
        "search": _("search results"),
        "basket": pgettext_lazy("kind of page", "basket"),
        "checkout": _("checkout"),
        "account": _("account"),
        "help": _("help"),
        "other": _("other page"),
    }
)
STAGES = Choice(
    {
        "browsing": pgettext_lazy("stage of a visit", "browsing"),
        "product": pgettext_lazy("stage of a visit", "saw a product"),
        "basket": pgettext_lazy("stage of a visit", "has a basket"),
        "checkout": pgettext_lazy("stage of a visit", "in the checkout"),
        "payment": pgettext_lazy("stage of a visit", "paying"),
        "ordered": pgettext_lazy("stage of a visit", "ordered"),
    }
)
SEGMENTS = Choice(
    {
        "unscored": _("unscored"),
        "cold_lead": _("cold lead"),
        "hot_lead": _("hot lead"),
        "self_server": _("self-server"),
        "do_not_disturb": _("do not disturb"),
    }
)
