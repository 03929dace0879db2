"""The desk's pages and fragments. Each works as a plain page; htmx only saves the reload."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.background import read_background
from oscar_engage.dashboard.desk.forms import PAUSES, MoveForm, PresenceForm, ReplyForm
from oscar_engage.dashboard.desk.pace import show_pace
from oscar_engage.dashboard.desk.queue import Queue, read_queue
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.mailboxes.reading import read_hint
from oscar_engage.desk.access import SUPERVISE_PERMISSION, access_conversation_for_agent, may_close
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Role
from oscar_engage.desk.post import ConversationClosedError, NotTakenError, lock_conversation, post_message
from oscar_engage.desk.presence import heartbeat, set_presence
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.read import mark_read_by_agent
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import TakenError, close, take
from oscar_engage.desk.text import InvalidMessageError

TEMPLATES = "oscar_engage/dashboard/desk/"


def access_or_404(request: HttpRequest, public_id: str) -> Conversation:
    """Return the conversation, or answer 404 for one that is unknown or not this user's to see."""
    try:
        return access_conversation_for_agent(request.user, public_id)
    except Conversation.DoesNotExist:
        raise Http404 from None


def _read_queue(request: HttpRequest, agent: Agent, now: datetime) -> Queue:
    return read_queue(agent, is_supervisor=request.user.has_perm(SUPERVISE_PERMISSION), now=now)


class DeskView(View):
    """Own presence, what waits, what is mine."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the desk; the first time, this makes the user's agent."""
        now = timezone.now()
        agent = get_active_agent(request.user, now=now)
        context = {"agent": agent, "pauses": PAUSES, "queue": _read_queue(request, agent, now), "now": now}
        return render(request, TEMPLATES + "desk.html", context)


class QueueView(View):
    """The lists alone, for the page that polls them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the lists as they are now."""
        now = timezone.now()
        context = {"queue": _read_queue(request, get_agent(request.user), now), "now": now}
        return _private(render(request, TEMPLATES + "_queue.html", context))


class PresenceView(View):
    """Set one's own presence, or renew it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change or renew the presence; anything else is a bad request."""
        form = PresenceForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=400)
        now = timezone.now()
        agent = get_agent(request.user)
        if form.is_heartbeat():
            shown = form.cleaned_data["shown"] or agent.presence
            if heartbeat(agent, now=now) and agent.presence == shown:
                return HttpResponse(status=204)
            agent.refresh_from_db()
        else:
            with transaction.atomic(using=get_settings().database):
                chosen, reason = form.cleaned_data["presence"], form.cleaned_data["reason"]
                agent = set_presence(agent, chosen, now=now, reason=reason)
                action = f"agent.{agent.presence}"
                record_action(actor=request.user, action=action, object_kind="agent", object_id=agent.pk, now=now)
        if is_htmx(request):
            return render(request, TEMPLATES + "_presence.html", {"agent": agent, "pauses": PAUSES})
        return redirect("engage_dashboard:engage-desk")


class ConversationView(View):
    """A conversation with its whole context."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it, note who looked, and mark it as read."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        record_action(
            actor=request.user,
            action="conversation.viewed",
            object_kind="conversation",
            object_id=conversation.pk,
            now=now,
        )
        return _show_conversation(request, conversation, get_active_agent(request.user, now=now), ReplyForm())


class MessagesView(View):
    """The messages after a number, for the page that polls them."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return what is new, or 204; being shown, it is marked as read."""
        conversation = access_or_404(request, public_id)
        after = _number(request.GET.get("after"))
        known_status = request.GET.get("status", conversation.status)
        if conversation.last_seq <= after and known_status == conversation.status:
            return _private(HttpResponse(status=204))
        agent = get_agent(request.user)
        return _new_messages(request, conversation, agent, after, ReplyForm(), with_reply=known_status != conversation.status)


