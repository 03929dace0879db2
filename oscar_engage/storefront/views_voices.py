"""May we talk? The question with what happens next, the answer, and the end, for the shopper's side."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE, WakeBy
from oscar_engage.desk.access import access_conversation_of_visitor
from oscar_engage.desk.models import Conversation
from oscar_engage.sharing.access import session_of_shopper
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession, Starter
from oscar_engage.storefront.answers import private, vary
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.page_copy import may_show_screen
from oscar_engage.storefront.sharing_page import forget_if_last, note_shared
from oscar_engage.storefront.voices_talk import answer_talk
from oscar_engage.visitors.token import read_visitor_key
from oscar_engage.voices.begin import NotPossibleError, agree, ask_agent, can_talk
from oscar_engage.voices.servers import servers_for
from oscar_engage.voices.words import words_for_shopper

_TEMPLATE = "oscar_engage/storefront/voice.html"
_NO = {"no": Ended.REFUSED, "denied": Ended.SHOPPER_DENIED}
_END = {"": Ended.SHOPPER, "denied": Ended.SHOPPER_DENIED, "unconnected": Ended.UNCONNECTED}


@private
@require_safe
def voice(request: HttpRequest, live_id: str) -> HttpResponse:
    """Show the question that an agent asks, and the bar of what goes on; 404 for what is not this browser's."""
    try:
        session = session_of_shopper(read_visitor_key(request), live_id, kind=LiveKind.VOICE)
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    if end_if_over(session, now=timezone.now()):
        return HttpResponse(status=410)
    return _show(request, session.conversation, session)


@private
@require_POST
def answer_voice(request: HttpRequest, live_id: str) -> HttpResponse:
    """Take the shopper's yes or no to what an agent asks, or that the browser gave no microphone."""
    said, now = request.POST.get("answer", ""), timezone.now()
    if said != "yes" and said not in _NO:
        return HttpResponse(status=400)
    try:
        session = session_of_shopper(read_visitor_key(request), live_id, kind=LiveKind.VOICE)
        if said != "yes":
            end(session, _NO[said], now=now)
            return HttpResponse(status=204)
        return _began(request, agree(session, by=Starter.SHOPPER, now=now))
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    except NotPossibleError:
        return HttpResponse(status=410)


@private
def voice_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show how it goes to a shopper who wants to talk; with a POST, ask the agent."""
    visitor = recognise(request)
    try:
        conversation = access_conversation_of_visitor(visitor.pk if visitor else None, public_id)
    except Conversation.DoesNotExist:
        return HttpResponse(status=404)
    if not can_talk(conversation):
        return HttpResponse(status=410)
    if request.method != "POST":
        return _show(request, conversation, None)
    if request.POST.get("answer") != "yes":
        return HttpResponse(status=204)
    try:
        return _began(request, ask_agent(conversation, now=timezone.now()))
    except NotPossibleError:
        return HttpResponse(status=410)


@private
@require_POST
def end_voice(request: HttpRequest, live_id: str) -> HttpResponse:
    """End it, because the shopper says so or the browser cannot; return what the shopper reads then."""
    why = _END.get(request.POST.get("why", ""))
    if why is None:
        return HttpResponse(status=400)
    try:
        session = session_of_shopper(read_visitor_key(request), live_id, kind=LiveKind.VOICE)
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    session = end(session, why, now=timezone.now())
    response = JsonResponse({"words": words_for_shopper(session)})
    forget_if_last(request, response, session)
    return response


@csrf_exempt
def talk(request: HttpRequest, live_id: str) -> HttpResponse:
    """The talk, where no middleware of ours has answered it: it asks for our header instead of a token."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST", "Cache-Control": "private, no-store"})
    return answer_talk(request, live_id)


def _began(request: HttpRequest, session: LiveSession) -> HttpResponse:
    response = JsonResponse({"id": session.public_id})
    note_shared(request, response, session)
    return response


def _show(request: HttpRequest, conversation: Conversation, session: LiveSession | None) -> HttpResponse:
    push = get_settings().push
    servers = servers_for(session.public_id if session else conversation.public_id, now=timezone.now())
    context: dict[str, Any] = {
        "conversation": conversation,
        "session": session,
        "servers": json.dumps(servers),
        "relay_only": get_settings().voices_relay_only,
        "may_show_screen": may_show_screen(request.GET.get("page", "")[:500]),
        "other_name": conversation.agent.display_name if conversation.agent else "",
        "push_url": push.url if push is not None and push.by is not WakeBy.DATABASE else "",
        "topic": f"{LIVE}{session.public_id}" if session else "",
    }
    return vary(render(request, _TEMPLATE, context))


__all__ = ["answer_voice", "end_voice", "talk", "voice", "voice_new"]
