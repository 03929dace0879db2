"""Can a page be shared the way the shop is set up? A system check that says what is missing."""

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Warning, register

from oscar_engage.conf import InvalidSettingError, get_settings
from oscar_engage.sharing.files import is_narrow

_MIDDLEWARE = "oscar_engage.storefront.middleware.EngageMiddleware"


@register("oscar_engage")
def check_sharing(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W018: Shared pages are on, and the shop's settings keep it from working well."""
    try:
        settings = get_settings()
    except (InvalidSettingError, TypeError, ValueError):  # E001 says so
        return []
    if not settings.has("shared_page"):
        return []
    return [Warning(message, hint=hint, id="oscar_engage.W018") for message, hint in _missing(settings)]


def _missing(settings: Any) -> list[tuple[str, str]]:
    found = []
    if not settings.snapshot_pages:
        found.append(
            (
                "Shared pages are on, but SNAPSHOT_PAGES is empty: there is no page that may be shared.",
                'Name kinds of pages in SNAPSHOT_PAGES, such as ["category", "product"], or name "shared_page" in MODULES_OFF.',
            )
        )
    if not is_narrow(str(django_settings.STATIC_URL or "")):
        found.append(
            (
                f"STATIC_URL is {django_settings.STATIC_URL!r}: an agent would see shared pages without the shop's styles.",
                "Give the static files a folder of their own, such as STATIC_URL = '/static/': only from there, and from "
                "MEDIA_URL, does an agent's browser load what a shopper's page names (docs/shared-page.md).",
            )
        )
    if _MIDDLEWARE not in django_settings.MIDDLEWARE:
        found.append(
            (
                "Shared pages are on, and EngageMiddleware is not in MIDDLEWARE: each second of a shared page "
                "costs two requests through all of the shop's middleware.",
                f"Put {_MIDDLEWARE!r} first in MIDDLEWARE.",
            )
        )
    return found
