"""What did this visitor agree to? The shop answers by one callable; we only ask."""

from collections.abc import Callable
from enum import IntEnum

from django.http import HttpRequest
from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings


class ConsentLevel(IntEnum):
    """How far we may go; each level includes those below it."""

    NONE = 0
    """Nothing is stored and nothing proactive fires; the shopper may still ask for help."""

    FUNCTIONAL = 1
    """The current visit is kept; service rules that read the current page may fire."""

    STATISTICS = 2
    """Signals of the visit are logged, pseudonymously; hold-out accounting."""

    PERSONALISATION = 3
    """History across visits; every rule may fire."""


ConsentCallable = Callable[[HttpRequest], ConsentLevel]


def no_consent(request: HttpRequest) -> ConsentLevel:
    """The default of ``CONSENT``: nobody agreed to anything."""
    return ConsentLevel.NONE


def get_consent(request: HttpRequest) -> ConsentLevel:
    """Return the visitor's level, lowered to ``STATISTICS`` where the browser itself refuses personalisation.

    Whatever the shop's callable raises passes through: the callers, all guarded, treat it as a fault, and a fault stores
    nothing.
    """
    answer: ConsentCallable = import_string(get_settings().consent)
    level = ConsentLevel(answer(request))
    return min(level, ConsentLevel.STATISTICS) if browser_refuses(request) else level


def browser_refuses(request: HttpRequest) -> bool:
    """Whether the browser itself refuses, by one of the headers in ``PRIVACY_SIGNALS``.

    A visit is then linked neither to a customer nor to a basket or an order, whatever the shop's own banner was told.
    """
    return any(request.headers.get(name) == "1" for name in get_settings().privacy_signals)
