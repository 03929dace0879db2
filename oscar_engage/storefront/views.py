"""What can the shopper ask for? The help page, and the forms that open a note or a chat."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.answers.shelf import warm
from oscar_engage.desk.flood import BusyError, TooManyError
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.modules import is_on
from oscar_engage.signals import record
from oscar_engage.storefront.answers import is_fragment, private, render_panel, render_refused_upload
from oscar_engage.storefront.ask import ask
from oscar_engage.storefront.automatic import answer_at_once, find_script
from oscar_engage.storefront.forms import AskForm, ChatForm, NoteForm
from oscar_engage.storefront.help import get_help, steps_here
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.joined import has_help, help_links
from oscar_engage.storefront.ladder import is_answered_first, offered_steps
from oscar_engage.storefront.open_chat import note_open_chat
from oscar_engage.storefront.page_copy import WITH_COPY, keep_copy
from oscar_engage.storefront.uploads import limited
from oscar_engage.storefront.views_conversation import render_conversation
from oscar_engage.storefront.where import place_of
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.token import write_visitor_cookie

_FORMS = {
    ConversationKind.NOTE: ("note", gettext_lazy("Leave a note")),
    ConversationKind.CHAT: ("chat_new", gettext_lazy("Chat with us")),
}
"""Template and title of the form that begins each kind of conversation."""

_LONGEST_TOPIC = 40


@private
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What can I do?"""
    if not has_help():
        raise Http404
    if request.method == "GET":  # HEAD is no look
        record(request, "help.opened", language=get_language() or "")
    path, links = place_of(request)["page_path"], help_links()
    topic = request.GET.get("topic", "")[:_LONGEST_TOPIC]
    visitor, now = recognise(request), timezone.now()
    context: dict[str, Any] = {"title": _("Help"), "page_path": path, "links": links}
    if not is_on("desk"):
        return render_panel(request, "help", {**context, "steps": (Step.ARTICLE,)})
    facts = get_help(visitor, page_path=path, now=now)
    here = steps_here(facts, has_articles=bool(links))
    steps = offered_steps(visitor, here=here, page_path=path, topic=topic, now=now)
    context |= {"facts": facts, "steps": steps}
    return render_panel(request, "help", context)


@private
@require_safe
def note_new(request: HttpRequest) -> HttpResponse:
    """The form of a note."""
    _note_contact(request, "note")
    return _render_form(request, NoteForm(initial=place_of(request)))


@private
@require_safe
def chat_new(request: HttpRequest) -> HttpResponse:
    """The form that begins a chat."""
    _note_contact(request, "chat")
    wanted = _WANTED.get(request.GET.get("wants", ""))
    words = {"message": str(wanted)} if wanted else {}
    return _render_form(request, ChatForm(initial={**place_of(request), **words}))


_WANTED: Mapping[str, str | Promise] = {
    "voice": gettext_lazy("I would like to talk with you, here in the browser."),
    "page": gettext_lazy("I would like to show you my page."),
}
"""With which words a chat begins whose shopper was invited to more than words; they can be changed before they are sent."""


def _note_contact(request: HttpRequest, form: str) -> None:
    """Record that a question is about to be asked, unless an offer of ours led here: who takes it has bypassed nothing."""
    if request.method == "GET" and not request.GET.get("decision"):
        record(request, "help.contact_opened", form=form)


@limited(render_refused_upload, beside=WITH_COPY)
@private
@require_POST
def note_create(request: HttpRequest) -> HttpResponse:
    """Leave the note; the receipt says when it is answered."""
    return _create(request, NoteForm(request.POST, request.FILES))


@limited(render_refused_upload)
@private
@require_POST
def chat_create(request: HttpRequest) -> HttpResponse:
    """Begin the chat."""
    return _create(request, ChatForm(request.POST, request.FILES))


def _create(request: HttpRequest, form: AskForm) -> HttpResponse:
    if not form.is_valid():
        return _render_form(request, form)
    now = timezone.now()
    try:
        conversation, visitor = ask(request, form, now=now)
    except TooManyError:
        form.add_error(None, _("You have asked a lot within the last hour. Please wait a little, or call us."))
        return _render_form(request, form, page_status=429)
    except BusyError:
        form.add_error(None, _("We are busy: more questions wait than we can answer in time. Please try later, or call us."))
        return _render_form(request, form, page_status=503)
    except InvalidMessageError:
        form.add_error(form.question_field, _("Write a message first."))
        return _render_form(request, form)
    is_kept = keep_copy(conversation, form.cleaned_data, now=now)
    answer_at_once(request, conversation, visitor, now=now)
    return _show(request, conversation, visitor, is_copy_lost=not is_kept)


def _render_form(request: HttpRequest, form: AskForm, *, page_status: int = 200) -> HttpResponse:
    template, title = _FORMS[form.kind]
    warm(get_language() or "", now=timezone.now())
    path = form["page_path"].value() or ""
    decision = str(form["decision"].value() or "")
    visitor, now = recognise(request), timezone.now()
    facts = get_help(visitor, page_path=path, decision=decision, now=now)
    is_first = is_answered_first(visitor, before=Step(form.kind), page_path=path, now=now)
    context = {"title": title, "form": form, "facts": facts, "suggests": find_script() if is_first else ""}
    return render_panel(request, template, context, page_status=page_status)


def _show(request: HttpRequest, conversation: Conversation, visitor: Visitor, *, is_copy_lost: bool) -> HttpResponse:
    """Show what was opened; its visitor's cookie goes with this answer, which no cache keeps."""
    if is_fragment(request):
        response = render_conversation(request, conversation, is_copy_lost=is_copy_lost)
    else:
        query = {"copy": "lost"} if is_copy_lost else {}
        address = reverse(f"engage:{conversation.kind}-detail", args=[conversation.public_id], query=query)
        response = redirect(address)
        note_open_chat(request, response, conversation)
    write_visitor_cookie(response, visitor.key, secure=request.is_secure())
    return response
