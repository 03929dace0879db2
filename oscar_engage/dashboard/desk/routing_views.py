"""What routing does by a press: take the next one, move one to another queue. Plain forms, without a script."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.dashboard.desk.conflict import render_conflict
from oscar_engage.dashboard.desk.forms import MoveForm
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.dashboard.desk.way import back, back_to_desk, way_back, way_on
from oscar_engage.desk.line import take_next
from oscar_engage.desk.models import ConversationStatus
from oscar_engage.desk.queries import find_unread
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.transfer.claim import MovedError, where_is
from oscar_engage.desk.transfer.move import move_seen
from oscar_engage.desk.transfer.whereabouts import read_whereabouts
from oscar_engage.push.send import wake


class TakeNextView(View):
    """Make the conversation one's own that is next."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it and show it; where nothing waits, show what is the agent's own and unread, or say why there is none."""
        now = timezone.now()
        agent = get_active_agent(request.user, now=now)
        try:
            with transaction.atomic(using=get_settings().database):
                taken = take_next(agent, now=now)
                if taken is not None:
                    record_action(
                        actor=request.user,
                        action="conversation.taken",
                        object_kind="conversation",
                        object_id=taken.pk,
                        now=now,
                    )
        except NoFreeSlotError:
            taken = None
        mine = taken or find_unread(agent)
        if mine is not None:
            return back(request, mine)
        messages.info(
            request,
            _(
                "There is nothing for you to take now. Chats need you online with a free slot; what needs another skill or"
                " language stands below and can be taken by hand."
            ),
        )
        return back_to_desk(request, without="")


class MoveView(View):
    """Have a conversation wait in another queue."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Move it, say where it is and offer to undo that; one that is closed stays, one moved by somebody else is 409."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=now)
        form = MoveForm(request.POST, conversation=conversation, book=read_queues())
        if conversation.status == ConversationStatus.CLOSED or not form.is_valid():
            messages.error(request, _("It was not moved: it is closed, or that queue is gone."))
            return back(request, conversation)
        queue = form.cleaned_data["queue"]
        seen = read_whereabouts(request.POST.get("seen", "")) or where_is(conversation)
        is_undo = "undo" in request.POST
        try:
            moved = move_seen(conversation, queue, seen=seen, user=request.user, now=now, is_undo=is_undo)
        except MovedError as error:
            return render_conflict(request, error.conversation)
        messages.success(request, _("It waits in “%(queue)s” now.") % {"queue": queue or _("no queue")})
        wake(moved)
        told = {} if is_undo else {"moved_from": str(seen.queue or ""), "at": str(where_is(moved))}
        is_given_away = moved.agent_id != agent.pk and not is_undo
        return redirect((way_on if is_given_away else way_back)(request, moved, told))
