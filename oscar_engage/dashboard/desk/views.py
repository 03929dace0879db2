"""The desk's pages and fragments. Each works as a plain page; htmx only saves the reload."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.background import read_background
from oscar_engage.dashboard.desk.cards import read_number, state_of, what_agent_may
from oscar_engage.dashboard.desk.forms import PAUSES, MoveForm, PresenceForm, ReplyForm, WrapForm
from oscar_engage.dashboard.desk.pace import show_pace
from oscar_engage.dashboard.desk.queue import Queue, read_queue
from oscar_engage.dashboard.desk.shopper import read_shopper
from oscar_engage.dashboard.desk.side import Side
from oscar_engage.dashboard.desk.way import back, suffix_of
from oscar_engage.dashboard.fragment import is_htmx, render_part
from oscar_engage.dashboard.mailboxes.reading import read_hint
from oscar_engage.dashboard.outside.reading import read_whereabouts
from oscar_engage.desk.access import access_conversation_for_agent, may_close, open_to, sees_all, visible_to
from oscar_engage.desk.carry.canned import canned_for
from oscar_engage.desk.carry.show import carried_for
from oscar_engage.desk.changes import mark_of
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.notes.read import between
from oscar_engage.desk.pages.read import page_facts_of
from oscar_engage.desk.presence import heartbeat, set_presence
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.read import mark_read_by_agent
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import TakenError, take
from oscar_engage.desk.topics.store import active_topics
from oscar_engage.desk.writing import colleagues_at, is_writing, note_agent_writing, note_looks
from oscar_engage.push.send import wake
from oscar_engage.sharing.begin import can_share
from oscar_engage.voices.begin import can_talk
from oscar_engage.voices.invite import can_invite

TEMPLATES = "oscar_engage/dashboard/desk/"
NO_EXTRA: Mapping[str, Any] = {}


def access_or_404(request: HttpRequest, public_id: str) -> Conversation:
    """Return the conversation, or answer 404 for one that is unknown or not this user's to see."""
    try:
        return access_conversation_for_agent(request.user, public_id)
    except Conversation.DoesNotExist:
        raise Http404 from None


def read_queue_for(request: HttpRequest, agent: Agent, now: datetime) -> Queue:
    """Return the desk's lists as ``request``'s user sees them."""
    is_supervisor = sees_all(request.user)
    visible = Q() if is_supervisor else open_to(request.user.pk)
    return read_queue(agent, visible=visible, is_supervisor=is_supervisor, now=now)


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
            wake(conversation, seq=0)
        else:
            note_looks([conversation], agent, now=now)
        after = read_number(request.GET.get("after"))
        state = state_of(conversation, agent)
        is_changed = request.GET.get("state", state) != state
        attention = _attention(conversation, agent, now)["attention"]
        if conversation.last_seq <= after and not is_changed and request.GET.get("attention", attention) == attention:
            return private(HttpResponse(status=204))
        return show_new(request, conversation, agent, after, reply_form(conversation), with_reply=is_changed)


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
            wake(conversation)
        except TakenError:
            messages.error(request, _("Somebody else was quicker, or it is closed."))
        except NoFreeSlotError:
            messages.error(request, _("Set yourself online first, or close one of your chats: you have no free slot."))
        return back(request, conversation)


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
    if side.is_watching:
        wake(conversation)
    return private(render(request, TEMPLATES + "conversation.html", context, status=status))


def _wrapped(conversation: Conversation) -> dict[str, Any]:
    return {"topic": conversation.topic_id, "outcome": conversation.outcome, "note": conversation.wrap_note}


def read_context(request: HttpRequest, conversation: Conversation, *, now: datetime) -> dict[str, Any]:
    """Return what stands beside a transcript: the visit, and who the shopper is."""
    background = read_background(conversation)
    shopper = read_shopper(conversation, background.visit, visible_to(request.user), now=now)
    page = page_facts_of(conversation)
    shown = {
        "page": page,
        "outside": read_whereabouts(conversation),
        "may_share": bool(conversation.live_id) or can_share(conversation),
        "may_talk": bool(conversation.voice_id) or can_talk(conversation) or can_invite(conversation),
    }
    return {
        "background": background,
        "shopper": shopper,
        "mail_hint": read_hint(conversation, visible_to(request.user)),
        **shown,
    }


def show_new(
    request: HttpRequest,
    conversation: Conversation,
    agent: Agent,
    after: int,
    form: ReplyForm,
    *,
    with_reply: bool,
    is_answered: bool = False,
) -> HttpResponse:
    """Answer with the messages after a number; ``is_answered``: what was whispered to the agent has had its time."""
    new = carried_for(conversation, messages_after(conversation, after))
    if new:
        mark_read_by_agent(conversation, new[-1].seq)
    context = {
        **conversation_context(conversation, agent, form),
        "suffix": suffix_of(request, conversation),
        "shown": new,
        "after": new[-1].seq if new else after,
        "with_reply": with_reply,
        "is_answered": is_answered,
    }
    return private(render_part(request, TEMPLATES + "_new_messages.html", context))


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


def private(response: HttpResponse) -> HttpResponse:
    """Return ``response``, to be kept by no cache."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
