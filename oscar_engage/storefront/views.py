"""What can the shopper ask for? The help page, and the forms that open a note or a chat."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.desk.flood import BusyError, TooManyError
from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.signals import record
from oscar_engage.storefront.answers import is_fragment, private, render_panel, render_refused_upload
from oscar_engage.storefront.ask import ask
from oscar_engage.storefront.forms import AskForm, ChatForm, NoteForm
from oscar_engage.storefront.help import get_help
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.open_chat import note_open_chat
from oscar_engage.storefront.uploads import limited
from oscar_engage.storefront.views_conversation import render_conversation
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.token import write_visitor_cookie

_FORMS = {
    ConversationKind.NOTE: ("note", gettext_lazy("Leave a note")),
    ConversationKind.CHAT: ("chat_new", gettext_lazy("Chat with us")),
}
"""Template and title of the form that begins each kind of conversation."""

_PLACE = ("page_path", "page_title", "anchor", "decision")


@private
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What can I do?"""
    if request.method == "GET":  # HEAD is no look
        record(request, "help.opened")
    path = _place(request)["page_path"]
    facts = get_help(recognise(request), page_path=path, now=timezone.now())
    return render_panel(request, "help", {"title": _("Help"), "facts": facts, "page_path": path})


@private
@require_safe
def note_new(request: HttpRequest) -> HttpResponse:
    """The form of a note."""
    _note_contact(request, "note")
    return _render_form(request, NoteForm(initial=_place(request)))


@private
@require_safe
def chat_new(request: HttpRequest) -> HttpResponse:
    """The form that begins a chat."""
    _note_contact(request, "chat")
    return _render_form(request, ChatForm(initial=_place(request)))


def _note_contact(request: HttpRequest, form: str) -> None:
    """Record that a question is about to be asked, unless an offer of ours led here: who takes it has bypassed nothing."""
    if request.method == "GET" and not request.GET.get("decision"):
        record(request, "help.contact_opened", form=form)


@limited(render_refused_upload)
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
    return _show(request, conversation, visitor)


def _render_form(request: HttpRequest, form: AskForm, *, page_status: int = 200) -> HttpResponse:
    template, title = _FORMS[form.kind]
    path = form["page_path"].value() or ""
    decision = str(form["decision"].value() or "")
    facts = get_help(recognise(request), page_path=path, decision=decision, now=timezone.now())
    return render_panel(request, template, {"title": title, "form": form, "facts": facts}, page_status=page_status)


def _show(request: HttpRequest, conversation: Conversation, visitor: Visitor) -> HttpResponse:
    """Show what was opened; its visitor's cookie goes with this answer, which no cache keeps."""
    if is_fragment(request):
        response = render_conversation(request, conversation)
    else:
        response = redirect(f"engage:{conversation.kind}-detail", public_id=conversation.public_id)
        note_open_chat(request, response, conversation)
    write_visitor_cookie(response, visitor.key, secure=request.is_secure())
    return response


def _place(request: HttpRequest) -> dict[str, str]:
    """Return what the question is about: as given in the address, else the page that the shopper came from."""
    given = {name: request.GET[name][:1000] for name in _PLACE if request.GET.get(name)}
    given.setdefault("page_path", _referring_path(request))
    return given


def _referring_path(request: HttpRequest) -> str:
    try:
        referrer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_ours = referrer.path.startswith(request.path_info.split("/", 2)[1].join(("/", "/")))
    return referrer.path if referrer.netloc == request.get_host() and not is_ours else ""
