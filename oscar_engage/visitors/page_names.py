"""What is a page of the shop called, and a page of its checkout? In the language that is active."""

from collections.abc import Callable

from django.utils.translation import gettext as _


def name_kind(kind: str) -> str:
    """Return what to call a page of this kind (:attr:`oscar_engage.visitors.page.PageFacts.kind`) in a sentence."""
    return _NAMES.get(kind, _NAMES["other"])()


def name_step(step: str) -> str:
    """Return what to call a page of the checkout; a shop's own keeps its view's name."""
    return _STEPS[step]() if step in _STEPS else step


_NAMES: dict[str, Callable[[], str]] = {
    "home": lambda: _("the home page"),
    "category": lambda: _("the list of products"),
    "search": lambda: _("the search results"),
    "basket": lambda: _("the basket"),
    "account": lambda: _("the customer's account"),
    "help": lambda: _("our help"),
    "other": lambda: _("another page"),
}

_STEPS: dict[str, Callable[[], str]] = {
    "index": lambda: _("sign in or go on as a guest"),
    "shipping-address": lambda: _("delivery address"),
    "shipping-method": lambda: _("delivery method"),
    "payment-method": lambda: _("payment method"),
    "payment-details": lambda: _("payment"),
    "preview": lambda: _("last look before the order"),
    "thank-you": lambda: _("thank you"),
}
