"""What is written after a response? The signals of its request, in one short transaction, if the visitor allows it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from oscar_engage.shop.baskets import get_loaded_basket, measure_basket
from oscar_engage.shop.lines import check_at_hand, check_basket
from oscar_engage.shop.shipping import find_shipping
from oscar_engage.shop.stock import find_unavailable
from oscar_engage.signals.buffer import Buffer, Entry
from oscar_engage.signals.counters import count
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.sources.responses import read_response
from oscar_engage.storefront.absent import write_absent
from oscar_engage.storefront.check import check_entry
from oscar_engage.storefront.client import read_page_request
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.storefront.robots import is_robot
from oscar_engage.storefront.switch import follow_switch
from oscar_engage.storefront.told import is_basket_untold, note_basket_told
from oscar_engage.storefront.turn import BREAKER, write_in_turn
from oscar_engage.visitors.consent import ConsentLevel, browser_refuses, get_consent
from oscar_engage.visitors.guard import own_transaction
from oscar_engage.visitors.identity import UnknownKeyError, change_key, find_handed_over
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.observe import Observed, observe
from oscar_engage.visitors.token import read_visitor_key

P = ParamSpec("P")
T = TypeVar("T")


def flush(buffer: Buffer, response: HttpResponseBase) -> None:
    """Write what ``buffer`` holds. Never raises; what cannot be written is dropped and counted."""
    if buffer.is_sensed:
        _flush_shopper(buffer, response)
    others = buffer.kept_about_others()
    if others:
        write_absent(others)
    follow_switch()


def _flush_shopper(buffer: Buffer, response: HttpResponseBase) -> None:
    try:
        key = read_visitor_key(buffer.request)
        if key is not None and not is_robot(buffer.request):  # without our cookie there is nobody to write about
            _flush_for(key, buffer, response)
    except UnknownKeyError:
        count("dropped", "unknown_key")  # a logout, or erased: the next beat begins with somebody new
    except DatabaseError:
        BREAKER.record_failure(now=time.monotonic())
        note_fault("flush")
    except Exception:  # noqa: BLE001 - runs on the shop's thread, which must go on to its next request
        note_fault("flush")


def _flush_for(key: str, buffer: Buffer, response: HttpResponseBase) -> None:
    _read(buffer, response)
    consent = get_consent(buffer.request)
    if consent >= ConsentLevel.FUNCTIONAL and (buffer.kept() or _add_untold(key, buffer, response)):
        write_in_turn(partial(_write, key, consent, buffer, response, now=timezone.now()))
    elif buffer.has("login.ended"):
        write_in_turn(partial(_lock_out, key))


def _lock_out(key: str) -> None:
    """Take the key from a browser that agreed to nothing and was logged out: what it asked is not the next one's to read."""
    with own_transaction():
        visitor = Visitor.objects.filter(key=key).first()
        if visitor is not None:
            change_key(visitor, customer_id=None)


def _add_untold(key: str, buffer: Buffer, response: HttpResponseBase) -> bool:
    """Whether a page without news is worth a trip: prices moved, goods are gone, the visit knows nothing of the basket yet."""
    if found := _look(check_at_hand, buffer.request):
        buffer.add("basket.checked", found)
    if shipping := _look(find_shipping, buffer.request, buffer.context or {}, response):
        buffer.add("checkout.shipping", shipping)
    return bool(found or shipping or is_basket_untold(key, buffer.request))


def _read(buffer: Buffer, response: HttpResponseBase) -> None:
    try:
        read_response(buffer, response)
    except Exception:  # noqa: BLE001 - a page we cannot read costs its own signals, not those recorded before
        note_fault("read_response")


def _write(key: str, consent: ConsentLevel, buffer: Buffer, response: HttpResponseBase, *, now: datetime) -> None:
    request = buffer.request
    entries = [*buffer.kept(), *_measure(buffer, response, now)]
    basket, user = get_loaded_basket(request), _get_known_user(request)
    customer_id = user.pk if user is not None else None
    facts = {
        "consent": consent,
        "signals": [signal for entry in entries if (signal := check_entry(entry))],
        "page": replace(get_page_facts(request.resolver_match), language=getattr(request, "LANGUAGE_CODE", "")),
        "now": now,
        "customer_id": customer_id,
        "is_staff": bool(getattr(user, "is_staff", False)),
        "basket_id": basket.id if basket is not None else None,
        "is_linked": not browser_refuses(request),
        "began": read_page_request(request).began,
    }
    with own_transaction():
        observed, known_by = _observe(key, facts)
        if observed is not None:
            _follow_login(buffer, observed.visitor, user, is_changed=observed.visitor.key != known_by)
    if observed is not None:  # and kept: what a transaction that fails has told is told again
        note_basket_told(key, request)


def _observe(key: str, facts: dict[str, Any]) -> tuple[Observed | None, str]:
    """Observe with the browser's key, or with the one it is to be handed: between a login and the next beat it is not yet."""
    try:
        return observe(key=key, **facts), key
    except UnknownKeyError:
        visitor = find_handed_over(key, customer_id=facts["customer_id"])
        if visitor is None:
            raise
        return observe(key=visitor.key, **facts), visitor.key


def _follow_login(buffer: Buffer, visitor: Visitor, user: Any | None, *, is_changed: bool) -> None:
    """Change the visitor's key when somebody logged in or out with this browser, whatever was agreed to."""
    if buffer.has("login.ended"):
        change_key(visitor, customer_id=None)
    elif buffer.has("login.succeeded") and user is not None and not is_changed:
        change_key(visitor, customer_id=user.pk)


def _measure(buffer: Buffer, response: HttpResponseBase, now: datetime) -> list[Entry]:
    """Return what only a look at the shop tells: the basket as it stands now, the shipping offered, who is still logged in."""
    found, request = [], buffer.request
    if basket := _look(measure_basket, request):
        found.append(Entry("basket.measured", basket, now, kept=True))
    if not buffer.has("basket.checked") and (lines := _look(check_basket, request)):
        found.append(Entry("basket.checked", lines, now, kept=True))
    if not buffer.has("checkout.shipping") and (shipping := _look(find_shipping, request, buffer.context or {}, response)):
        found.append(Entry("checkout.shipping", shipping, now, kept=True))
    if _get_known_user(request) is not None and not (buffer.has("login.succeeded") or buffer.has("login.ended")):
        found.append(Entry("login.recognised", {}, now, kept=True))
    if buffer.has("product.viewed"):
        product = _look(find_unavailable, request, buffer.context or {}, response)
        if product is not None:
            found.append(Entry("product.unavailable", product, now, kept=True))
    return found


def _look(at: Callable[P, T | None], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Ask the shop; where its own basket, pricing or stock fails, that fact is missing and the others still count."""
    try:
        return at(*args, **kwargs)
    except Exception:  # noqa: BLE001 - the shop's own code, on its own thread
        note_fault("look")
        return None


def _get_known_user(request: HttpRequest) -> Any | None:
    """Return who is logged in if this request found out; never makes it find out (that reads the session)."""
    facts = request.__dict__
    for user in (facts.get("user"), facts.get("_cached_user")):
        # ``type`` and not ``isinstance``: the latter would evaluate Django's lazy user.
        if issubclass(type(user), AbstractBaseUser):
            return user
    return None
