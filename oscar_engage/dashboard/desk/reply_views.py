"""An agent's answer: posted, or shown again with what is wrong with it. A plain form; htmx saves the reload."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.dashboard.desk.cards import read_number
from oscar_engage.dashboard.desk.carry_forms import LONGEST_SEARCH, load_of
from oscar_engage.dashboard.desk.console_views import show_again
from oscar_engage.dashboard.desk.forms import ReplyForm
from oscar_engage.dashboard.desk.views import access_or_404, show_new
from oscar_engage.dashboard.desk.way import back, ids_of
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.desk.carry.cards import CardRefusedError
from oscar_engage.desk.carry.files import kept
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import AnsweredError, ConversationClosedError, NotTakenError, post_message
from oscar_engage.desk.text import InvalidMessageError


class ReplyView(View):
    """Answer the shopper."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Post the message; what cannot be posted comes back with its text and the reason."""
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=timezone.now())
        form = ReplyForm(request.POST, request.FILES, **ids_of(request, conversation))
        message = self._post(request, conversation, agent, form) if form.is_valid() else None
        if message is not None:
            conversation = message.conversation  # as it is with that message
            if not is_htmx(request):
                return back(request, conversation)
            form, after = ReplyForm(**ids_of(request, conversation)), form.cleaned_data["after"] or 0
            return show_new(request, conversation, agent, after, form, with_reply=True, is_answered=True)
        if "offered" in request.POST and "card" not in request.POST:
            form.search(request.POST.get("find", "")[:LONGEST_SEARCH], conversation)
        if is_htmx(request):
            after = read_number(request.POST.get("after"))
            return show_new(request, conversation, agent, after, form, with_reply=True)
        return show_again(request, conversation, agent, form)

    def _post(self, request: HttpRequest, conversation: Conversation, agent: Agent, form: ReplyForm) -> Message | None:
        """Post what the form says and return it; ``None`` with the reason in the form."""
        now = timezone.now()
        cleaned = form.cleaned_data
        said: dict[str, Any] = {name: cleaned[name] for name in ("body", "client_id", "is_question")}
        said["seen"] = form.get_seen()
        try:
            with kept(cleaned.get("uploads", ()), now=now) as files, transaction.atomic(using=get_settings().database):
                said |= {"agent": agent, "load": load_of(cleaned, files)}
                message = post_message(conversation, role=Role.AGENT, now=now, **said)
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
        else:
            return message
        return None
