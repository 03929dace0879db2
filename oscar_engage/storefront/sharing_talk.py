"""What does a shopper's page say every second while it is shared? Answered before any other middleware, by our cookie alone."""

import re
import time
from http import HTTPStatus
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import timezone, translation

from oscar_engage.conf import get_settings
from oscar_engage.sharing.access import session_of_shopper
from oscar_engage.sharing.agent import names_of_lookers
from oscar_engage.sharing.bodies import LARGEST_PACKED, LARGEST_SENT, TooLargeError, unzip
from oscar_engage.sharing.files import file_bases
from oscar_engage.sharing.models import LiveSession, LiveState
from oscar_engage.sharing.shopper import Heard, hear_shopper, leave
from oscar_engage.sharing.verbs import MalformedError, ShopperSays, read_shopper
from oscar_engage.sharing.words import words_for_shopper
from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.fastpath import serve_fast_too
from oscar_engage.storefront.page_copy import may_copy
from oscar_engage.storefront.rate import Rate
from oscar_engage.storefront.sharing_page import forget_shared
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.visitors.token import read_visitor_key

HEADER = "HTTP_ENGAGE_LIVE"
"""A header that no form can set and no foreign page may: with the cookie's ``SameSite``, what a token would be for."""

TALKS = Rate(seconds=60.0)
"""What pages that are shared say to this process, by session."""

TALKS_PER_MINUTE = 900
"""Fifteen a second: our script bundles what happens in 80 ms, and waits for each answer."""

LARGE_TALKS = Rate(seconds=60.0)
"""The same, of what is larger than a page's small changes."""

LARGE_TALKS_PER_MINUTE = 40
LARGE = 32 * 1024

NEXT_MS = 1000
"""Milliseconds after which a page speaks again that has nothing to say."""

_ADDRESS = re.compile(r"/live/(?P<public_id>[\w-]{1,32})/talk/$")


def serve_sharing_fast(request: HttpRequest) -> HttpResponse | None:
    """Answer what a shared page says; ``None`` for every other request."""
    found = _ADDRESS.search(request.path_info) if request.method == "POST" else None
    if found is None or request.path_info != _path_of(found["public_id"]):
        return None
    with translation.override(translation.get_language_from_request(request)):
        return answer_talk(request, found["public_id"])


def _path_of(public_id: str) -> str | None:
    try:
        return "/" + reverse("engage:live-talk", args=[public_id]).removeprefix(get_script_prefix())
    except NoReverseMatch:
        return None


def answer_talk(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer one turn of the talk: JSON, never cached, and never an error page of the shop."""
    try:
        response = _answer(request, public_id)
    except LiveSession.DoesNotExist:
        response = HttpResponse(status=HTTPStatus.NOT_FOUND)
        forget_shared(request, response)
    except (MalformedError, UnreadablePostError):
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


def _answer(request: HttpRequest, public_id: str) -> HttpResponse:
    if HEADER not in request.META or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    length, now = _length_of(request), time.monotonic()
    is_large = length > LARGE and not LARGE_TALKS.allows(public_id, limit=LARGE_TALKS_PER_MINUTE, now=now)
    if is_large or not TALKS.allows(public_id, limit=TALKS_PER_MINUTE, now=now):
        count("refused", "live_flood")
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "2"})
    if BREAKER.is_open():
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})
    says = _read(request, length)
    session = session_of_shopper(read_visitor_key(request), public_id)
    at = timezone.now()
    if request.META[HEADER] == "leave":
        leave(session, says.page, now=at)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    with translation.override(translation.get_language_from_path(says.path) or translation.get_language()):
        is_private = not get_settings().has("shared_page") or not may_copy(says.path)
    heard = hear_shopper(session, says, is_private=is_private, bases=file_bases(), now=at)
    if heard.is_early:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "1"})
    return _tell(request, heard)


def _length_of(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise MalformedError from None


def _read(request: HttpRequest, length: int) -> ShopperSays:
    is_packed = request.content_type == "application/gzip"
    if length > (LARGEST_PACKED if is_packed else LARGEST_SENT):
        raise TooLargeError
    sent = request.read(length)  # past Django's limit for forms, which is the shop's own, and within ours
    return read_shopper(unzip(sent) if is_packed else sent)


def _tell(request: HttpRequest, heard: Heard) -> HttpResponse:
    session, now = heard.session, timezone.now()
    is_over = session.state == LiveState.ENDED
    told: dict[str, Any] = {
        "state": session.state,
        "words": words_for_shopper(session),
        "pause": session.pause,
        "seq": heard.seq or session.shopper_seq,
        "lookers": [] if is_over else names_of_lookers(session, now=now),
        "next": NEXT_MS,
    }
    if heard.verbs:
        told["verbs"] = [[seq, msgspec.Raw(verb)] for seq, verb in heard.verbs]
    if heard.is_other:
        told["other"] = True
    if heard.again:
        told["again"] = True
    response = HttpResponse(msgspec.json.encode(told), content_type="application/json")
    if is_over:
        forget_shared(request, response)
    return response


serve_fast_too(serve_sharing_fast, module="shared_page")
