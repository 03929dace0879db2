"""The page on which an agent looks at a shopper's: to ask for it, see it live, end it; and what a shopper let us keep."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE, WakeBy
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.views import access_or_404, private
from oscar_engage.dashboard.sharing.talk import answer_talk
from oscar_engage.dashboard.sharing.wire import HEADER, make_pass
from oscar_engage.desk.models import Agent, Conversation, Presence
from oscar_engage.desk.presence import heartbeat
from oscar_engage.sharing.access import may_look, session_of_conversation
from oscar_engage.sharing.agent import messages_after
from oscar_engage.sharing.begin import NotPossibleError, ask, can_share
from oscar_engage.sharing.codes import LASTS, make_code
from oscar_engage.sharing.files import file_sources
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession, LiveState

TEMPLATES = "oscar_engage/dashboard/sharing/"


class SharedPageView(View):
    """The page of one conversation on which its shopper's is shown."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show what goes on, or how to ask for it; that somebody looks is in the audit trail."""
        now = timezone.now()
        conversation, agent = access_or_404(request, public_id), get_active_agent(request.user, now=now)
        session = session_of_conversation(conversation)
        if session is not None and (end_if_over(session, now=now) or not _may(request, session, agent)):
            session = None
        if session is not None:
            _note(request, session, "conversation.shared_page_viewed")
        return _show(request, conversation, agent, session)


class AskView(View):
    """Ask the shopper to show the page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask, and lead to the page that shows the answer."""
        now = timezone.now()
        conversation, agent = access_or_404(request, public_id), get_active_agent(request.user, now=now)
        try:
            session = ask(conversation, agent, now=now)
            _note(request, session, "conversation.shared_page_asked")
        except NotPossibleError:
            messages.error(request, _("You can ask in a chat of your own that goes on; its shopper says yes or no."))
        return redirect("engage_dashboard:engage-shared-page", conversation.public_id)


class TalkView(View):
    """The talk of an agent's page where the fast way did not answer it: with session, permissions, and a new pass."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """Answer one turn, and note that the agent is there; 404 for what is not this user's to see."""
        session, agent = _session_or_404(request, live_id)
        heartbeat(agent, now=timezone.now())
        response = answer_talk(request, session, agent)
        response[HEADER] = make_pass(request, session, agent)
        return response


class EndView(View):
    """End it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """End it and lead back to the conversation's page for it."""
        session, agent = _session_or_404(request, live_id)
        if session.agent_id != agent.pk:
            raise Http404
        end(session, Ended.AGENT, now=timezone.now())
        return redirect("engage_dashboard:engage-shared-page", session.conversation.public_id)


class RecordingView(View):
    """What a shopper let us keep: the page that plays it, and its parts."""

    def get(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """Show the page, or with ``after`` what comes after that number; the trail says who looked."""
        session, agent = _session_or_404(request, live_id)
        if not (session.keeps and session.state == LiveState.ENDED):
            raise Http404
        after = request.GET.get("after", "")
        if after.isascii() and after.isdigit() and len(after) < 9:  # noqa: PLR2004 - more digits than messages
            body = ",".join(f"[{seq},{text.decode()}]" for seq, text in messages_after(session, int(after)))
            return private(HttpResponse(f'{{"messages":[{body}]}}', content_type="application/json"))
        _note(request, session, "conversation.shared_page_played")
        return _show(request, session.conversation, agent, session, is_recording=True)


class CodeView(View):
    """A code for a shopper on the telephone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show how it works, with a button for a code."""
        return _show_code(request, "")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show a new code, once; it is stored nowhere to be read again."""
        now = timezone.now()
        agent = get_active_agent(request.user, now=now)
        if agent.presence == Presence.OFFLINE or not get_settings().has("shared_page"):
            messages.error(request, _("Set yourself online or away first: a shopper who joins needs somebody who is there."))
            return _show_code(request, "")
        code = make_code(agent, now=now)
        record_action(actor=request.user, action="agent.shared_page_code", object_kind="agent", object_id=agent.pk, now=now)
        return _show_code(request, f"{code[:3]} {code[3:]}")


def _may(request: HttpRequest, session: LiveSession, agent: Agent) -> bool:
    return may_look(session, agent_id=agent.pk, user=request.user)


def _session_or_404(request: HttpRequest, live_id: str) -> tuple[LiveSession, Agent]:
    agent = get_agent(request.user)
    session = LiveSession.objects.select_related("conversation", "agent").filter(public_id=live_id, kind=LiveKind.PAGE).first()
    if session is None or not _may(request, session, agent):
        raise Http404
    return session, agent


def _note(request: HttpRequest, session: LiveSession, action: str) -> None:
    about: dict[str, Any] = {"object_kind": "conversation", "object_id": session.conversation_id}
    record_action(actor=request.user, action=action, now=timezone.now(), **about)


def _show(
    request: HttpRequest,
    conversation: Conversation,
    agent: Agent,
    session: LiveSession | None,
    *,
    is_recording: bool = False,
) -> HttpResponse:
    push = get_settings().push
    kept = LiveSession.objects.filter(conversation=conversation, keeps=True, state=LiveState.ENDED, begun_at__isnull=False)
    context = {
        "conversation": conversation,
        "agent": agent,
        "session": session,
        "is_recording": is_recording,
        "is_watching": session is not None and session.agent_id != agent.pk,
        "can_ask": session is None and can_share(conversation) and conversation.agent_id == agent.pk,
        "kept": [] if is_recording else kept.order_by("-begun_at")[:10],
        "pass": make_pass(request, session, agent) if session else "",
        "push_url": push.url if push is not None and push.by is not WakeBy.DATABASE else "",
        "topic": f"{LIVE}{session.public_id}" if session else "",
    }
    response = private(render(request, TEMPLATES + "page.html", context))
    response.headers["Content-Security-Policy"] = _policy(file_sources(f"{request.scheme}://{request.get_host()}"))
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _policy(files: str) -> str:
    """Return the policy of the page; its replay's frame has it from there: only files of the shop's own are loaded."""
    return (
        f"default-src 'none'; script-src {files}; connect-src 'self'; style-src {files} 'unsafe-inline'; img-src {files} data:;"
        f" font-src {files}; frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _show_code(request: HttpRequest, code: str) -> HttpResponse:
    minutes = int(LASTS.total_seconds() // 60)
    return private(render(request, TEMPLATES + "code.html", {"code": code, "minutes": minutes}))
