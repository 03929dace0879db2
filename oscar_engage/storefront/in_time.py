"""How long may a page of ours hold the shop's thread? No longer than a lock is held by others; then the shopper tries again.

A server has few threads. With our tables locked and two hundred chats that ask every three seconds, all of them waited within
a moment, and the shop sold two thirds of what it sells (``make bench NAME=load``).
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import OperationalError, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern

from oscar_engage.conf import get_settings
from oscar_engage.signals.breaker import Breaker
from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.statements.limits import Patience
from oscar_engage.storefront.answers import is_fragment

LOCK_MS, POST_LOCK_MS = 250, 1000
"""Milliseconds for a lock (PostgreSQL), of what only reads and of what a person sends: few do that at once, and in the same
conversation one waits for the other, who may be changing the basket meanwhile."""

PAGES = Breaker(pause=1.0, longest=5.0)
"""Of pages and polls alone, and soon asked again: a chat goes on some seconds after the lock is gone."""

_RETRY = 5  # seconds
_OWN = frozenset({"beat", "live-talk", "voice-talk"})
"""Addresses that answer for themselves, in machine's words, when our tables do not."""

_PATIENT = frozenset({"act"})
"""Addresses that wait as long as it takes: a yes to a proposal changes the basket, and a second one waits for the first."""


class BusyError(Exception):
    """Our tables do not answer at the moment; nothing of what was asked is done."""


@contextmanager
def within_limits(*, lock_ms: int = LOCK_MS) -> Iterator[None]:
    """Have the block give up a lock in time, with :class:`BusyError`; so it ends at once while others just waited in vain."""
    if not PAGES.admits(now=time.monotonic()):
        count("refused", "breaker")
        raise BusyError
    connection = connections[get_settings().database]
    patience = Patience(connection, lock_ms=lock_ms)
    try:
        with connection.execute_wrapper(patience):
            yield
    except OperationalError as error:
        PAGES.record_failure(now=time.monotonic())
        note_fault("page")
        if connection.in_atomic_block:  # that of ``ATOMIC_REQUESTS``, which would else try to commit
            transaction.set_rollback(True, using=connection.alias)
        raise BusyError from error
    if patience.has_asked:
        PAGES.record_success()


def in_time(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Return ``patterns`` such that each of their views answers 503 in time where our tables do not answer."""
    found = list(patterns)
    for pattern in found:
        if pattern.name not in _OWN | _PATIENT:
            pattern.callback = _in_time(pattern.callback)
    return found


def _in_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with within_limits(lock_ms=POST_LOCK_MS if request.method == "POST" else LOCK_MS):
                return view(request, *args, **kwargs)
        except BusyError:
            return say_busy(request)

    return answer


def say_busy(request: HttpRequest) -> HttpResponse:
    """Answer that it does not work at the moment; without a query, for the transaction may be one that has failed.

    To a form that htmx sends the words come into the form, whose text stays; our own scripts try again by the status.
    """
    is_form = request.method == "POST" and is_fragment(request) and "X-Engage-Fragment" not in request.headers
    name = "busy_form" if is_form else "busy"
    response = HttpResponse(render_to_string(f"oscar_engage/storefront/{name}.html"))
    if is_form:
        response["HX-Retarget"], response["HX-Reswap"] = "this", "afterbegin"  # htmx shows nothing of an answer with 503
    else:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Retry-After"] = str(_RETRY)
    response["Cache-Control"] = "private, no-store"
    return response
