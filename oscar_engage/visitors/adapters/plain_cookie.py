"""``CONSENT`` for a banner that keeps its answer as one word in one cookie."""

from django.http import HttpRequest

from oscar_engage.conf import get_settings
from oscar_engage.visitors.adapters.levels import read_groups
from oscar_engage.visitors.consent import ConsentLevel


def consent_level(request: HttpRequest) -> ConsentLevel:
    """Return the level that ``CONSENT_GROUPS`` gives to the value of the cookie ``CONSENT_COOKIE``; any other value is none."""
    answer = request.COOKIES.get(get_settings().consent_cookie, "")
    return dict(read_groups()).get(answer, ConsentLevel.NONE)
