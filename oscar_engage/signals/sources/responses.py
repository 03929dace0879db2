"""What does the shop's answer tell? Searches, refusals, form errors, checkout steps, how a payment ended.

Read after the response was sent, from its context, its status and the messages queued for the shopper. No query, no values.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib.messages import constants
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase

from oscar_engage.conf import get_settings
from oscar_engage.signals.buffer import Buffer
from oscar_engage.signals.sources.receivers import get_view_name, is_posted

_CHECKOUT = "checkout:"
_THANKS = "checkout:thank-you"
_LONGEST_QUERY = 200
_MOST_FIELDS = 40
_LONGEST_NAME = 64


def read_response(buffer: Buffer, response: HttpResponseBase) -> None:
    """Add to ``buffer`` what this response says about the shopper's progress."""
    view = get_view_name(buffer)
    if buffer.context is not None:
        _read_search(buffer, view, buffer.context)
        _read_forms(buffer, view, buffer.context)
    _read_refusals(buffer, view, response)
    _read_checkout(buffer, view)
    _read_payment(buffer, response)


def _read_search(buffer: Buffer, view: str, context: Mapping[str, Any]) -> None:
    query = context.get("query")
    # ``count`` is cached once the page was rendered; before that it would be a query of ours.
    results = getattr(context.get("paginator"), "__dict__", {}).get("count")
    if view == "search:search" and query and results is not None:
        made = {"query": str(query)[:_LONGEST_QUERY], "results": results}
        buffer.add("search.made", made)
        if view in get_settings().help_views:
            buffer.add("help.searched", made)


def _read_forms(buffer: Buffer, view: str, context: Mapping[str, Any]) -> None:
    if not is_posted(buffer):
        return
    for name, form in _invalid_forms(context):
        # "__all__" is Django's own name for errors of the form as a whole.
        fields = tuple(field[:_LONGEST_NAME] for field in form.errors)[:_MOST_FIELDS]
        buffer.add("form.invalid", {"form": f"{view}.{name}"[-_LONGEST_NAME:], "fields": fields})


def _invalid_forms(context: Mapping[str, Any]) -> Iterator[tuple[str, BaseForm]]:
    """Give each form of the context that was judged already and found wrong, once; asking an unjudged one could query."""
    seen: set[int] = set()
    for name, value in context.items():
        if isinstance(value, BaseForm) and id(value) not in seen and value.__dict__.get("_errors"):
            seen.add(id(value))
            yield name, value


def _read_refusals(buffer: Buffer, view: str, response: HttpResponseBase) -> None:
    if view == "basket:add" and _was_sent_back(buffer, response, constants.ERROR):
        buffer.add("basket.refused", {"product_id": _product_asked_for(buffer.request)})
    elif view == "basket:summary" and is_posted(buffer) and _has_basket_errors(buffer, response):
        buffer.add("basket.refused", {})
    elif view == "basket:vouchers-add" and _was_sent_back(buffer, response, constants.WARNING):
        buffer.drop(["voucher.added"])  # Oscar sends its signal before it knows whether the voucher gives anything
        buffer.add("voucher.refused", {})
    elif view.startswith(_CHECKOUT) and _was_sent_back(buffer, response, constants.WARNING):
        buffer.add("checkout.refused", {"step": view.removeprefix(_CHECKOUT)})


def _product_asked_for(request: HttpRequest) -> int | None:
    match = request.resolver_match
    pk = match.kwargs.get("pk") if match else None
    return pk if isinstance(pk, int) else None


def _was_sent_back(buffer: Buffer, response: HttpResponseBase, level: int) -> bool:
    """Whether the shopper was redirected with a message of at least this level."""
    return _is_redirect(response) and any(queued >= level for queued in queued_levels(buffer.request))


def queued_levels(request: HttpRequest) -> list[int]:
    """Return the levels of the messages that this request queued for the shopper."""
    # Private but stable since Django 1.2; the public way would eat the shopper's messages.
    storage = getattr(request, "_messages", None)
    return [message.level for message in getattr(storage, "_queued_messages", ())]


def _has_basket_errors(buffer: Buffer, response: HttpResponseBase) -> bool:
    """Whether the basket's formset came back wrong: as a page, or as the JSON that Oscar's own script asks for."""
    formset = (buffer.context or {}).get("formset")
    if formset is not None:
        return any(formset.__dict__.get("_errors") or ())
    if not response.get("Content-Type", "").startswith("application/json"):
        return False
    if buffer.has("basket.line_changed") or buffer.has("basket.line_removed"):
        return False  # it was accepted; the warning is about an offer that no longer applies
    answer = json.loads(getattr(response, "content", b"{}"))
    told = answer.get("messages", {}) if isinstance(answer, dict) else {}
    return "warning" in told or "error" in told


def _read_checkout(buffer: Buffer, view: str) -> None:
    # The thank-you page comes after the checkout: no step of a new one.
    if view.startswith(_CHECKOUT) and view != _THANKS and buffer.context is not None:
        buffer.add("checkout.step", {"step": view.removeprefix(_CHECKOUT)})


def _read_payment(buffer: Buffer, response: HttpResponseBase) -> None:
    if not buffer.has("payment.tried") or buffer.has("payment.failed") or buffer.has("order.placed"):
        return
    if buffer.payment_taken:
        buffer.add("order.failed", {})
    elif not _is_redirect(response):
        buffer.add("payment.failed", {"reason": "declined" if _shows_payment_form(buffer) else "error"})
    elif _was_sent_back(buffer, response, constants.ERROR):
        buffer.add("payment.failed", {"reason": "declined"})
    else:
        buffer.add("payment.redirected", {})


def _shows_payment_form(buffer: Buffer) -> bool:
    """Whether the form is shown again, as Oscar does when the bank says no (``UnableToTakePayment``), not the preview."""
    view = (buffer.context or {}).get("view")
    return view is not None and not getattr(view, "preview", True)


def _is_redirect(response: HttpResponseBase) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST
