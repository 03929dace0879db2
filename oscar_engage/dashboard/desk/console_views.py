"""The page where agents work: what waits, up to three conversations side by side, who the shopper is, and all of it live."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.audit.trail import record_same_action
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.cards import Card, Known, parse_known, read_cards
from oscar_engage.dashboard.desk.fast import make_pass
from oscar_engage.dashboard.desk.forms import PAUSES, MoveForm, ReplyForm, WrapForm
from oscar_engage.dashboard.desk.queue import Queue
from oscar_engage.dashboard.desk.side import Side
from oscar_engage.dashboard.desk.undo import read_undo
from oscar_engage.dashboard.desk.views import (
    NO_EXTRA,
    TEMPLATES,
    access_or_404,
    private,
    read_context,
    read_queue_for,
    show_conversation,
)
from oscar_engage.dashboard.desk.way import is_at_desk, shown_beside
from oscar_engage.dashboard.fragment import is_htmx, render_part
from oscar_engage.desk.changes import MOST_CARDS, parse_mark, read_mark
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.oversight.watch import end_watching
from oscar_engage.desk.presence import heartbeat, is_lapsed
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.read import mark_read_by_agent
from oscar_engage.desk.topics.store import active_topics
from oscar_engage.desk.writing import begin_looks, end_look, note_agent_writing, note_looks
from oscar_engage.push.send import wake

SHOPPER_NEWS = "engage:shopper"
"""The browser's event that says that what is known of the shopper in focus has changed."""


class DeskView(View):
    """Own presence, what waits, and one's own conversations side by side."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the desk; the first time, this makes the user's agent."""
        now = timezone.now()
        agent = get_active_agent(request.user, now=now)
        if is_lapsed(agent, now=now):
            heartbeat(agent, now=now)  # or the page would say "online" of somebody whose first act is refused
        queue = read_queue_for(request, agent, now)
        known = parse_known(request.GET.getlist("open")) or _own(queue)
        cards = open_cards(request, known, agent, now=now)
        return show_desk(request, agent, queue, cards, focus=request.GET.get("focus", ""), now=now)


class CardView(View):
    """One conversation for the place beside the others."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return it; without htmx, lead to the desk with it."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        if not is_htmx(request):
            return redirect("engage_dashboard:engage-conversation", conversation.public_id)
        agent = get_active_agent(request.user, now=now)
        cards = open_cards(request, [Known(conversation.public_id)], agent, now=now)
        context = {"card": cards[0], "wrap": WrapForm(topics=active_topics(), auto_id=False), "now": now}
        return private(render_part(request, TEMPLATES + "_card.html", context))


class AsideView(View):
    """Put a conversation aside: it stays whose it is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Note that it is not before the agent any more; colleagues are told so no longer."""
        conversation, agent = access_or_404(request, public_id), get_agent(request.user)
        end_look(conversation, agent)
        end_watching(conversation, agent, now=timezone.now())
        wake(conversation)
        return HttpResponse(status=204) if is_htmx(request) else redirect("engage_dashboard:engage-desk")


class ContextView(View):
    """What stands beside a transcript, alone: for the conversation that is looked at."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return it as it is now."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent, book = get_agent(request.user), read_queues()
        is_closed = conversation.status == ConversationStatus.CLOSED
        context = {
            "conversation": conversation,
            "agent": agent,
            "side": Side(request, conversation, agent, now=now),
            "is_console": True,
            "is_closed": is_closed,
            "queue": book.queue_of(conversation),
            "move_form": MoveForm(conversation=conversation, book=book, auto_id="id_%s-about") if book.queues else None,
            "now": now,
            **read_context(request, conversation, now=now),
        }
        return private(render_part(request, TEMPLATES + "_context.html", context))


class NewsView(View):
    """What is new for a page of the desk that says what it shows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the parts that changed, or 204; the conversation in focus counts as read."""
        now = timezone.now()
        agent = get_agent(request.user)
        focus = request.GET.get("focus", "")
        known = parse_known(request.GET.getlist("open"), request.GET.getlist("notes"))
        cards = read_cards(known, request, agent, now=now)
        cards = _note(cards, agent, focus=focus, writing=request.GET.get("writing", ""), now=now)
        shown = [one.public_id for one in known]
        mark, had = read_mark(agent_id=agent.pk, cards=shown, focus=focus, now=now), parse_mark(request.GET.get("have", ""))
        if mark == had:
            return private(HttpResponse(status=204))
        is_all = mark.tick != had.tick
        context = {
            "mark": mark,
            "cards": cards,
            "gone": set(shown) - {card.conversation.public_id for card in cards},
            "queue": read_queue_for(request, agent, now) if is_all or mark.lists != had.lists else None,
            "now": now,
            "wrap": WrapForm(topics=active_topics(), auto_id=False) if any(card.with_reply for card in cards) else None,
        }
        response = private(render_part(request, TEMPLATES + "_news.html", context))
        if focus in shown and mark.shopper != had.shopper:
            response.headers["HX-Trigger"] = SHOPPER_NEWS
        return response


def show_desk(
    request: HttpRequest, agent: Agent, queue: Queue, cards: Sequence[Card], *, focus: str, now: datetime
) -> HttpResponse:
    """Answer with the desk: its lists, ``cards`` side by side, and who the shopper in ``focus`` is."""
    shown = [card.conversation.public_id for card in cards]
    focus = focus if focus in shown else next(iter(shown), "")
    context = {
        "agent": agent,
        "pauses": PAUSES,
        "queue": queue,
        "now": now,
        "cards": cards,
        "focus": focus,
        "undo": read_undo(request, agent),
        "wrap": WrapForm(topics=active_topics(), auto_id=False) if cards else None,
        "mark": read_mark(agent_id=agent.pk, cards=shown, focus=focus, now=now),
        "pass": make_pass(request, agent_id=agent.pk),
    }
    return private(render(request, TEMPLATES + "desk.html", context))


def show_again(
    request: HttpRequest, conversation: Conversation, agent: Agent, form: ReplyForm, extra: Mapping[str, Any] = NO_EXTRA
) -> HttpResponse:
    """Answer a form without a script with the page on which it stood: its reply box shows ``form``, and ``extra``."""
    if not is_at_desk(request):
        return show_conversation(request, conversation, agent, form, extra)
    now, public_id = timezone.now(), conversation.public_id
    queue = read_queue_for(request, agent, now)
    beside = [Known(one) for one in shown_beside(request, public_id)] or _own(queue)
    known = [one for one in beside if one.public_id != public_id][: MOST_CARDS - 1]
    cards = open_cards(request, [*known, Known(public_id)], agent, now=now)
    again = [replace(card, form=form, **extra) if card.conversation.pk == conversation.pk else card for card in cards]
    return show_desk(request, agent, queue, again, focus=public_id, now=now)


def open_cards(request: HttpRequest, known: Sequence[Known], agent: Agent, *, now: datetime) -> list[Card]:
    """Return the cards that the user has just opened: that is noted, and what they show counts as read."""
    cards = read_cards(known, request, agent, now=now)
    shown = [card.conversation for card in cards]
    if shown:
        begin_looks(shown, agent, now=now)
        action: dict[str, Any] = {"action": "conversation.viewed", "object_kind": "conversation"}
        record_same_action(actor=request.user, object_ids=[one.pk for one in shown], now=now, **action)
    for card in cards:
        if card.side.is_watching:
            wake(card.conversation)
    return cards


def _own(queue: Queue) -> list[Known]:
    """Return the agent's own conversations to begin with, the most urgent ones, calls and chats before notes."""
    own = sorted(queue.mine, key=lambda entry: entry.conversation.kind == ConversationKind.NOTE)
    return [Known(entry.conversation.public_id) for entry in own[:MOST_CARDS]]


def _note(cards: Sequence[Card], agent: Agent, *, focus: str, writing: str, now: datetime) -> list[Card]:
    """Note what the page tells by asking: which conversations it shows, which is read, and where something is written.

    Returns the cards as they are after that.
    """
    note_looks([card.conversation for card in cards], agent, now=now)
    for card in cards:
        if card.conversation.public_id == focus:
            mark_read_by_agent(card.conversation, min(card.after, card.conversation.last_seq))
        if card.conversation.public_id == writing and card.can_reply:
            note_agent_writing(card.conversation, agent, now=now)
            wake(card.conversation, seq=0)
    return [replace(card, unread=0) if card.conversation.public_id == focus else card for card in cards]
