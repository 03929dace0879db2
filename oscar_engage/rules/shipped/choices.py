"""Which fixed lists do the shipped variables choose from? Kinds of pages, stages of a visit, devices, weekdays, segments."""

from django.conf import settings
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

DEVICES = Choice({"phone": _("phone"), "tablet": _("tablet"), "desktop": _("computer")})
CONSENTS = Choice(
    {
        "none": pgettext_lazy("consent", "none"),
        "functional": pgettext_lazy("consent", "functional"),
        "statistics": pgettext_lazy("consent", "statistics"),
        "personalisation": pgettext_lazy("consent", "personalisation"),
    }
)
WEEKDAYS = Choice(
    {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }
)
OWN_LANGUAGE = "own"
ANSWERED_IN = Choice({OWN_LANGUAGE: _("the shopper's own language"), **dict(settings.LANGUAGES)})
