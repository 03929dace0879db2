"""What is new in this conversation? The poll of an open chat: our cookie only, no session, no basket, mostly one query."""

import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from oscar_engage.desk.access import access_conversation_of_key, access_conversation_of_visitor
from oscar_engage.desk.carry.show import carried_for
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.presence import expire_leases
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.read import mark_read_by_shopper
from oscar_engage.storefront.turn import BREAKER

NEXT = {ConversationStatus.OPEN: 3, ConversationStatus.WAITING: 5, ConversationStatus.CLOSED: 60}
"""Seconds until the browser may ask again, by status."""

_ADDRESS = re.compile(r"/chat/(?P<public_id>[\w-]{1,32})/events/$")
_NUMBER = re.compile(r"[0-9]{1,9}")


def serve_poll(request: HttpRequest, *, key: str | None) -> HttpResponse:
    """Answer ``GET …/chat/<public id>/events/?after=<seq>``: 204, or 200 with an ``<li>`` for each message after ``seq``.

    ``key`` is the visitor's. Headers: ``Engage-Status`` (waiting, open, closed) and ``Engage-Next`` (seconds). Unknown and
    foreign conversations are the same empty 404. While our database is sick it is not asked: 503, and the browser comes back
    later. Works outside all other middleware.
    """
    if BREAKER.is_open():
        return _private(HttpResponse(status=503, headers={"Retry-After": "30"}))
    address = _ADDRESS.search(request.path_info)
    try:
        conversation = access_conversation_of_key(key, address["public_id"] if address else "")
    except Conversation.DoesNotExist:
        return _private(HttpResponse(status=404))
    return _private(_news(conversation, _after(request), now=timezone.now()))


def _news(conversation: Conversation, after: int, *, now: datetime) -> HttpResponse:
    if _has_lost_agent(conversation, now):
        expire_leases(now=now)
        conversation = access_conversation_of_visitor(conversation.visitor_id, conversation.public_id)
    response = _messages(conversation, after) if conversation.last_seq > after else HttpResponse(status=204)
    response["Engage-Status"] = conversation.status
    response["Engage-Next"] = str(NEXT[ConversationStatus(conversation.status)])
    return response


def _has_lost_agent(conversation: Conversation, now: datetime) -> bool:
    """Whether this chat's agent is gone: the shopper's own poll finds it sooner than the sweep."""
    agent = conversation.agent
    if agent is None or conversation.status != ConversationStatus.OPEN:
        return False
    return agent.lease_until is None or agent.lease_until <= now


def _messages(conversation: Conversation, after: int) -> HttpResponse:
    messages = list(messages_after(conversation, after))
    if not messages:
        return HttpResponse(status=204)
    mark_read_by_shopper(conversation, messages[-1].seq)
    with translation.override(conversation.language or translation.get_language()):
        context = {"said": carried_for(conversation, messages)}
        return HttpResponse(render_to_string("oscar_engage/storefront/messages.html", context))


def _after(request: HttpRequest) -> int:
    given = request.GET.get("after", "")
    return int(given) if _NUMBER.fullmatch(given) else 0


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
