"""The desk's pages and fragments. Each works as a plain page; htmx only saves the reload."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.background import read_background
from oscar_engage.dashboard.desk.cards import state_of, what_agent_may
from oscar_engage.dashboard.desk.carry_forms import load_of
from oscar_engage.dashboard.desk.forms import PAUSES, MoveForm, PresenceForm, ReplyForm, WrapForm
from oscar_engage.dashboard.desk.pace import show_pace
from oscar_engage.dashboard.desk.queue import Queue, read_queue
from oscar_engage.dashboard.desk.shopper import read_shopper
from oscar_engage.dashboard.desk.side import Side
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.mailboxes.reading import read_hint
from oscar_engage.desk.access import SUPERVISE_PERMISSION, access_conversation_for_agent, may_close, visible_to
from oscar_engage.desk.carry.canned import canned_for
from oscar_engage.desk.carry.cards import CardRefusedError
from oscar_engage.desk.carry.files import kept
from oscar_engage.desk.carry.show import carried_for
from oscar_engage.desk.changes import MOST_CARDS, mark_of
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.notes.read import between
from oscar_engage.desk.post import AnsweredError, ConversationClosedError, NotTakenError, post_message
from oscar_engage.desk.presence import heartbeat, set_presence
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.read import mark_read_by_agent
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import TakenError, take
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.desk.topics.store import active_topics
from oscar_engage.desk.writing import colleagues_at, is_writing, note_agent_writing, note_looks

TEMPLATES = "oscar_engage/dashboard/desk/"
NO_EXTRA: Mapping[str, Any] = {}

CONSOLE = "console"
"""Name of the field by which a form says that it stands at the desk, beside others."""


def access_or_404(request: HttpRequest, public_id: str) -> Conversation:
    """Return the conversation, or answer 404 for one that is unknown or not this user's to see."""
    try:
        return access_conversation_for_agent(request.user, public_id)
    except Conversation.DoesNotExist:
        raise Http404 from None


def read_queue_for(request: HttpRequest, agent: Agent, now: datetime) -> Queue:
    """Return the desk's lists as ``request``'s user sees them."""
    return read_queue(agent, is_supervisor=request.user.has_perm(SUPERVISE_PERMISSION), now=now)


class QueueView(View):
    """The lists alone, for the page that polls them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the lists as they are now."""
        now = timezone.now()
        context = {"queue": read_queue_for(request, get_agent(request.user), now), "now": now}
        return private(render(request, TEMPLATES + "_queue.html", context))


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
        return show_conversation(request, conversation, get_active_agent(request.user, now=now), reply_form(conversation))


class MessagesView(View):
    """The messages after a number, for the page that polls them."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return what is new, or 204; being shown, it is marked as read."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent = get_agent(request.user)
        if request.GET.get("writing"):
            note_agent_writing(conversation, agent, now=now)
        else:
            note_looks([conversation], agent, now=now)
        after = _number(request.GET.get("after"))
        state = state_of(conversation, agent)
        is_changed = request.GET.get("state", state) != state
        attention = _attention(conversation, agent, now)["attention"]
        if conversation.last_seq <= after and not is_changed and request.GET.get("attention", attention) == attention:
            return private(HttpResponse(status=204))
        return _new_messages(request, conversation, agent, after, reply_form(conversation), with_reply=is_changed)


class ReplyView(View):
    """Answer the shopper."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Post the message; what cannot be posted comes back with its text and the reason."""
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=timezone.now())
        form = ReplyForm(request.POST, request.FILES, **ids_of(request, conversation))
        if form.is_valid() and self._post(request, conversation, agent, form):
            conversation.refresh_from_db()
            if not is_htmx(request):
                return back(request, conversation)
            form, after = ReplyForm(**ids_of(request, conversation)), form.cleaned_data["after"] or 0
            return _new_messages(request, conversation, agent, after, form, with_reply=True)
        if is_htmx(request):
            after = _number(request.POST.get("after"))
            return _new_messages(request, conversation, agent, after, form, with_reply=True)
        return show_conversation(request, conversation, agent, form)

    def _post(self, request: HttpRequest, conversation: Conversation, agent: Agent, form: ReplyForm) -> bool:
        now = timezone.now()
        cleaned = form.cleaned_data
        said: dict[str, Any] = {name: cleaned[name] for name in ("body", "client_id", "is_question")}
        said["seen"] = form.get_seen()
        try:
            with kept(cleaned.get("uploads", ()), now=now) as files, transaction.atomic(using=get_settings().database):
                post_message(conversation, role=Role.AGENT, agent=agent, now=now, load=load_of(cleaned, files), **said)
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
        except AnsweredError:
            form.add_error("body", _("A colleague has answered meanwhile: read that first. Your text is still here."))
            form.is_overtaken = True
        except InvalidMessageError:
            form.add_error("body", _("Type an answer."))
        except CardRefusedError as error:
            form.add_error("card", str(error))
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
        return back(request, conversation)


