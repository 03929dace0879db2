"""What do the agent's pages for a shared page and a talk have in common? Whose session it is, the trail, and the talk."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import WakeBy
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.views import access_or_404, private
from oscar_engage.dashboard.sharing.wire import ANSWERS, HEADER, make_pass
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import heartbeat
from oscar_engage.sharing.access import may_look, session_of_conversation
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession
from oscar_engage.sharing.opening import NotPossibleError


class LiveView(View):
    """A view of what is done together; ``kind`` is given where the address is (``as_view(kind=…)``)."""

    kind: LiveKind = LiveKind.PAGE

    def find(self, live_id: str) -> tuple[LiveSession, Agent]:
        """Return the session and who asks; raises ``Http404`` for what is not this user's to see."""
        agent = get_agent(self.request.user)
        rows = LiveSession.objects.select_related("conversation", "agent")
        session = rows.filter(public_id=live_id, kind=self.kind).first()
        if session is None or not self.may(session, agent):
            raise Http404
        return session, agent

    def find_beside(self, public_id: str) -> tuple[Conversation, Agent, LiveSession | None]:
        """Return a conversation, who asks, and what goes on beside it that they may see."""
        now = timezone.now()
        conversation, agent = access_or_404(self.request, public_id), self.arrive(now=now)
        session = session_of_conversation(conversation, kind=self.kind)
        if session is not None and (end_if_over(session, now=now) or not self.may(session, agent)):
            session = None
        return conversation, agent, session

    def arrive(self, *, now: datetime) -> Agent:
        """Return who asks, who is there: this page may be the only one of ours that they have open."""
        agent = get_active_agent(self.request.user, now=now)
        heartbeat(agent, now=now)
        return agent

    def may(self, session: LiveSession, agent: Agent) -> bool:
        """Whether the user, who is ``agent``, may see it."""
        return may_look(session, agent_id=agent.pk, user=self.request.user)

    def note(self, conversation_id: int, action: str) -> None:
        """Write into the audit trail who did ``action`` in the conversation."""
        about: dict[str, Any] = {"object_kind": "conversation", "object_id": conversation_id}
        record_action(actor=self.request.user, action=f"conversation.{action}", now=timezone.now(), **about)

    def show(self, template: str, context: dict[str, Any], *, policy: str) -> HttpResponse:
        """Return a page of our own that loads by ``policy`` alone and stands in nobody's frame."""
        push = get_settings().push
        push_url = push.url if push is not None and push.by is not WakeBy.DATABASE else ""
        response = private(render(self.request, template, {**context, "push_url": push_url}))
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        return response


class LiveAskView(LiveView, ABC):
    """Ask the shopper."""

    http_method_names = ["post"]
    asked = ""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask, and answer as :meth:`tell_asked`, or where one cannot as :meth:`tell_not_possible`."""
        now = timezone.now()
        conversation, agent = access_or_404(request, public_id), self.arrive(now=now)
        try:
            session = self.ask(conversation, agent)
        except NotPossibleError:
            return self.tell_not_possible(conversation)
        self.note(session.conversation_id, self.asked)
        return self.tell_asked(session, agent)

    @abstractmethod
    def ask(self, conversation: Conversation, agent: Agent) -> LiveSession:
        """Ask; raises ``NotPossibleError``."""

    @abstractmethod
    def tell_asked(self, session: LiveSession, agent: Agent) -> HttpResponse:
        """Answer the agent's page."""

    @abstractmethod
    def tell_not_possible(self, conversation: Conversation) -> HttpResponse:
        """Answer the agent's page where nothing can begin."""


class LiveTalkView(LiveView):
    """The talk of an agent's page where the fast way did not answer it: with session, permissions, and a new pass."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """Answer one turn, and note that the agent is there; 404 for what is not this user's to see."""
        session, agent = self.find(live_id)
        heartbeat(agent, now=timezone.now())
        response = ANSWERS.get(self.kind)(request, session, agent)
        response[HEADER] = make_pass(request, session, agent)
        return response


class LiveEndView(LiveView, ABC):
    """End it."""

    http_method_names = ["post"]
    ends: dict[str, Ended] = {"": Ended.AGENT}

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """End it, and answer as :meth:`tell_ended`; 404 for who only looks on."""
        session, agent = self.find(live_id)
        if session.agent_id != agent.pk:
            raise Http404
        why = self.ends.get(request.POST.get("why", ""))
        if why is None:
            return HttpResponse(status=400)
        return self.tell_ended(end(session, why, now=timezone.now()))

    @abstractmethod
    def tell_ended(self, session: LiveSession) -> HttpResponse:
        """Answer the agent's page."""


__all__ = ["LiveAskView", "LiveEndView", "LiveTalkView", "LiveView"]
