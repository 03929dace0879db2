"""Can the shop push the way it is set up? System checks that say what to type."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, register
from django.db import connections
from django.urls import Resolver404, resolve

from oscar_engage.conf import InvalidSettingError, get_settings
from oscar_engage.core.pushing import Push, WakeBy

_OURS = ("oscar_engage.asgi", "oscar_engage.push")


def _push() -> Push | None:
    """Return the setting, or ``None`` where it is wrong, too: E001 says so."""
    try:
        return get_settings().push
    except (InvalidSettingError, TypeError, ValueError):
        return None


@register("oscar_engage")
def check_wake(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E015: what ``PUSH`` wakes by is not to be had."""
    push = _push()
    hint = _what_is_missing(push.by) if push else ""
    if push is None or not hint:
        return []
    message = f"OSCAR_ENGAGE['PUSH'] wakes by {str(push.by)!r}, which is not to be had here."
    return [Error(message, hint=hint, id="oscar_engage.E015")]


def _what_is_missing(by: WakeBy) -> str:
    """Return what to do about it; empty where nothing is missing."""
    install = 'Type: pip install "django-oscar-engage[push]"'
    if by is WakeBy.POSTGRESQL:
        alias = get_settings().database
        if alias in connections.settings and connections[alias].vendor != "postgresql":
            return f"Set 'WAKE': 'database'; only PostgreSQL has NOTIFY, and DATABASES[{alias!r}] is another."
        return "" if find_spec("psycopg") else f"{install} (psycopg 3; with psycopg2 set 'WAKE': 'database')."
    if by is WakeBy.REDIS:
        return "" if find_spec("redis") else f"{install} (redis)."
    return ""


@register("oscar_engage")
def check_streams(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E016: the shop's own application would hold the streams; under WSGI each takes a thread, in any case a connection."""
    push = _push()
    if push is None or not _serves_streams(push.url):
        return []
    return [
        Error(
            "The streams of OSCAR_ENGAGE['PUSH'] are served by the shop's own application: each would hold a thread and a "
            "database connection for a quarter of an hour.",
            hint="Take oscar_engage.asgi out of urlpatterns and of WSGI_APPLICATION, and run it as a process of its own: "
            'uvicorn oscar_engage.asgi:push (docs/operations.md, "Push").',
            id="oscar_engage.E016",
        )
    ]


def _serves_streams(url: str) -> bool:
    named = str(getattr(django_settings, "WSGI_APPLICATION", None) or "")
    try:
        view: object = resolve(url).func
    except Resolver404:
        view = None
    modules = (named, str(getattr(view, "__module__", "")), type(view).__module__)
    return any(module.startswith(_OURS) for module in modules)
