"""The page on which an agent looks at a shopper's: to ask for it, see it live, end it; and what a shopper let us keep."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import LIVE
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.dashboard.desk.views import private
from oscar_engage.dashboard.sharing.live import LiveAskView, LiveEndView, LiveView
from oscar_engage.dashboard.sharing.wire import make_pass
from oscar_engage.desk.models import Agent, Conversation, Presence
from oscar_engage.sharing.agent import messages_after
from oscar_engage.sharing.begin import ask, can_share
from oscar_engage.sharing.codes import LASTS, make_code
from oscar_engage.sharing.files import file_sources
from oscar_engage.sharing.models import LiveSession, LiveState

TEMPLATES = "oscar_engage/dashboard/sharing/"


class _PageView(LiveView):
    """A view that shows the page."""

    def show_page(
        self, conversation: Conversation, agent: Agent, session: LiveSession | None, *, is_recording: bool = False
    ) -> HttpResponse:
        """Return the page with what goes on, how to ask for it, or a recording."""
        kept = LiveSession.objects.filter(conversation=conversation, keeps=True, state=LiveState.ENDED, begun_at__isnull=False)
        context = {
            "conversation": conversation,
            "agent": agent,
            "session": session,
            "is_recording": is_recording,
            "is_watching": session is not None and session.agent_id != agent.pk,
            "can_ask": session is None and can_share(conversation) and conversation.agent_id == agent.pk,
            "kept": [] if is_recording else kept.order_by("-begun_at")[:10],
            "pass": make_pass(self.request, session, agent) if session else "",
            "topic": f"{LIVE}{session.public_id}" if session else "",
        }
        files = file_sources(f"{self.request.scheme}://{self.request.get_host()}")
        return self.show(TEMPLATES + "page.html", context, policy=_policy(files))


class SharedPageView(_PageView):
    """The page of one conversation on which its shopper's is shown."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show what goes on, or how to ask for it; that somebody looks is in the audit trail."""
        conversation, agent, session = self.find_beside(public_id)
        if session is not None:
            self.note(session.conversation_id, "shared_page_viewed")
        return self.show_page(conversation, agent, session)


class AskView(LiveAskView):
    """Ask the shopper to show the page; leads to the page that shows the answer."""

    asked = "shared_page_asked"

    def ask(self, conversation: Conversation, agent: Agent) -> LiveSession:
        """Ask; raises ``NotPossibleError``."""
        return ask(conversation, agent, now=timezone.now())

    def tell_asked(self, session: LiveSession, agent: Agent) -> HttpResponse:
        """Lead to the page."""
        return _to_page(session.conversation)

    def tell_not_possible(self, conversation: Conversation) -> HttpResponse:
        """Lead to the page, which says so."""
        messages.error(self.request, _("You can ask in a chat of your own that goes on; its shopper says yes or no."))
        return _to_page(conversation)


class EndView(LiveEndView):
    """End it; leads back to the conversation's page for it."""

    def tell_ended(self, session: LiveSession) -> HttpResponse:
        """Lead to the page."""
        return _to_page(session.conversation)


class RecordingView(_PageView):
    """What a shopper let us keep: the page that plays it, and its parts."""

    def get(self, request: HttpRequest, live_id: str) -> HttpResponse:
        """Show the page, or with ``after`` what comes after that number; the trail says who looked."""
        session, agent = self.find(live_id)
        if not (session.keeps and session.state == LiveState.ENDED):
            raise Http404
        after = request.GET.get("after", "")
        if after.isascii() and after.isdigit() and len(after) < 9:  # noqa: PLR2004 - more digits than messages
            body = ",".join(f"[{seq},{text.decode()}]" for seq, text in messages_after(session, int(after)))
            return private(HttpResponse(f'{{"messages":[{body}]}}', content_type="application/json"))
        self.note(session.conversation_id, "shared_page_played")
        return self.show_page(session.conversation, agent, session, is_recording=True)


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


def _to_page(conversation: Conversation) -> HttpResponse:
    return redirect("engage_dashboard:engage-shared-page", conversation.public_id)


def _policy(files: str) -> str:
    """Return the policy of the page; its replay's frame has it from there: only files of the shop's own are loaded."""
    return (
        f"default-src 'none'; script-src {files}; connect-src 'self'; style-src {files} 'unsafe-inline'; img-src {files} data:;"
        f" font-src {files}; frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _show_code(request: HttpRequest, code: str) -> HttpResponse:
    minutes = int(LASTS.total_seconds() // 60)
    return private(render(request, TEMPLATES + "code.html", {"code": code, "minutes": minutes}))
