"""The one address at which the shop's outside desk tells us something: signed, small, and not more often than it has to."""

import time

from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.port import ForeignError, UnreadableError
from oscar_engage.outside.receive import receive
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.rate import OUTSIDE

LARGEST_BODY = 512 * 1024
"""Bytes of a request: a long message, with all that is told beside it."""

PER_MINUTE = 1200
"""Requests of one network in a minute, per process: an outside desk that tells of 20 events each second."""

UNKNOWN_NETWORK = "private"
"""What requests from the shop's own network are counted as."""


@csrf_exempt  # no browser posts here, and no cookie counts: the signature is what authorises
@non_atomic_requests
def outside_desk(request: HttpRequest) -> HttpResponse:
    """Take an event: 204, also for one that means nothing to us; 401 if it is not from there, 400 if nobody can read it."""
    desk = get_desk()
    if desk is None:
        raise Http404("outside-desk")
    if request.method != "POST":
        return _say(405, Allow="POST")
    now = timezone.now()
    whose = network_of(request, today=now.date()) or UNKNOWN_NETWORK
    if not OUTSIDE.allows(whose, limit=PER_MINUTE, now=time.monotonic()):
        return _say(429, **{"Retry-After": "60"})
    body = _read_body(request)
    if body is None:
        return _say(413)
    try:
        receive(desk, {name.lower(): value for name, value in request.headers.items()}, body, now=now)
    except ForeignError:
        return _say(401)
    except UnreadableError:
        return _say(400)
    return _say(204)


def _read_body(request: HttpRequest) -> bytes | None:
    """Return the body, or ``None`` for one that is too long or does not say how long it is."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > LARGEST_BODY:  # noqa: PLR2004 - digits
        return None
    return request.read(LARGEST_BODY)


def _say(status: int, **headers: str) -> HttpResponse:
    return HttpResponse(status=status, headers={"Cache-Control": "no-store", **headers})
