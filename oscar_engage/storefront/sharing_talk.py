"""What does a shopper's page say every second while it is shared? Answered before any other middleware, by our cookie alone."""

import re
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from oscar_engage.conf import get_settings
from oscar_engage.sharing.access import session_of_shopper
from oscar_engage.sharing.agent import names_of_lookers
from oscar_engage.sharing.bodies import LARGEST_PACKED, LARGEST_SENT, TooLargeError, unzip
from oscar_engage.sharing.files import file_bases
from oscar_engage.sharing.models import LiveState
from oscar_engage.sharing.shopper import Heard, hear_shopper, leave
from oscar_engage.sharing.verbs import MalformedError, ShopperSays, read_shopper
from oscar_engage.sharing.words import words_for_shopper
from oscar_engage.storefront.fastpath import serve_fast_too
from oscar_engage.storefront.live_wire import HEADER, NEXT_MS, WrongTurnError, answer_turn, serve_turn
from oscar_engage.storefront.page_copy import may_copy
from oscar_engage.storefront.sharing_page import forget_if_last
from oscar_engage.visitors.token import read_visitor_key

_ADDRESS = re.compile(r"/live/(?P<public_id>[\w-]{1,32})/talk/$")


def serve_sharing_fast(request: HttpRequest) -> HttpResponse | None:
    """Answer what a shared page says; ``None`` for every other request."""
    return serve_turn(request, _ADDRESS, "engage:live-talk", _answer)


def answer_talk(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer one turn of the talk: JSON, never cached, and never an error page of the shop."""
    return answer_turn(request, public_id, _answer)


def _answer(request: HttpRequest, public_id: str, length: int) -> HttpResponse:
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


def _read(request: HttpRequest, length: int) -> ShopperSays:
    is_packed = request.content_type == "application/gzip"
    if length > (LARGEST_PACKED if is_packed else LARGEST_SENT):
        raise TooLargeError
    sent = request.read(length)  # past Django's limit for forms, which is the shop's own, and within ours
    try:
        return read_shopper(unzip(sent) if is_packed else sent)
    except MalformedError:
        raise WrongTurnError from None


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
        forget_if_last(request, response, session)
    return response


serve_fast_too(serve_sharing_fast, module="shared_page")
