"""The board and what is done from it. Each works as a plain page; htmx keeps it fresh and saves the reload."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.dashboard.board.read import read_board
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.dashboard.desk.conflict import CONFLICT, say_moved
from oscar_engage.dashboard.desk.side import LONGEST_REASON, SeenForm
from oscar_engage.dashboard.desk.targets import read_targets
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.desk.models import Agent, Conversation, Queue
from oscar_engage.desk.oversight.board import has_lost_agents, read_agents, read_version
from oscar_engage.desk.oversight.send_off import send_off
from oscar_engage.desk.presence import expire_leases
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.transfer.claim import MovedError, where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.move import move_seen
from oscar_engage.desk.transfer.whereabouts import Whereabouts, read_whereabouts

TEMPLATES = "oscar_engage/dashboard/board/"
BACK = "back"
"""Value of the list of targets for "into the queues they came from"."""


class MoveForm(SeenForm):
    """Into which queue, and whether that takes a move back."""

    queue = forms.IntegerField(required=False, min_value=1)
    undo = forms.BooleanField(required=False)


class SendOffForm(forms.Form):
    """What becomes of the conversations of an agent who leaves, and why."""

    to = forms.CharField(max_length=40)
    reason = forms.CharField(max_length=LONGEST_REASON)


class BoardView(View):
    """What waits, who is there, how it goes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the board; its poll gets 204 while nothing has changed. Agents whose lease has ended are taken off first."""
        now = timezone.now()
        if has_lost_agents(read_agents(), now=now):
            expire_leases(now=now)
        version = read_version(now=now)
        if is_htmx(request) and request.GET.get("version") == version:
            return HttpResponse(status=204)
        return _render(request, now, version=version, news=_news(request))


class BoardMoveView(View):
    """Have a conversation wait in another queue, if it is where it was seen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Move it and offer to undo that; 409 with what has become of it where somebody else was quicker."""
        now, form = timezone.now(), MoveForm(request.POST)
        conversation = access_or_404(request, public_id)
        get_active_agent(request.user, now=now)
        queue = _queue(form) if form.is_valid() else None
        if queue is None:
            return _render(request, now, wrong=_("It was not moved: that queue is gone."), status=CONFLICT)
        seen: Whereabouts = form.cleaned_data["seen"]
        to = queue[0]
        try:
            moved = move_seen(conversation, to, seen=seen, user=request.user, now=now, is_undo=form.cleaned_data["undo"])
        except MovedError as error:
            return _render(request, now, wrong=say_moved(error.conversation), status=CONFLICT)
        told = {"moved": public_id, "from": seen.queue or "", "seen": str(where_is(moved))}
        if form.cleaned_data["undo"]:
            told = {"undone": public_id}
        if is_htmx(request):
            return _render(request, now, news=_tell(request, told))
        return redirect(f"{reverse('engage_dashboard:engage-board')}?{urlencode(told)}")


class SendOffView(View):
    """Take an agent off the desk, with what becomes of the agent's conversations."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the agent off and say where the conversations went."""
        now, form = timezone.now(), SendOffForm(request.POST)
        agent = get_object_or_404(Agent, pk=pk)
        by = get_active_agent(request.user, now=now)
        try:
            to = _target(form, agent, now)
        except KeyError:
            messages.error(
                request, _("Say why, and choose where the conversations go: to a queue, or to somebody who is online.")
            )
            return redirect("engage_dashboard:engage-board")
        deed = Deed(by=by, user=request.user, reason=form.cleaned_data["reason"], now=now)
        given, back = send_off(agent, deed, to=to)
        messages.success(request, _say_sent_off(agent, to, given, back))
        return redirect("engage_dashboard:engage-board")


def _target(form: SendOffForm, agent: Agent, now: datetime) -> Agent | Queue | None:
    """Return where the conversations of ``agent`` go; raises ``KeyError`` for what may not be chosen, or without a reason."""
    if not form.is_valid():
        raise KeyError
    chosen = form.cleaned_data["to"]
    return None if chosen == BACK else read_targets(now=now, but=agent.pk).find(chosen)


def _queue(form: MoveForm) -> tuple[Queue | None] | None:
    """Return the queue that is asked for (or no queue) in a tuple; ``None`` for one that is gone."""
    pk = form.cleaned_data["queue"]
    if pk is None:
        return (None,)
    found = read_queues().queues.get(pk)
    return (found,) if found else None


def _news(request: HttpRequest) -> dict[str, Any] | None:
    """What the address tells of a move, after the reload of a page without a script."""
    return None if is_htmx(request) else _tell(request, request.GET.dict())


def _tell(request: HttpRequest, told: dict[str, Any]) -> dict[str, Any] | None:
    """Return what to say of a move, with what undoes it while the conversation is where it was moved to."""
    try:
        conversation = access_or_404(request, told.get("moved") or told.get("undone") or "")
    except Http404:
        return None
    words = {"reference": conversation.reference, "queue": _name_of_queue(conversation)}
    if "moved" not in told:
        return {"words": _("%(reference)s waits in “%(queue)s” again.") % words}
    news: dict[str, Any] = {"words": _("%(reference)s waits in “%(queue)s” now.") % words}
    if read_whereabouts(told.get("seen", "")) == where_is(conversation):
        news |= {"conversation": conversation, "back": told.get("from", ""), "seen": told["seen"]}
    return news


def _name_of_queue(conversation: Conversation) -> str:
    queue = read_queues().queue_of(conversation)
    return queue.name if queue else _("no queue")


def _render(
    request: HttpRequest,
    now: datetime,
    *,
    version: str = "",
    news: dict[str, Any] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "board": read_board(now=now),
        "targets": read_targets(now=now, needs_room=True),
        "version": version or read_version(now=now),
        "news": news,
        "wrong": wrong,
        "told": is_htmx(request) and bool(news or wrong),
        "now": now,
    }
    template = "_board.html" if is_htmx(request) else "board.html"
    return render(request, TEMPLATES + template, context, status=status)


def _say_sent_off(agent: Agent, to: object, given: int, back: int) -> str:
    parts = [_("%(agent)s is offline now.") % {"agent": agent}]
    if given:
        words = {"count": given, "to": to}
        parts.append(
            ngettext("%(count)s conversation went to %(to)s.", "%(count)s conversations went to %(to)s.", given) % words
        )
    if back:
        words = {"count": back}
        parts.append(ngettext("%(count)s went back into its queue.", "%(count)s went back into their queues.", back) % words)
    return " ".join(parts)
