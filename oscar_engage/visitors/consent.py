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

    ``Sec-GPC: 1`` and ``DNT: 1`` are such refusals unless ``RESPECT_PRIVACY_SIGNALS`` is off. Whatever the shop's callable
    raises passes through: the callers, all guarded, treat it as a fault, and a fault stores nothing.
    """
    settings = get_settings()
    answer: ConsentCallable = import_string(settings.consent)
    level = ConsentLevel(answer(request))
    refuses = "1" in (request.headers.get("Sec-GPC"), request.headers.get("DNT"))
    if refuses and settings.respect_privacy_signals:
        return min(level, ConsentLevel.STATISTICS)
    return level