class ReplyView(View):
    """Answer the shopper."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Post the message; what cannot be posted comes back with its text and the reason."""
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=timezone.now())
        form = ReplyForm(request.POST)
        if form.is_valid() and self._post(request, conversation, agent, form):
            conversation.refresh_from_db()
            if not is_htmx(request):
                return redirect("engage_dashboard:engage-conversation", conversation.public_id)
            form, after = ReplyForm(), form.cleaned_data["after"] or 0
            return _new_messages(request, conversation, agent, after, form, with_reply=True)
        if is_htmx(request):
            after = _number(request.POST.get("after"))
            return _new_messages(request, conversation, agent, after, form, with_reply=True)
        return _show_conversation(request, conversation, agent, form)

    def _post(self, request: HttpRequest, conversation: Conversation, agent: Agent, form: ReplyForm) -> bool:
        now = timezone.now()
        cleaned = form.cleaned_data
        said: dict[str, Any] = {name: cleaned[name] for name in ("body", "client_id", "is_question")}
        try:
            with transaction.atomic(using=get_settings().database):
                post_message(conversation, role=Role.AGENT, agent=agent, now=now, **said)
                record_action(
                    actor=request.user,
                    action="conversation.replied",
                    object_kind="conversation",
                    object_id=conversation.pk,
                    now=now,
                )
        except ConversationClosedError:
            form.add_error("body", _("This conversation is closed."))
        except NotTakenError:
            form.add_error("body", _("Take the chat first; somebody else may be answering."))
        except InvalidMessageError:
            form.add_error("body", _("Type an answer."))
        return form.is_valid()


class TakeView(View):
    """Make a conversation one's own."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Take it, or say why not."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        try:
            with transaction.atomic(using=get_settings().database):
                take(conversation, get_active_agent(request.user, now=now), now=now)
                record_action(
                    actor=request.user,
                    action="conversation.taken",
                    object_kind="conversation",
                    object_id=conversation.pk,
                    now=now,
                )
        except TakenError:
            messages.error(request, _("Somebody else was quicker, or it is closed."))
        except NoFreeSlotError:
            messages.error(request, _("Set yourself online first, or close one of your chats: you have no free slot."))
        return redirect("engage_dashboard:engage-conversation", conversation.public_id)


class CloseView(View):
    """End a conversation."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Close it and go back to the desk; a colleague's is for supervisors to close."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        with transaction.atomic(using=get_settings().database):
            if not may_close(request.user, lock_conversation(conversation)):  # as it is now: a colleague may just have taken it
                raise PermissionDenied
            close(conversation, get_active_agent(request.user, now=now), now=now)
            record_action(
                actor=request.user,
                action="conversation.closed",
                object_kind="conversation",
                object_id=conversation.pk,
                now=now,
            )
        messages.success(request, _("%(reference)s is closed.") % {"reference": conversation.reference})
        return redirect("engage_dashboard:engage-desk")


def _show_conversation(request: HttpRequest, conversation: Conversation, agent: Agent, form: ReplyForm) -> HttpResponse:
    shown = list(messages_after(conversation, 0))
    if shown:
        mark_read_by_agent(conversation, shown[-1].seq)
    book = read_queues()
    context = {
        **_conversation_context(conversation, agent, form),
        "pauses": PAUSES,
        "queue": book.queue_of(conversation),
        "move_form": MoveForm(conversation=conversation, book=book) if book.queues else None,
        "can_close": conversation.status != ConversationStatus.CLOSED and may_close(request.user, conversation),
        "shown": shown,
        "after": shown[-1].seq if shown else 0,
        "background": read_background(conversation),
        "mail_hint": read_hint(conversation),
        "now": timezone.now(),
    }
    return _private(render(request, TEMPLATES + "conversation.html", context))


def _new_messages(
    request: HttpRequest, conversation: Conversation, agent: Agent, after: int, form: ReplyForm, *, with_reply: bool
) -> HttpResponse:
    new = list(messages_after(conversation, after))
    if new:
        mark_read_by_agent(conversation, new[-1].seq)
    context = {
        **_conversation_context(conversation, agent, form),
        "shown": new,
        "after": new[-1].seq if new else after,
        "with_reply": with_reply,
    }
    return _private(render(request, TEMPLATES + "_new_messages.html", context))


def _conversation_context(conversation: Conversation, agent: Agent, form: ReplyForm) -> dict[str, Any]:
    is_closed = conversation.status == ConversationStatus.CLOSED
    is_mine = conversation.agent_id == agent.pk
    return {
        "conversation": conversation,
        "pace": show_pace(conversation, now=timezone.now()),
        "agent": agent,
        "form": form,
        "is_closed": is_closed,
        "can_reply": not is_closed and (is_mine or conversation.kind == ConversationKind.NOTE),
        "can_take": conversation.status == ConversationStatus.WAITING and conversation.agent_id is None,
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - a column's size


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response
