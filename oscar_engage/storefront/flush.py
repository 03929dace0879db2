"""What is written after a response? The signals of its request, in one short transaction, if the visitor allows it."""

import threading
import time
import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from oscar_engage.desk.mask.text import mask_secrets
from oscar_engage.shop.baskets import get_loaded_basket, measure_basket
from oscar_engage.signals.breaker import Breaker
from oscar_engage.signals.buffer import Buffer, Entry
from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.ingest import RejectedSignalError, check_signal
from oscar_engage.signals.signal import Signal
from oscar_engage.signals.sources.responses import read_response
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.visitors.consent import ConsentLevel, get_consent
from oscar_engage.visitors.guard import own_transaction
from oscar_engage.visitors.observe import observe
from oscar_engage.visitors.token import read_visitor_id

BREAKER = Breaker()
"""Shared by all writes of this process on behalf of the storefront: flushes and beats."""

_SLOW = 1.0  # seconds; a write that took longer counts as a failure, so that the next ones are skipped
_WAIT_FOR_TURN = 0.05  # seconds; after the bytes are out, but the thread is the shop's
_TURNS = threading.BoundedSemaphore(2)  # at most two of the shop's threads wait for our tables at once


def flush(buffer: Buffer, response: HttpResponseBase) -> None:
    """Write what ``buffer`` holds. Never raises; what cannot be written is dropped and counted."""
    try:
        visitor_id = read_visitor_id(buffer.request)
        if visitor_id is not None:  # without our cookie there is nobody to write about
            _flush_for(visitor_id, buffer, response)
    except DatabaseError:
        BREAKER.record_failure(now=time.monotonic())
        note_fault("flush")
    except Exception:  # noqa: BLE001 - runs on the shop's thread, which must go on to its next request
        note_fault("flush")


def _flush_for(visitor_id: uuid.UUID, buffer: Buffer, response: HttpResponseBase) -> None:
    _read(buffer, response)
    if not buffer.kept():
        return
    consent = get_consent(buffer.request)
    if consent < ConsentLevel.FUNCTIONAL:
        return
    started = time.monotonic()
    if not BREAKER.admits(now=started):
        count("dropped", "breaker")
    elif not _TURNS.acquire(timeout=_WAIT_FOR_TURN):
        count("dropped", "busy")
    else:
        try:
            _write(visitor_id, consent, buffer, now=timezone.now())
        finally:
            _TURNS.release()
        _judge_duration(started, time.monotonic())


def _judge_duration(started: float, ended: float) -> None:
    if ended - started > _SLOW:
        BREAKER.record_failure(now=ended)
    else:
        BREAKER.record_success()


def _read(buffer: Buffer, response: HttpResponseBase) -> None:
    try:
        read_response(buffer, response)
    except Exception:  # noqa: BLE001 - a page we cannot read costs its own signals, not those recorded before
        note_fault("read_response")


def _write(visitor_id: uuid.UUID, consent: ConsentLevel, buffer: Buffer, *, now: datetime) -> None:
    request = buffer.request
    entries = [*buffer.kept(), *_measure(request, now)]
    basket, user = get_loaded_basket(request), _get_known_user(request)
    with own_transaction():
        observe(
            visitor_id=visitor_id,
            consent=consent,
            signals=[signal for entry in entries if (signal := _check(entry))],
            page=get_page_facts(request.resolver_match),
            now=now,
            customer_id=user.pk if user is not None else None,
            is_staff=bool(getattr(user, "is_staff", False)),
            basket_id=basket.id if basket is not None else None,
        )


def _measure(request: HttpRequest, now: datetime) -> list[Entry]:
    """Return the basket as it stands now, as a raw fact; a basket that cannot be measured is left out."""
    try:
        measured = measure_basket(request)
    except Exception:  # noqa: BLE001 - a shop's own basket or pricing may fail; the other signals still count
        note_fault("measure_basket")
        return []
    return [Entry("basket.measured", measured, now, kept=True)] if measured else []


def _check(entry: Entry) -> Signal | None:
    data = entry.data
    if "query" in data:  # a search box takes whatever was on the clipboard
        data = {**data, "query": mask_secrets(str(data["query"]))}
    try:
        payload = check_signal(entry.kind, data, from_browser=False)
    except RejectedSignalError as error:
        count("rejected", error.reason)
        return None
    return Signal(kind=entry.kind, payload=payload, at=entry.at, event_id=uuid.uuid4())


def _get_known_user(request: HttpRequest) -> Any | None:
    """Return who is logged in if this request found out; never makes it find out (that reads the session)."""
    facts = request.__dict__
    for user in (facts.get("user"), facts.get("_cached_user")):
        # ``type`` and not ``isinstance``: the latter would evaluate Django's lazy user.
        if issubclass(type(user), AbstractBaseUser):
            return user
    return None
