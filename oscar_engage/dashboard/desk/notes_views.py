"""Notes of agents for agents: read by polling, added, whispered, deleted. Plain forms; htmx saves the reload."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.cards import read_number
from oscar_engage.dashboard.desk.side import NoteForm, Side
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.dashboard.desk.way import back, suffix_of
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.notes.read import find_note
from oscar_engage.desk.notes.write import NobodyThereError, delete_note, whisper, write_note
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.push.send import wake

_NEW = "oscar_engage/dashboard/desk/_new_notes.html"


class NotesView(View):
    """The notes after a number, for the page that polls them; a new one."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return what is new among notes and lookers-on, or 204; the poll says that the page is still open."""
        conversation = access_or_404(request, public_id)
        side = _side(request, conversation, get_agent(request.user), request.GET.get("notes_after"))
        if not side.notes and side.watched == request.GET.get("watched", ""):
            return HttpResponse(status=204)
        return render(request, _NEW, {"conversation": conversation, "side": side})

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Add the note and show it."""
        conversation = access_or_404(request, public_id)
        now, form = timezone.now(), NoteForm(request.POST)
        agent = get_active_agent(request.user, now=now)
        if not form.is_valid():
            return _again(request, conversation, agent, wrong=_("Type a note."))
        try:
            with transaction.atomic(using=get_settings().database):
                write_note(conversation, agent, body=form.cleaned_data["note"], now=now)
                record_action(
                    actor=request.user,
                    action="conversation.noted",
                    object_kind="conversation",
                    object_id=conversation.pk,
                    now=now,
                )
        except InvalidMessageError:
            return _again(request, conversation, agent, wrong=_("Type a note."))
        return _again(request, conversation, agent)


class WhisperView(View):
    """A supervisor's word to the agent who has the conversation."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Whisper it and show it."""
        conversation = access_or_404(request, public_id)
        now, form = timezone.now(), NoteForm(request.POST)
        agent = get_active_agent(request.user, now=now)
        if not form.is_valid():
            return _again(request, conversation, agent, wrong=_("Type what to whisper."))
        try:
            whisper(conversation, agent, body=form.cleaned_data["note"], user=request.user, now=now)
        except InvalidMessageError:
            return _again(request, conversation, agent, wrong=_("Type what to whisper."))
        except NobodyThereError:
            return _again(
                request, conversation, agent, wrong=_("Nobody else has this conversation now: there is nobody to hear it.")
            )
        return _again(request, conversation, agent)


class NoteDeleteView(View):
    """A note that should not be there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it and show the conversation; one that is gone is 404."""
        note = find_note(pk)
        if note is None:
            raise Http404
        conversation = access_or_404(request, note.conversation.public_id)
        delete_note(note, user=request.user, now=timezone.now())
        messages.success(request, _("The note is deleted."))
        return back(request, conversation)


def _side(request: HttpRequest, conversation: Conversation, agent: Agent, after: str | None) -> Side:
    return Side(request, conversation, agent, now=timezone.now(), after=read_number(after))


def _again(request: HttpRequest, conversation: Conversation, agent: Agent, *, wrong: str = "") -> HttpResponse:
    """Show what is new with empty fields, or with what was typed and what is ``wrong`` with it."""
    if not wrong:
        wake(conversation)
    if is_htmx(request):
        side = _side(request, conversation, agent, request.POST.get("notes_after"))
        typed = request.POST.get("note", "") if wrong else ""
        context = {"conversation": conversation, "side": side, "wrong": wrong, "typed": typed, "with_form": True}
        context["suffix"] = suffix_of(request, conversation)
        return render(request, _NEW, context)
    if wrong:
        messages.error(request, wrong)
    return back(request, conversation)
