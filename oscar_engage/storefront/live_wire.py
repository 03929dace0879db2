"""How does a page speak that takes part in something live? Before any other middleware, by our cookie alone, and not too often.

What is common to the talk of a shared page and of a voice; what either says, their own modules know.
"""

import re
import time
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import translation

from oscar_engage.sharing.bodies import TooLargeError
from oscar_engage.sharing.models import LiveSession
from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.rate import Rate
from oscar_engage.storefront.sharing_page import forget_shared
from oscar_engage.storefront.turn import BREAKER

HEADER = "HTTP_ENGAGE_LIVE"
"""A header that no form can set and no foreign page may: with the cookie's ``SameSite``, what a token would be for."""

TALKS = Rate(seconds=60.0)
"""What pages say to this process, by session."""

TALKS_PER_MINUTE = 900
"""Fifteen a second: our scripts bundle what happens, and wait for each answer."""

LARGE_TALKS = Rate(seconds=60.0)
"""The same, of what is larger than a page's small changes."""

LARGE_TALKS_PER_MINUTE = 40
LARGE = 32 * 1024

NEXT_MS = 1000
"""Milliseconds after which a page speaks again that has nothing to say."""

Turn = Callable[[HttpRequest, str, int], HttpResponse]
"""Answers one turn of the talk of the session with this public id; the number is the body's length in bytes."""


class WrongTurnError(ValueError):
    """Something that no page of ours sends."""


def serve_turn(request: HttpRequest, address: re.Pattern[str], name: str, turn: Turn) -> HttpResponse | None:
    """Answer what a page says at an address that ends as ``address`` and is called ``name``; ``None`` for the others."""
    found = address.search(request.path_info) if request.method == "POST" else None
    if found is None or request.path_info != _path_of(name, found["public_id"]):
        return None
    with translation.override(translation.get_language_from_request(request)):
        return answer_turn(request, found["public_id"], turn)


def answer_turn(request: HttpRequest, public_id: str, turn: Turn) -> HttpResponse:
    """Answer one turn of the talk: never cached, and never an error page of the shop."""
    try:
        response = _guarded(request, public_id, turn)
    except LiveSession.DoesNotExist:
        response = HttpResponse(status=HTTPStatus.NOT_FOUND)
        forget_shared(request, response)
    except (WrongTurnError, UnreadablePostError):
        count("refused", "live_malformed")
        response = HttpResponse(status=HTTPStatus.BAD_REQUEST)
    except (TooLargeError, RequestDataTooBig):
        count("refused", "live_too_large")
        response = HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except Exception:  # noqa: BLE001 - the shop's error page and mails to its admins are not for our faults
        note_fault("sharing")
        response = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})
    response["Cache-Control"] = "private, no-store"
    return response


def _guarded(request: HttpRequest, public_id: str, turn: Turn) -> HttpResponse:
    if HEADER not in request.META or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    length, now = _length_of(request), time.monotonic()
    is_large = length > LARGE and not LARGE_TALKS.allows(public_id, limit=LARGE_TALKS_PER_MINUTE, now=now)
    if is_large or not TALKS.allows(public_id, limit=TALKS_PER_MINUTE, now=now):
        count("refused", "live_flood")
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "2"})
    if BREAKER.is_open():
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})
    return turn(request, public_id, length)


def _length_of(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise WrongTurnError from None


def _path_of(name: str, public_id: str) -> str | None:
    try:
        return "/" + reverse(name, args=[public_id]).removeprefix(get_script_prefix())
    except NoReverseMatch:
        return None
