"""``CONSENT`` for shops with django-cookie-consent: its groups of cookies are the keys of ``CONSENT_GROUPS``.

The library is imported only once a browser brings its cookie. It keeps its groups in Django's cache; about every hour, it asks
the database for them.
"""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from oscar_engage.visitors.adapters.levels import climb
from oscar_engage.visitors.consent import ConsentLevel

DEFAULT_NAME = "cookie_consent"


def consent_level(request: HttpRequest) -> ConsentLevel:
    """Return the level up to which the visitor accepted the groups, in their present version.

    Whoever has not answered yet, or answered before a group changed, has agreed to nothing of it.
    """
    if getattr(settings, "COOKIE_CONSENT_NAME", DEFAULT_NAME) not in request.COOKIES:
        return ConsentLevel.NONE
    return climb(partial(_is_accepted, request))


def _is_accepted(request: HttpRequest, group: str) -> bool:
    from cookie_consent.util import get_cookie_value_from_request  # noqa: PLC0415 - an optional dependency of the shop

    return get_cookie_value_from_request(request, group) is True
