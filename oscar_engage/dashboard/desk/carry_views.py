"""What an agent does on the way to an answer: insert a ready-made reply, look for a card, fetch a file. None of it sends."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.canned.filling import fill_all, fill_one
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.carry_forms import LONGEST_SEARCH
from oscar_engage.dashboard.desk.console_views import show_again
from oscar_engage.dashboard.desk.forms import ReplyForm
from oscar_engage.dashboard.desk.views import (
    TEMPLATES,
    access_or_404,
    conversation_context,
)
from oscar_engage.dashboard.desk.way import ids_of, suffix_of
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.desk.carry.access import access_attachment_for_agent
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.text import LONGEST_MESSAGE
from oscar_engage.storefront.download import send_file

_KEPT = ("body", "card", "is_question", "client_id", "seen")
"""What stands in the reply box and is kept as it is."""


class ComposeView(View):
    """The reply box again, with a ready-made reply in it or with what a search for cards found."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the box; what was typed is still in it."""
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=timezone.now())
        typed: dict[str, Any] = {name: request.POST[name] for name in _KEPT if request.POST.get(name)}
        is_insert = request.POST.get("do") == "insert"
        if is_insert:
            typed["body"] = self._insert(request, conversation, agent)
        ids = ids_of(request, conversation)
        form = ReplyForm(auto_id=ids["auto_id"], initial=ids["initial"] | typed)
        form.fields["body"].widget.attrs["autofocus"] = is_insert
        if not is_insert:
            form.search(request.POST.get("find", "")[:LONGEST_SEARCH], conversation)
        if is_htmx(request):
            context = {**conversation_context(conversation, agent, form), "suffix": suffix_of(request, conversation)}
            return render(request, TEMPLATES + "_reply.html", context)
        return show_again(request, conversation, agent, form)

    def _insert(self, request: HttpRequest, conversation: Conversation, agent: Agent) -> str:
        body, chosen = request.POST.get("body", ""), request.POST.get("canned", "")
        pk = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else 0  # noqa: PLR2004 - what fits an id
        ready = fill_one(pk, conversation, agent) if pk else None
        if ready is None:
            return body[:LONGEST_MESSAGE]
        return f"{body.rstrip()}\n\n{ready.text}" if body.strip() else ready.text


class CannedTextsView(View):
    """All ready-made replies for a conversation, filled in, for the list that opens at a slash."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return shortcut, title and text of each as JSON; a script puts them into the page as text."""
        conversation = access_or_404(request, public_id)
        texts = fill_all(conversation, get_agent(request.user))
        replies = [{"shortcut": one.shortcut, "title": one.title, "text": one.text} for one in texts]
        return JsonResponse({"replies": replies}, headers={"X-Content-Type-Options": "nosniff"})


class AttachmentView(View):
    """A file of a conversation, to download."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Send it and note who fetched it."""
        try:
            attachment = access_attachment_for_agent(request.user, public_id)
        except Attachment.DoesNotExist:
            raise Http404 from None
        record_action(
            actor=request.user,
            action="conversation.file_fetched",
            object_kind="conversation",
            object_id=attachment.message.conversation_id,
            now=timezone.now(),
        )
        return send_file(attachment)
