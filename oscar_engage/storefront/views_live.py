"""May we do that together? The question with what it means, the answer, and the end: for the shopper's side of either kind.

A shared page and a talk are asked for, begun and ended alike; what differs is a :class:`Live`, which each address names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import WakeBy
from oscar_engage.desk.access import access_conversation_of_visitor
from oscar_engage.desk.models import Conversation
from oscar_engage.sharing.access import session_of_shopper
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession
from oscar_engage.sharing.opening import NotPossibleError
from oscar_engage.storefront.answers import private, vary
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.sharing_page import forget_if_last, note_shared
from oscar_engage.visitors.token import read_visitor_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What differs between the kinds.

    ``can`` says without a query whether it can be done in a conversation; ``agree`` begins what an agent asked for, ``begin``
    what the shopper wants, and either raises ``NotPossibleError``. ``noes`` and ``ends``: what a page may say in the place of a
    yes, and why it ends. ``context`` is for the template, beside what all have; ``tell_end`` is the answer after the end,
    ``talk`` answers one turn.
    """

    kind: LiveKind
    template: str
    noes: Mapping[str, Ended]
    ends: Mapping[str, Ended]
    can: Callable[[Conversation], bool]
    agree: Callable[[HttpRequest, LiveSession, datetime], LiveSession]
    begin: Callable[[HttpRequest, Conversation, datetime], LiveSession]
    context: Callable[[HttpRequest, Conversation, LiveSession | None], dict[str, Any]]
    tell_end: Callable[[LiveSession], HttpResponse]
    talk: Callable[[HttpRequest, str], HttpResponse]


@private
@require_safe
def show_live(request: HttpRequest, live_id: str, *, live: Live) -> HttpResponse:
    """Show the question that an agent asks, and the bar of what goes on; 404 for what is not this browser's."""
    try:
        session = _own(request, live_id, live)
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    if end_if_over(session, now=timezone.now()):
        return HttpResponse(status=410)
    return _show(request, session.conversation, session, live=live)


@private
@require_POST
def answer_live(request: HttpRequest, live_id: str, *, live: Live) -> HttpResponse:
    """Take the shopper's yes or no to what an agent asks."""
    said, now = request.POST.get("answer", ""), timezone.now()
    if said != "yes" and said not in live.noes:
        return HttpResponse(status=400)
    try:
        session = _own(request, live_id, live)
        if said != "yes":
            end(session, live.noes[said], now=now)
            return HttpResponse(status=204)
        return _began(request, live.agree(request, session, now))
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    except NotPossibleError:
        return HttpResponse(status=410)


@private
def begin_live(request: HttpRequest, public_id: str, *, live: Live) -> HttpResponse:
    """Show the question to a shopper who wants it of their own accord; with a POST, begin, or ask the agent."""
    visitor = recognise(request)
    try:
        conversation = access_conversation_of_visitor(visitor.pk if visitor else None, public_id)
    except Conversation.DoesNotExist:
        return HttpResponse(status=404)
    if not live.can(conversation):
        return HttpResponse(status=410)
    if request.method != "POST":
        return _show(request, conversation, None, live=live)
    if request.POST.get("answer") != "yes":
        return HttpResponse(status=204)
    try:
        return _began(request, live.begin(request, conversation, timezone.now()))
    except NotPossibleError:
        return HttpResponse(status=410)


@private
@require_POST
def end_live(request: HttpRequest, live_id: str, *, live: Live) -> HttpResponse:
    """End it, because the shopper says so or the browser cannot."""
    why = live.ends.get(request.POST.get("why", ""))
    if why is None:
        return HttpResponse(status=400)
    try:
        session = _own(request, live_id, live)
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    session = end(session, why, now=timezone.now())
    response = live.tell_end(session)
    forget_if_last(request, response, session)
    return response


@csrf_exempt
def talk(request: HttpRequest, live_id: str, *, live: Live) -> HttpResponse:
    """The talk, where no middleware of ours has answered it: it asks for our header instead of a token."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST", "Cache-Control": "private, no-store"})
    return live.talk(request, live_id)


def _own(request: HttpRequest, live_id: str, live: Live) -> LiveSession:
    return session_of_shopper(read_visitor_key(request), live_id, kind=live.kind)


def _began(request: HttpRequest, session: LiveSession) -> HttpResponse:
    response = JsonResponse({"id": session.public_id})
    note_shared(request, response, session)
    return response


def _show(request: HttpRequest, conversation: Conversation, session: LiveSession | None, *, live: Live) -> HttpResponse:
    push = get_settings().push
    context = {
        **live.context(request, conversation, session),
        "conversation": conversation,
        "session": session,
        "push_url": push.url if push is not None and push.by is not WakeBy.DATABASE else "",
    }
    return vary(render(request, live.template, context))


__all__ = ["Live", "answer_live", "begin_live", "end_live", "show_live", "talk"]
