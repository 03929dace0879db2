"""Which requests are ours alone? Beats and polls, answered before any other middleware: no session, user or basket."""

import re
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import translation

from oscar_engage.modules import is_on
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.beat_view import answer_beat, has_consent_at_hand
from oscar_engage.storefront.in_time import BusyError, within_limits
from oscar_engage.storefront.poll import serve_poll
from oscar_engage.visitors.identity import UnknownKeyError
from oscar_engage.visitors.token import read_visitor_key

Serve = Callable[[HttpRequest], HttpResponse | None]

_SAMPLE_ID = "0"
_LATER = {"Retry-After": "5", "Cache-Control": "private, no-store"}
_OTHERS: dict[Serve, str] = {}


def serve_fast(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a beat or a poll, or ``None`` for every other request."""
    path = request.path_info
    if path == _beat_path():
        return _serve_beat(request)
    poll = _poll_pattern() if is_on("chat") else None
    if poll is not None and request.method == "GET" and poll.fullmatch(path):
        return _serve_poll(request)
    asked = (serve for serve, module in _OTHERS.items() if is_on(module))
    return next((response for serve in asked if (response := serve(request)) is not None), None)


def serve_fast_too(serve: Serve, *, module: str) -> None:
    """Have ``serve`` asked about what is neither beat nor poll, while ``module`` is on.

    To what is not its own it answers ``None`` at once.
    """
    _OTHERS[serve] = module


def _serve_beat(request: HttpRequest) -> HttpResponse | None:
    if not has_consent_at_hand(request):
        return None
    if read_visitor_key(request) is None and settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None  # a customer who threw our cookie away is known by the session, before an arm is drawn anew
    try:
        return answer_beat(request, is_bare=True)
    except UnknownKeyError:  # the session may know whose key it was
        return None


def _serve_poll(request: HttpRequest) -> HttpResponse | None:
    """Return the news; ``None`` where the key opens nothing: the session may know whose it was, or which customer looks."""
    key = read_visitor_key(request)
    try:
        with translation.override(translation.get_language_from_request(request)), within_limits():
            response = serve_poll(request, key=key)
    except BusyError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_LATER)
    except Exception:  # noqa: BLE001 - the ordinary view gets its turn, and Django's error handling with it
        note_fault("poll")
        return None
    may_be_known = key is not None or settings.SESSION_COOKIE_NAME in request.COOKIES
    return None if may_be_known and response.status_code == HTTPStatus.NOT_FOUND else response


@lru_cache(maxsize=1)
def _beat_path() -> str | None:
    return _path_of("engage:beat")


@lru_cache(maxsize=1)
def _poll_pattern() -> re.Pattern[str] | None:
    path = _path_of("engage:chat-events", _SAMPLE_ID)
    if path is None:
        return None
    before, _, after = path.rpartition(f"/{_SAMPLE_ID}/")
    return re.compile(rf"{re.escape(before)}/[\w-]+/{re.escape(after)}")


def _path_of(name: str, *args: str) -> str | None:
    """Return the address below the script's prefix; ``None`` where the shop has not mounted our addresses."""
    try:
        return "/" + reverse(name, args=args).removeprefix(get_script_prefix())
    except NoReverseMatch:
        return None


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "ROOT_URLCONF":
        _beat_path.cache_clear()
        _poll_pattern.cache_clear()


setting_changed.connect(_forget, dispatch_uid="engage-fastpath")
