"""What does a shopper's page say while both talk? Where its connection stands; answered as a shared page's talk is."""

import re
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from oscar_engage.sharing.access import session_of_shopper
from oscar_engage.sharing.bodies import TooLargeError
from oscar_engage.sharing.models import LiveKind, LiveState, Side
from oscar_engage.storefront.fastpath import serve_fast_too
from oscar_engage.storefront.live_wire import HEADER, WrongTurnError, answer_turn, serve_turn
from oscar_engage.storefront.sharing_page import forget_if_last
from oscar_engage.visitors.token import read_visitor_key
from oscar_engage.voices.says import LARGEST, MalformedError, Says, read_says
from oscar_engage.voices.sdp import WrongSdpError
from oscar_engage.voices.talk import hear, leave
from oscar_engage.voices.tell import tell
from oscar_engage.voices.words import words_for_shopper

_ADDRESS = re.compile(r"/voice/(?P<public_id>[\w-]{1,32})/talk/$")


def serve_voices_fast(request: HttpRequest) -> HttpResponse | None:
    """Answer what the page of a shopper who talks says; ``None`` for every other request."""
    return serve_turn(request, _ADDRESS, "engage:voice-talk", _answer)


def answer_talk(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer one turn of the talk: JSON, never cached, and never an error page of the shop."""
    return answer_turn(request, public_id, _answer)


def _answer(request: HttpRequest, public_id: str, length: int) -> HttpResponse:
    says = _read(request, length)
    session = session_of_shopper(read_visitor_key(request), public_id, kind=LiveKind.VOICE)
    now = timezone.now()
    if request.META[HEADER] == "leave":
        leave(session, Side.SHOPPER, says.page, now=now)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    try:
        heard = hear(session, Side.SHOPPER, says, now=now)
    except WrongSdpError:
        raise WrongTurnError from None
    told: dict[str, Any] = tell(heard, words=words_for_shopper(heard.session))
    response = HttpResponse(msgspec.json.encode(told), content_type="application/json")
    if heard.session.state == LiveState.ENDED:
        forget_if_last(request, response, heard.session)
    return response


def _read(request: HttpRequest, length: int) -> Says:
    if length > LARGEST:
        raise TooLargeError
    try:
        return read_says(request.read(length))
    except MalformedError:
        raise WrongTurnError from None


serve_fast_too(serve_voices_fast, module="voices")
