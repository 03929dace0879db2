"""An agent sends the shopper the transcript, by a press."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.dashboard.desk.way import back
from oscar_engage.desk.mailbox.transcript import NoAddressError, request_transcript


class TranscriptView(View):
    """Mail the transcript to the address that the shopper left; agents cannot name another."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Send it, or say that there is no address."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        try:
            with transaction.atomic(using=get_settings().database):
                request_transcript(conversation, now=now)
                record_action(
                    actor=request.user,
                    action="conversation.transcript_sent",
                    object_kind="conversation",
                    object_id=conversation.pk,
                    now=now,
                )
        except NoAddressError:
            messages.error(request, _("The shopper left no address."))
        else:
            messages.success(request, _("The transcript is on its way to the shopper."))
        return back(request, conversation)
