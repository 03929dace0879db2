"""The test shop's consent: a cookie named ``consent`` with the level's name; without it, none."""

from django.http import HttpRequest

from oscar_engage.visitors.consent import ConsentLevel


def consent_from_cookie(request: HttpRequest) -> ConsentLevel:
    """Return the level that the cookie names."""
    return ConsentLevel[request.COOKIES.get("consent", "none").upper()]
