"""The page on which an agent talks with a shopper: to ask or answer, to hang up, and to invite to a room elsewhere."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE, WakeBy
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.views import access_or_404, private
from oscar_engage.dashboard.sharing.wire import HEADER, make_pass
from oscar_engage.dashboard.voices.talk import answer_talk
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import heartbeat
from oscar_engage.sharing.access import may_look, session_of_conversation
from oscar_engage.sharing.files import file_sources
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession, LiveState, Starter
from oscar_engage.voices.begin import NotPossibleError, agree, ask_shopper, can_talk
from oscar_engage.voices.invite import NoRoomError, can_invite, invite_to_room
from oscar_engage.voices.servers import servers_for
from oscar_engage.voices.words import words_for_agent

TEMPLATE = "oscar_engage/dashboard/voices/page.html"
_END = {"": Ended.AGENT, "denied": Ended.AGENT_DENIED, "unconnected": Ended.UNCONNECTED}
_NO = {"no": Ended.AGENT_REFUSED, "denied": Ended.AGENT_DENIED}


class VoicePageView(View):
    """The page of one conversation on which its agent talks."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show what goes on, who asks, or how to ask."""
        now = timezone.now()
        conversation, agent = access_or_404(request, public_id), get_active_agent(request.user, now=now)
        session = session_of_conversation(conversation, kind=LiveKind.VOICE)
        if session is not None and (end_if_over(session, now=now) or not _may(request, session, agent)):
            session = None
        return _show(request, conversation, agent, session)


class AskView(View):
    """Ask the shopper to talk."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask, and return where the page speaks from now on; 410 where one cannot."""
        now = timezone.now()
        conversation, agent = access_or_404(request, public_id), get_active_agent(request.user, now=now)
        try:
            session = ask_shopper(conversation, agent, now=now)
        except NotPossibleError:
            return HttpResponse(status=410)
        _note(request, session, "conversation.voice_asked")
        return _tell_where(request, session, agent)


class AnswerView(View):
    """Answer the shopper, who has asked."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """Take the yes or no, or that the browser gave no microphone; after a yes as :class:`AskView`."""
        session, agent = _session_or_404(request, live_id)
        said, now = request.POST.get("answer", ""), timezone.now()
        if said in _NO:
            return private(JsonResponse({"words": words_for_agent(end(session, _NO[said], now=now))}))
        if said != "yes":
            return HttpResponse(status=400)
        try:
            session = agree(session, by=Starter.AGENT, now=now)
        except NotPossibleError:
            return HttpResponse(status=410)
        _note(request, session, "conversation.voice_answered")
        return _tell_where(request, session, agent)


class TalkView(View):
    """The talk of an agent's page where the fast way did not answer it: with session, permissions, and a new pass."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """Answer one turn, and note that the agent is there; 404 for what is not this user's."""
        session, agent = _session_or_404(request, live_id)
        heartbeat(agent, now=timezone.now())
        response = answer_talk(request, session, agent)
        response[HEADER] = make_pass(request, session, agent)
        return response


class EndView(View):
    """Hang up."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """End it and return what the agent reads then."""
        session, _agent = _session_or_404(request, live_id)
        why = _END.get(request.POST.get("why", ""))
        if why is None:
            return HttpResponse(status=400)
        return private(JsonResponse({"words": words_for_agent(end(session, why, now=timezone.now()))}))


class RoomView(View):
    """Invite the shopper to a room of somebody else's."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Write the shopper's link into the chat, and lead the agent to the room."""
        now = timezone.now()
        conversation, agent = access_or_404(request, public_id), get_active_agent(request.user, now=now)
        try:
            room = invite_to_room(conversation, agent, now=now)
        except NoRoomError:
            messages.error(request, _("You can invite in a chat of your own that goes on."))
            return redirect("engage_dashboard:engage-voice-page", conversation.public_id)
        about: dict[str, Any] = {"object_kind": "conversation", "object_id": conversation.pk}
        record_action(actor=request.user, action="conversation.voice_room", now=now, **about)
        return private(redirect(room.agent_link))


def _may(request: HttpRequest, session: LiveSession, agent: Agent) -> bool:
    return may_look(session, agent_id=agent.pk, user=request.user)


def _session_or_404(request: HttpRequest, live_id: str) -> tuple[LiveSession, Agent]:
    agent = get_agent(request.user)
    found = LiveSession.objects.select_related("conversation", "agent").filter(public_id=live_id, kind=LiveKind.VOICE)
    session = found.first()
    if session is None or not _may(request, session, agent):
        raise Http404
    return session, agent


def _note(request: HttpRequest, session: LiveSession, action: str) -> None:
    about: dict[str, Any] = {"object_kind": "conversation", "object_id": session.conversation_id}
    record_action(actor=request.user, action=action, now=timezone.now(), **about)


def _where(request: HttpRequest, session: LiveSession, agent: Agent) -> dict[str, str]:
    return {
        "talk": reverse("engage_dashboard:engage-voice-talk", args=[session.public_id]),
        "end": reverse("engage_dashboard:engage-voice-end", args=[session.public_id]),
        "pass": make_pass(request, session, agent),
        "topic": f"{LIVE}{session.public_id}",
    }


def _tell_where(request: HttpRequest, session: LiveSession, agent: Agent) -> HttpResponse:
    return private(JsonResponse(_where(request, session, agent)))


def _show(request: HttpRequest, conversation: Conversation, agent: Agent, session: LiveSession | None) -> HttpResponse:
    push, is_own = get_settings().push, conversation.agent_id == agent.pk
    is_wish = session is not None and session.state == LiveState.ASKED and session.starter == Starter.SHOPPER
    context = {
        "conversation": conversation,
        "session": session,
        "is_wish": is_wish,
        "at": _where(request, session, agent) if session and not is_wish else None,
        "can_ask": session is None and can_talk(conversation) and is_own,
        "can_invite": is_own and can_invite(conversation),
        "other_name": conversation.name or conversation.reference,
        "servers": json.dumps(servers_for(conversation.public_id, now=timezone.now())),
        "relay_only": get_settings().voices_relay_only,
        "may_show_screen": True,
        "push_url": push.url if push is not None and push.by is not WakeBy.DATABASE else "",
    }
    response = private(render(request, TEMPLATE, context))
    response.headers["Content-Security-Policy"] = _policy(file_sources(f"{request.scheme}://{request.get_host()}"))
    response.headers["Permissions-Policy"] = "microphone=(self), camera=(self), display-capture=(self)"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _policy(files: str) -> str:
    """Return the policy of the page: scripts and styles of ours, requests to us; what the other side shows is no address."""
    return (
        f"default-src 'none'; script-src {files}; connect-src 'self'; style-src {files}; img-src {files};"
        " base-uri 'none'; form-action 'self' https:; frame-ancestors 'none'"
    )
