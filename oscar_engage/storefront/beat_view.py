"""How does a browser talk to us? The beat's HTTP side: who may send it, how large it is, what the answer carries."""

import math
import time
from http import HTTPStatus

from django.db import DatabaseError
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.sources.browser import Beat, MalformedBeatError, parse_beat
from oscar_engage.storefront.admit import admits_newcomer, reason_to_ignore
from oscar_engage.storefront.beat import BeatAnswer, serve_beat
from oscar_engage.storefront.client import read_beat_request
from oscar_engage.storefront.identity import get_customer_id, recognise
from oscar_engage.storefront.pace import PACE, Clocks
from oscar_engage.storefront.switch import follow_switch
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.storefront.withdrawal import follow_withdrawal
from oscar_engage.visitors.consent import ConsentLevel, get_consent
from oscar_engage.visitors.identity import UnknownKeyError
from oscar_engage.visitors.token import read_visitor_key, write_visitor_cookie

LARGEST_BODY = 64 * 1024  # bytes: the limit of ``sendBeacon``
_NEXT_WHEN_QUIET = 30  # seconds, when there is nothing to say: no consent, a fault, a foreign page
_CONSENT, _TAKEN = "_engage_consent", "_engage_beat"  # what a request carries from the fast path to the view


@csrf_exempt
@non_atomic_requests
def beat(request: HttpRequest) -> HttpResponse:
    """Take ``POST …/beat/`` and answer 204, or 200 with fragments. Never cached, never an error page.

    Exempt from the CSRF token because pages are cached for everybody; instead only requests from our own origin count, and a
    beat can report but not act. Nothing of a refused beat is read further than needed to refuse it.
    """
    return answer_beat(request, is_bare=False)


def answer_beat(request: HttpRequest, *, is_bare: bool) -> HttpResponse:
    """Answer a beat; ``is_bare``: before the shop's middleware, where nobody knows who is logged in.

    There a key that no visitor has raises ``UnknownKeyError``.
    """
    follow_switch()
    response = _refuse(request) or _take(request, is_bare=is_bare)
    response["Cache-Control"] = "private, no-store"
    return response


def _refuse(request: HttpRequest) -> HttpResponse | None:
    if request.method != "POST":
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
    reason = reason_to_ignore(request)
    if reason is not None:
        count("refused", reason)
        return _quiet()
    if _declared_length(request) > LARGEST_BODY:
        count("refused", "too_large")
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return None


def _take(request: HttpRequest, *, is_bare: bool) -> HttpResponse:
    try:
        taken = _parse(request)
    except MalformedBeatError:
        count("refused", "malformed")
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    began = _read_clocks()
    if not BREAKER.admits(now=began.wall):
        count("dropped", "breaker")
        return _quiet()
    try:
        response = _serve(request, taken, is_bare=is_bare)
    except UnknownKeyError:
        raise
    except DatabaseError:
        BREAKER.record_failure(now=time.monotonic())
        note_fault("beat")
        return _quiet()
    except Exception:  # noqa: BLE001 - the shop's error page and mails to its admins are not for our faults
        note_fault("beat")
        return _quiet()
    BREAKER.record_success()
    PACE.note(began, _read_clocks())
    return response


def _read_clocks() -> Clocks:
    return Clocks(time.monotonic(), time.thread_time(), time.process_time())


def _serve(request: HttpRequest, taken: Beat, *, is_bare: bool) -> HttpResponse:
    consent, visitor = _ask_consent(request), None if is_bare else recognise(request)
    key = read_visitor_key(request) if is_bare else visitor.key if visitor else None
    customer_id = None if is_bare else get_customer_id(request)
    if key is None and taken.fetch and consent >= ConsentLevel.FUNCTIONAL and not admits_newcomer(request):
        count("refused", "newcomers")
        return _quiet()
    with translation.override(translation.get_language_from_request(request)):
        client = read_beat_request(request, taken.came_from)
        answer = serve_beat(taken, key=key, customer_id=customer_id, consent=consent, client=client, now=timezone.now())
        response = _build_response(answer)
    response["Engage-Next"] = str(PACE.next_beat() if consent > ConsentLevel.NONE else _NEXT_WHEN_QUIET)
    if consent == ConsentLevel.NONE:
        response["Engage-Quiet"] = "1"  # nothing more is said on this page, unless its visitor agrees to something
    if answer.key is not None and answer.key != read_visitor_key(request):
        write_visitor_cookie(response, answer.key, secure=request.is_secure())
    follow_withdrawal(response, read_visitor_key(request), consent, now=timezone.now())
    return response


def _build_response(answer: BeatAnswer) -> HttpResponse:
    response = HttpResponse("".join(answer.fragments)) if answer.fragments else HttpResponse(status=HTTPStatus.NO_CONTENT)
    if answer.wake_in is not None:
        # Rounded up: a browser that came a moment early would find the rule still false.
        response["Engage-Wake"] = f"{math.ceil(answer.wake_in * 10) / 10:.1f}"
    return response


def _quiet() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Engage-Next": str(_NEXT_WHEN_QUIET)})


def _declared_length(request: HttpRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if str(declared).isdecimal() else LARGEST_BODY + 1


def _parse(request: HttpRequest) -> Beat:
    """Return the beat; a request that comes a second time, through the shop's middleware, has no body left to read."""
    taken: Beat | None = getattr(request, _TAKEN, None)
    if taken is None:
        taken = parse_beat(_read_body(request), now=timezone.now())
        setattr(request, _TAKEN, taken)
        for reason in taken.rejected:
            count("rejected", reason)
    return taken


def _read_body(request: HttpRequest) -> bytes:
    """Return the body, or raise :class:`MalformedBeatError` when it is compressed, cut off or longer than it said."""
    if request.headers.get("Content-Encoding"):
        raise MalformedBeatError("compressed")
    try:
        body = request.read(LARGEST_BODY + 1)  # under ASGI a chunked body has no declared length
    except OSError:
        raise MalformedBeatError("cut off") from None
    if len(body) > LARGEST_BODY:
        raise MalformedBeatError("too large")
    return body


def has_consent_at_hand(request: HttpRequest) -> bool:
    """Whether the shop's ``CONSENT`` can answer from this bare request, and keep its answer for :func:`beat`.

    A callable that wants ``request.session`` or ``request.user`` cannot: its beats take the way through all middleware.
    """
    try:
        setattr(request, _CONSENT, get_consent(request))
    except AttributeError:
        return False
    except Exception:  # noqa: BLE001 - asked again, and counted, where the beat is served
        return True
    return True


def _ask_consent(request: HttpRequest) -> ConsentLevel:
    known: ConsentLevel | None = getattr(request, _CONSENT, None)
    return get_consent(request) if known is None else known
