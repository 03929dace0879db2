"""The page on which an agent talks with a shopper: to ask or answer, to hang up, and to invite to a room elsewhere."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE
from oscar_engage.dashboard.desk.views import access_or_404, private
from oscar_engage.dashboard.sharing.live import LiveAskView, LiveEndView, LiveView
from oscar_engage.dashboard.sharing.wire import make_pass
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.sharing.files import file_sources
from oscar_engage.sharing.finish import end
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession, LiveState, Starter
from oscar_engage.voices.begin import NotPossibleError, agree, ask_shopper, can_talk
from oscar_engage.voices.invite import NoRoomError, can_invite, invite_to_room
from oscar_engage.voices.servers import servers_for
from oscar_engage.voices.words import words_for_agent

TEMPLATE = "oscar_engage/dashboard/voices/page.html"
_NO = {"no": Ended.AGENT_REFUSED, "denied": Ended.AGENT_DENIED}


class VoicePageView(LiveView):
    """The page of one conversation on which its agent talks."""

    kind = LiveKind.VOICE

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show what goes on, who asks, or how to ask."""
        conversation, agent, session = self.find_beside(public_id)
        is_own = conversation.agent_id == agent.pk
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
        }
        response = self.show(TEMPLATE, context, policy=_policy(file_sources(f"{request.scheme}://{request.get_host()}")))
        response.headers["Permissions-Policy"] = "microphone=(self), camera=(self), display-capture=(self)"
        return response


class AskView(LiveAskView):
    """Ask the shopper to talk; tells the page where it speaks from now on."""

    kind, asked = LiveKind.VOICE, "voice_asked"

    def ask(self, conversation: Conversation, agent: Agent) -> LiveSession:
        """Ask; raises ``NotPossibleError``."""
        return ask_shopper(conversation, agent, now=timezone.now())

    def tell_asked(self, session: LiveSession, agent: Agent) -> HttpResponse:
        """Tell where the page speaks."""
        return private(JsonResponse(_where(self.request, session, agent)))

    def tell_not_possible(self, conversation: Conversation) -> HttpResponse:
        """Say so by 410."""
        return HttpResponse(status=410)


class AnswerView(LiveView):
    """Answer the shopper, who has asked."""

    http_method_names = ["post"]
    kind = LiveKind.VOICE

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """Take the yes or no, or that the browser gave no microphone; after a yes as :class:`AskView`."""
        said, now = request.POST.get("answer", ""), timezone.now()
        self.arrive(now=now)
        session, agent = self.find(live_id)
        if said in _NO:
            return _tell_words(end(session, _NO[said], now=now))
        if said != "yes":
            return HttpResponse(status=400)
        try:
            session = agree(session, by=Starter.AGENT, now=now)
        except NotPossibleError:
            return HttpResponse(status=410)
        self.note(session.conversation_id, "voice_answered")
        return private(JsonResponse(_where(request, session, agent)))


class EndView(LiveEndView):
    """Hang up; tells the page what the agent reads then."""

    kind = LiveKind.VOICE
    ends = {"": Ended.AGENT, "denied": Ended.AGENT_DENIED, "unconnected": Ended.UNCONNECTED}

    def tell_ended(self, session: LiveSession) -> HttpResponse:
        """Tell the words."""
        return _tell_words(session)


class RoomView(LiveView):
    """Invite the shopper to a room of somebody else's."""

    http_method_names = ["post"]
    kind = LiveKind.VOICE

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Write the shopper's link into the chat, and lead the agent to the room."""
        now = timezone.now()
        conversation, agent = access_or_404(request, public_id), self.arrive(now=now)
        try:
            room = invite_to_room(conversation, agent, now=now)
        except NoRoomError:
            messages.error(request, _("You can invite in a chat of your own that goes on."))
            return redirect("engage_dashboard:engage-voice-page", conversation.public_id)
        self.note(conversation.pk, "voice_room")
        return private(redirect(room.agent_link))


def _tell_words(session: LiveSession) -> HttpResponse:
    return private(JsonResponse({"words": words_for_agent(session)}))


def _where(request: HttpRequest, session: LiveSession, agent: Agent) -> dict[str, str]:
    return {
        "talk": reverse("engage_dashboard:engage-voice-talk", args=[session.public_id]),
        "end": reverse("engage_dashboard:engage-voice-end", args=[session.public_id]),
        "pass": make_pass(request, session, agent),
        "topic": f"{LIVE}{session.public_id}",
    }


def _policy(files: str) -> str:
    """Return the policy of the page: scripts and styles of ours, requests to us; what the other side shows is no address."""
    return (
        f"default-src 'none'; script-src {files}; connect-src 'self'; style-src {files}; img-src {files};"
        " base-uri 'none'; form-action 'self' https:; frame-ancestors 'none'"
    )
