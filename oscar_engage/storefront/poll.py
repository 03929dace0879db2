"""What is new in this conversation? The poll of an open chat: our cookie only, no session, no basket, mostly one query."""

import re
from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation

from oscar_engage.desk.access import (
    Owner,
    access_conversation_of_key,
    access_conversation_of_owner,
    access_conversation_of_visitor,
)
from oscar_engage.desk.carry.show import carried_for
from oscar_engage.desk.glance import Glance, glance_at, glance_of_key
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.presence import expire_leases
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.read import mark_read_by_shopper
from oscar_engage.desk.writing import note_shopper_writing
from oscar_engage.push.send import wake
from oscar_engage.storefront.expected import render_news
from oscar_engage.storefront.turn import BREAKER

NEXT = {
    ConversationStatus.OPEN: 3,
    ConversationStatus.WAITING: 5,
    ConversationStatus.PLANNED: 60,
    ConversationStatus.CLOSED: 60,
}
"""Seconds until the browser may ask again, by status."""

_ADDRESS = re.compile(r"/chat/(?P<public_id>[\w-]{1,32})/events/$")
_NUMBER = re.compile(r"[0-9]{1,9}")


def serve_poll(request: HttpRequest, *, key: str | None, owner: Owner | None = None) -> HttpResponse:
    """Answer ``GET …/chat/<public id>/events/?after=<seq>``: 204, or 200 with an ``<li>`` for each message after ``seq``.

    To who waits and says what it shows (``&shown=<token>``) comes what to expect, too, where that has changed; ``&writing=1``
    says that the shopper writes. ``key`` is the visitor's; ``owner``, who looks, goes before it. Headers: ``Engage-Status``
    (waiting, open, closed, and note for a chat that was left as a message), ``Engage-Next`` (seconds), while the agent writes
    ``Engage-Typing`` (the name, percent-encoded), and ``Engage-Live``, the id of what goes on beside the words. Unknown and
    foreign conversations are the same empty 404. While our database is sick it is not asked: 503, and the browser comes back
    later. Works outside all other middleware.
    """
    if BREAKER.is_open():
        return _private(HttpResponse(status=503, headers={"Retry-After": "30"}))
    address = _ADDRESS.search(request.path_info)
    public_id, now = address["public_id"] if address else "", timezone.now()
    try:
        if owner is None and not _tells_more(request):
            glance = glance_of_key(key, public_id)
            if glance.last_seq <= read_after(request.GET) and not glance.has_lost_agent(now=now):
                return _private(_tell(HttpResponse(status=204), glance, now=now))
        conversation = access_conversation_of_owner(owner, public_id) if owner else access_conversation_of_key(key, public_id)
    except Conversation.DoesNotExist:
        return _private(HttpResponse(status=404))
    if request.GET.get("writing") == "1" and note_shopper_writing(conversation, now=now):
        wake(conversation)
    return _private(_news(request, conversation, now=now))


def _tells_more(request: HttpRequest) -> bool:
    """Whether the browser says more than what it has: that its shopper writes, or what is read while waiting."""
    return request.GET.get("writing") == "1" or "shown" in request.GET


def _news(request: HttpRequest, conversation: Conversation, *, now: datetime) -> HttpResponse:
    if glance_at(conversation).has_lost_agent(now=now):
        expire_leases(now=now)
        conversation = access_conversation_of_visitor(conversation.visitor_id, conversation.public_id)
    with translation.override(conversation.language or translation.get_language()):
        html = render_messages(conversation, read_after(request.GET)) + render_news(request, conversation, now=now)
    return _tell(HttpResponse(html) if html else HttpResponse(status=204), glance_at(conversation), now=now)


def _tell(response: HttpResponse, glance: Glance, *, now: datetime) -> HttpResponse:
    response["Engage-Status"] = "note" if glance.kind == ConversationKind.NOTE else glance.status
    response["Engage-Next"] = str(NEXT[ConversationStatus(glance.status)])
    if glance.live_id:
        response["Engage-Live"] = glance.live_id
    if glance.voice_id:
        response["Engage-Voice"] = glance.voice_id
    if name := glance.writing(now=now):
        response["Engage-Typing"] = quote(name)
    return response


def render_messages(conversation: Conversation, after: int) -> str:
    """Return an ``<li>`` for each message after number ``after``, which counts as read then; an empty text without any."""
    messages = messages_after(conversation, after) if conversation.last_seq > after else []
    if not messages:
        return ""
    mark_read_by_shopper(conversation, messages[-1].seq)
    answering = None if conversation.status == ConversationStatus.CLOSED else conversation
    context = {"said": carried_for(conversation, messages), "answering": answering}
    return render_to_string("oscar_engage/storefront/messages.html", context)


def read_after(data: QueryDict) -> int:
    """Return the number of the last message that a browser says it has; 0 for anything else."""
    given = data.get("after", "")
    return int(given) if _NUMBER.fullmatch(given) else 0


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
