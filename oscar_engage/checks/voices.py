"""Can shopper and agent talk the way the shop is set up? A system check that says what is missing."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Warning, register
from django.utils.module_loading import import_string

from oscar_engage.conf import InvalidSettingError, get_settings
from oscar_engage.voices.turn import has_relay

_MIDDLEWARE = "oscar_engage.storefront.middleware.EngageMiddleware"
_OWN_HOSTS = ("localhost", "127.0.0.1")
"""Where browsers give a microphone without HTTPS."""

_SEEN = ("microphone", "camera", "display-capture")
"""What ``PERMISSIONS_POLICY`` of django-permissions-policy may take from the shop's own pages."""


@register("oscar_engage")
def check_voices(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W019: ``VOICES`` or ``VOICES_ROOMS`` is on, and the shop's settings keep it from working well."""
    try:
        settings = get_settings()
    except (InvalidSettingError, TypeError, ValueError):  # E001 says so
        return []
    found = [*(_missing(settings) if settings.voices else ()), *(_of_rooms(settings) if settings.voices_rooms else ())]
    return [Warning(message, hint=hint, id="oscar_engage.W019") for message, hint in found]


def _missing(settings: Any) -> Iterator[tuple[str, str]]:
    if not has_relay([str(url) for url in dict(settings.voices_turn).get("URLS", ())]):
        yield (
            "OSCAR_ENGAGE['VOICES'] is on without a relay in VOICES_TURN: where a network lets no browser through to another "
            "(many companies, some mobile networks), shopper and agent cannot talk.",
            "Run coturn and name it in VOICES_TURN: docs/voices.md, 'A relay'.",
        )
    is_secure = django_settings.SECURE_SSL_REDIRECT or django_settings.SESSION_COOKIE_SECURE
    is_tried_out = django_settings.DEBUG or urlsplit(settings.site_url).hostname in _OWN_HOSTS
    if not (is_secure or is_tried_out):
        yield (
            "OSCAR_ENGAGE['VOICES'] is on, and nothing says that the shop is served by HTTPS alone: no browser gives a "
            "microphone to a page without it.",
            "Serve the shop by HTTPS, and set SECURE_SSL_REDIRECT or SESSION_COOKIE_SECURE to True.",
        )
    if _MIDDLEWARE not in django_settings.MIDDLEWARE:
        yield (
            "OSCAR_ENGAGE['VOICES'] is on, and EngageMiddleware is not in MIDDLEWARE: each second of a talk costs two requests "
            "through all of the shop's middleware.",
            f"Put {_MIDDLEWARE!r} first in MIDDLEWARE.",
        )
    policy = getattr(django_settings, "PERMISSIONS_POLICY", {})
    taken = [name for name in _SEEN if name in policy and not {"self", "*"} & set(policy[name] or ())]
    if taken:
        yield (
            f"PERMISSIONS_POLICY takes {', '.join(taken)} from the shop's own pages, so nobody can talk there.",
            f"""Set "{taken[0]}": ["self"] there, and the same for the others.""",
        )


def _of_rooms(settings: Any) -> Iterator[tuple[str, str]]:
    try:
        import_string(settings.voices_rooms)
    except ImportError as error:
        yield (
            f"OSCAR_ENGAGE['VOICES_ROOMS'] cannot be imported: {error}",
            "Name a class, such as 'oscar_engage.voices.rooms.Jitsi', or leave it empty for no rooms.",
        )
        return
    if not settings.voices_room:
        yield (
            "OSCAR_ENGAGE['VOICES_ROOMS'] is set, and VOICES_ROOM says nothing about where the rooms are.",
            "Set VOICES_ROOM to {'HOST': 'meet.example'} or {'TEMPLATE': 'https://meet.example/{room}'}.",
        )
