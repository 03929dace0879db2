"""What an agent does about a call: dial, and say what came of it. Plain forms on the page of its conversation."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.calls.forms import OutcomeForm
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.dashboard.desk.way import back
from oscar_engage.desk.calls.models import CallOutcome
from oscar_engage.desk.calls.ring import NotMineError, begin_try
from oscar_engage.desk.calls.seat import SlotTakenError
from oscar_engage.desk.calls.settle import settle_try
from oscar_engage.desk.models import Conversation
from oscar_engage.push.send import wake


class DialView(View):
    """Call the shopper: the try begins, and the provider dials."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Begin the try, or say who has the call."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=now)
        try:
            with transaction.atomic(using=get_settings().database):
                begin_try(conversation, agent, now=now)
                _record(request, conversation, "call.dialled")
        except NotMineError:
            messages.error(request, _("Take the call first; somebody else may have it, or it is over."))
        else:
            wake(conversation, seq=0)
        return back(request, conversation)


class OutcomeView(View):
    """Say what came of the try."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Keep it, with what follows, and say what that is."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
            return back(request, conversation)
        told = form.get_told()
        try:
            with transaction.atomic(using=get_settings().database):
                settle_try(conversation, get_active_agent(request.user, now=now), told, now=now)
                _record(request, conversation, f"call.{told.outcome}")
        except NotMineError:
            messages.error(request, _("Press “Call” first; somebody else may have the call, or it is over."))
        except SlotTakenError:
            messages.error(request, _("This time is not free any more. Choose another one."))
        else:
            messages.success(request, _SAID[told.outcome]())
            wake(conversation, seq=0)
        return back(request, conversation)


_SAID: dict[CallOutcome, Callable[[], str]] = {
    CallOutcome.REACHED: lambda: _("Noted. Close it with its topic when you have spoken."),
    CallOutcome.NO_ANSWER: lambda: _("Noted. What follows stands in the transcript."),
    CallOutcome.WRONG_NUMBER: lambda: _("Noted. This number is not called again."),
    CallOutcome.LATER: lambda: _("Noted. The call comes back at its time."),
}


def _record(request: HttpRequest, conversation: Conversation, action: str) -> None:
    record_action(actor=request.user, action=action, object_kind="conversation", object_id=conversation.pk, now=timezone.now())