def back(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Lead to where the form stood: the desk with several conversations, or the page of this one."""
    if CONSOLE not in request.POST:
        return redirect("engage_dashboard:engage-conversation", conversation.public_id)
    shown = [one for one in request.POST.getlist("shown") if one != conversation.public_id]
    query = urlencode({"open": [*shown, conversation.public_id][-MOST_CARDS:], "focus": conversation.public_id}, doseq=True)
    return redirect(f"{reverse('engage_dashboard:engage-desk')}?{query}")


def back_to_desk(request: HttpRequest, *, without: str) -> HttpResponse:
    """Lead to the desk with what stood there before, but for one conversation."""
    desk, shown = reverse("engage_dashboard:engage-desk"), [one for one in request.POST.getlist("shown") if one != without]
    return redirect(f"{desk}?{urlencode({'open': shown[:MOST_CARDS]}, doseq=True)}" if shown else desk)


def ids_of(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """Return what makes a form's ids those of the page it stands on."""
    return {"auto_id": f"id_%s{suffix_of(request, conversation)}", "initial": {"seen": conversation.last_seq}}


def suffix_of(request: HttpRequest, conversation: Conversation) -> str:
    """Return what tells the ids of this conversation from those of the others on the desk; on its own page nothing."""
    return f"-{conversation.public_id}" if CONSOLE in request.POST else ""


def reply_form(conversation: Conversation) -> ReplyForm:
    """Return an empty form for an answer to ``conversation`` as it is."""
    return ReplyForm(initial={"seen": conversation.last_seq})


def show_conversation(
    request: HttpRequest,
    conversation: Conversation,
    agent: Agent,
    form: ReplyForm,
    extra: Mapping[str, Any] = NO_EXTRA,
    *,
    wrap: WrapForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page of ``conversation``, all its messages now read.

    ``extra`` is what the reply box shows besides, ``wrap`` a form that was refused.
    """
    now = timezone.now()
    shown = carried_for(conversation, messages_after(conversation, 0))
    if shown:
        mark_read_by_agent(conversation, shown[-1].seq)
    book = read_queues()
    side = Side(request, conversation, agent, now=timezone.now())
    context = {
        **conversation_context(conversation, agent, form),
        "pauses": PAUSES,
        "queue": book.queue_of(conversation),
        "move_form": MoveForm(conversation=conversation, book=book) if book.queues else None,
        "may_close": may_close(request.user, conversation),
        "wrap": wrap or WrapForm(topics=active_topics(), initial=_wrapped(conversation)),
        "shown": between(shown, side.notes),
        "side": side,
        "after": shown[-1].seq if shown else 0,
        **read_context(request, conversation, now=now),
        "now": now,
        **extra,
    }
    note_looks([conversation], agent, now=now)
    return private(render(request, TEMPLATES + "conversation.html", context, status=status))


def _wrapped(conversation: Conversation) -> dict[str, Any]:
    return {"topic": conversation.topic_id, "outcome": conversation.outcome, "note": conversation.wrap_note}


def read_context(request: HttpRequest, conversation: Conversation, *, now: datetime) -> dict[str, Any]:
    """Return what stands beside a transcript: the visit, and who the shopper is."""
    background = read_background(conversation)
    shopper = read_shopper(conversation, background.visit, visible_to(request.user), now=now)
    return {"background": background, "shopper": shopper, "mail_hint": read_hint(conversation)}


def _new_messages(
    request: HttpRequest, conversation: Conversation, agent: Agent, after: int, form: ReplyForm, *, with_reply: bool
) -> HttpResponse:
    new = carried_for(conversation, messages_after(conversation, after))
    if new:
        mark_read_by_agent(conversation, new[-1].seq)
    context = {
        **conversation_context(conversation, agent, form),
        "suffix": suffix_of(request, conversation),
        "shown": new,
        "after": new[-1].seq if new else after,
        "with_reply": with_reply,
    }
    return private(render(request, TEMPLATES + "_new_messages.html", context))


def conversation_context(conversation: Conversation, agent: Agent, form: ReplyForm) -> dict[str, Any]:
    """Return what the page and the reply box alone need; the ready-made replies are asked for where they are listed."""
    now = timezone.now()
    return {
        "conversation": conversation,
        "pace": show_pace(conversation, now=now),
        "agent": agent,
        "form": form,
        "canned": canned_for(conversation),
        "state": state_of(conversation, agent),
        **_attention(conversation, agent, now),
        **what_agent_may(conversation, agent),
    }


def _attention(conversation: Conversation, agent: Agent, now: datetime) -> dict[str, Any]:
    """Return who else is at the conversation; ``attention`` is a word for it that is compared only."""
    others = colleagues_at([conversation.pk], agent, now=now).get(conversation.pk, ())
    writes = is_writing(conversation.shopper_writes_until, now=now)
    mark = mark_of((writes, others))
    return {"colleagues": others, "is_shopper_writing": writes, "attention": mark}


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - a column's size


def private(response: HttpResponse) -> HttpResponse:
    """Return ``response``, to be kept by no cache."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
