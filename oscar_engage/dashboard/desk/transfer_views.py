"""A conversation changes hands by a press: handed on with a reason, taken over by a supervisor. Both say what they saw."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import was_last_done_by
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.dashboard.desk.conflict import render_conflict
from oscar_engage.dashboard.desk.side import SeenForm, TransferForm
from oscar_engage.dashboard.desk.targets import read_targets
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.dashboard.desk.way import back, way_back, way_on
from oscar_engage.desk.access import SUPERVISE_PERMISSION
from oscar_engage.desk.models import LIVE, Agent, Conversation, Queue
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.desk.transfer.claim import MovedError
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import HANDED_ON, hand_to_agent, hand_to_queue, take_over
from oscar_engage.push.send import wake


class TransferView(View):
    """Give a conversation to another agent or to a queue."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Hand it on and show it with a way back; 409 if it is not where it was seen, a message for what cannot be."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=now)
        if not _may_hand_on(request, conversation, agent):
            raise PermissionDenied
        form = TransferForm(request.POST)
        try:
            to = _target(form, conversation, now)
            deed = Deed(by=agent, user=request.user, reason=form.cleaned_data["reason"], now=now)
            if isinstance(to, Agent):
                hand_to_agent(conversation, to, deed, seen=form.cleaned_data["seen"])
            else:
                hand_to_queue(conversation, to, deed, seen=form.cleaned_data["seen"])
        except MovedError as moved:
            return render_conflict(request, moved.conversation)
        except (KeyError, InvalidMessageError, NoFreeSlotError):
            messages.error(
                request, _("It was not handed on: choose somebody who is online with room for a chat, or a queue, and say why.")
            )
            return back(request, conversation)
        messages.success(request, _("%(reference)s is handed on to %(to)s.") % _names(conversation, to))
        wake(conversation)
        told = {"handed": str(form.cleaned_data["seen"])}
        return redirect((way_back if to == agent else way_on)(request, conversation, told))


class TakeOverView(View):
    """Make a colleague's conversation one's own; for supervisors."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Take it over and show it; 409 if it is not where it was seen."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        form = SeenForm(request.POST)
        agent = get_active_agent(request.user, now=now)
        if form.is_valid() and form.cleaned_data["seen"].agent not in {None, agent.pk}:
            try:
                take_over(conversation, agent, seen=form.cleaned_data["seen"], user=request.user, now=now)
            except MovedError as moved:
                return render_conflict(request, moved.conversation)
            except NoFreeSlotError:
                words = _("Set yourself online first, or close one of your chats: you have no free slot.")
                messages.error(request, words)
        return back(request, conversation)


def _target(form: TransferForm, conversation: Conversation, now: datetime) -> Agent | Queue | None:
    """Return who or what gets it; raises ``KeyError`` for what may not be chosen, or without a reason."""
    if not form.is_valid():
        raise KeyError
    needs_room = conversation.kind in LIVE
    targets = read_targets(now=now, but=conversation.agent_id, needs_room=needs_room, conversation=conversation)
    return targets.find(form.cleaned_data["to"])


def _may_hand_on(request: HttpRequest, conversation: Conversation, agent: Agent) -> bool:
    """Whether it is one's own, one is a supervisor, or one has just handed it on and takes that back."""
    if conversation.agent_id == agent.pk or request.user.has_perm(SUPERVISE_PERMISSION):
        return True
    is_mine = request.POST.get("to") == f"agent-{agent.pk}"
    return is_mine and was_last_done_by(request.user, action=HANDED_ON, object_kind="conversation", object_id=conversation.pk)


def _names(conversation: Conversation, to: object) -> dict[str, object]:
    return {"reference": conversation.reference, "to": to or _("no queue")}
