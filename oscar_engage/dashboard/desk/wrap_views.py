"""How does it end? Closing a conversation with what it was about, and saying that later of one that somebody else ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.forms import WrapForm
from oscar_engage.dashboard.desk.views import access_or_404, reply_form, show_conversation
from oscar_engage.dashboard.desk.way import back_to_desk
from oscar_engage.desk.access import may_close
from oscar_engage.desk.models import ConversationStatus
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.take import close
from oscar_engage.desk.topics.store import active_topics
from oscar_engage.desk.topics.wrap import wrap_up


class CloseView(View):
    """End a conversation."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Close it, with what it was about, and go back to the desk; a colleague's is for supervisors to close."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        form = WrapForm(request.POST, topics=active_topics())
        with transaction.atomic(using=get_settings().database):
            if not may_close(request.user, lock_conversation(conversation)):  # as it is now: a colleague may just have taken it
                raise PermissionDenied
            if form.is_valid():
                agent = get_active_agent(request.user, now=now)
                close(conversation, agent, now=now)
                wrap_up(conversation, form.get_wrap(), now=now)
                record_action(
                    actor=request.user,
                    action="conversation.closed",
                    object_kind="conversation",
                    object_id=conversation.pk,
                    now=now,
                )
        if not form.is_valid():
            agent = get_agent(request.user)
            return show_conversation(request, conversation, agent, reply_form(conversation), wrap=form, status=422)
        messages.success(request, _("%(reference)s is closed.") % {"reference": conversation.reference})
        return back_to_desk(request, without=conversation.public_id)


class WrapUpView(View):
    """Say of a closed conversation what it was about."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Keep it and go back to the desk; of a colleague's, supervisors may say it."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        if not may_close(request.user, conversation):
            raise PermissionDenied
        form = WrapForm(request.POST, topics=active_topics())
        if conversation.status != ConversationStatus.CLOSED or not form.is_valid():
            agent = get_agent(request.user)
            return show_conversation(request, conversation, agent, reply_form(conversation), wrap=form, status=422)
        with transaction.atomic(using=get_settings().database):
            wrap_up(conversation, form.get_wrap(), now=now)
            record_action(
                actor=request.user,
                action="conversation.wrapped",
                object_kind="conversation",
                object_id=conversation.pk,
                now=now,
            )
        messages.success(request, _("%(reference)s is wrapped up.") % {"reference": conversation.reference})
        return back_to_desk(request, without=conversation.public_id)
