"""What can a shopper do about a call? Ask for one, call it off, say that it is meant; the last two by a link in a mail, too."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oscar_engage.desk.calls.ask import ClosedNowError, NeedsMailError
from oscar_engage.desk.calls.confirm import GoneError, confirm_call
from oscar_engage.desk.calls.limits import NumberRefusedError
from oscar_engage.desk.calls.link import access_to_cancel, access_to_confirm
from oscar_engage.desk.calls.models import CallState, PhoneCall
from oscar_engage.desk.calls.offered import NoCallsError, Offered, offered_at, terms_for_page
from oscar_engage.desk.calls.plan import call_off
from oscar_engage.desk.calls.seat import SlotTakenError
from oscar_engage.desk.calls.words import say_when
from oscar_engage.desk.flood import BusyError, TooManyError
from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.signals import record
from oscar_engage.storefront.answers import is_fragment, private, render_gone, render_panel
from oscar_engage.storefront.ask_call import ask
from oscar_engage.storefront.call_regions import regions_for
from oscar_engage.storefront.forms_call import CallForm
from oscar_engage.storefront.own import access_own
from oscar_engage.storefront.views_conversation import render_conversation
from oscar_engage.storefront.views_mail import alone
from oscar_engage.storefront.where import place_of
from oscar_engage.visitors.token import write_visitor_cookie

_ALONE = "oscar_engage/storefront/call_link.html"


@private
@require_safe
def call_new(request: HttpRequest) -> HttpResponse:
    """The form that asks for a call; where no queue takes calls, the page says what to do instead."""
    if request.method == "GET" and not request.GET.get("decision"):
        record(request, "help.contact_opened", form="call")
    place = place_of(request)
    offered = _offered(place["page_path"])
    form = CallForm(initial=place, offered=offered, regions=regions_for(request)) if offered else None
    return _render_form(request, form)


@private
@require_POST
def call_create(request: HttpRequest) -> HttpResponse:
    """Ask for the call; the receipt says when it comes."""
    offered = _offered(request.POST.get("page_path", ""))
    if offered is None:
        return _render_form(request, None, page_status=409)
    form = CallForm(request.POST, offered=offered, regions=regions_for(request))
    if not form.is_valid():
        return _render_form(request, form)
    try:
        conversation, visitor = ask(request, form, now=timezone.now())
    except tuple(_REFUSALS) as error:
        field, words, status = _REFUSALS[type(error)]
        form.add_error(field, words())
        return _render_form(request, form, page_status=status)
    except NoCallsError:
        return _render_form(request, None, page_status=409)
    response = render_conversation(request, conversation) if is_fragment(request) else _detail(conversation)
    write_visitor_cookie(response, visitor.key, secure=request.is_secure())
    return response


@private
@require_POST
def call_cancel_own(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call off the shopper's own call, from its page."""
    try:
        own = access_own(request, public_id)
        call_off(PhoneCall.objects.get(conversation=own), now=timezone.now())
    except (Conversation.DoesNotExist, PhoneCall.DoesNotExist):
        return render_gone(request)
    own.refresh_from_db()
    return render_conversation(request, own) if is_fragment(request) else _detail(own)


@private
@alone
@require_http_methods(["GET", "HEAD", "POST"])
def call_cancel(request: HttpRequest) -> HttpResponse:
    """Call off what a mailed link names: a GET, which scanners of mails make as well, only asks, a POST does it."""
    title = _("Your call")
    try:
        call = access_to_cancel(request.GET.get("token", ""))
    except (ExpiredLinkError, InvalidLinkError):
        return render(request, _ALONE, {"title": title, "is_unknown": True}, status=410)
    if request.method == "POST":
        call_off(call, now=timezone.now())
        call.refresh_from_db()
    return render(request, _ALONE, {"title": title, "asks": "cancel", **_facts(call)})


@private
@alone
@require_http_methods(["GET", "HEAD", "POST"])
def call_confirm(request: HttpRequest) -> HttpResponse:
    """Say by a link that only the mailbox's owner has that the call is meant; a GET asks, a POST does it."""
    title, status = _("Your call"), 200
    try:
        call = access_to_confirm(request.GET.get("token", ""))
        if request.method == "POST":
            call = confirm_call(call, now=timezone.now())
    except (ExpiredLinkError, InvalidLinkError, GoneError, NumberRefusedError):
        return render(request, _ALONE, {"title": title, "is_unknown": True}, status=410)
    return render(request, _ALONE, {"title": title, "asks": "confirm", **_facts(call)}, status=status)


def _facts(call: PhoneCall) -> dict[str, Any]:
    return {
        "call": call,
        "when": say_when(call),
        "is_to_come": call.state in {CallState.UNCONFIRMED, CallState.PLANNED, CallState.DUE},
        "is_unconfirmed": call.state == CallState.UNCONFIRMED,
        "is_cancelled": call.state == CallState.CANCELLED,
    }


def _offered(path: str) -> Offered | None:
    terms = terms_for_page(path)
    offered = offered_at(terms, now=timezone.now()) if terms else None
    return offered if offered and offered.is_something else None


def _render_form(request: HttpRequest, form: CallForm | None, *, page_status: int = 200) -> HttpResponse:
    return render_panel(request, "call_new", {"title": _("Have us call you"), "form": form}, page_status=page_status)


def _detail(conversation: Conversation) -> HttpResponse:
    return redirect("engage:call-detail", public_id=conversation.public_id)


_REFUSALS: dict[type[Exception], tuple[str | None, Callable[[], str], int]] = {
    SlotTakenError: ("when", lambda: _("This time is not free any more. Choose another one."), 409),
    ClosedNowError: ("when", lambda: _("Nobody calls at this hour. Choose a time."), 409),
    NeedsMailError: (
        "email",
        lambda: _("This number was called today. Type your e-mail address: a link in our mail confirms the next call."),
        422,
    ),
    NumberRefusedError: (
        None,
        lambda: _(
            "We cannot call this number again just now. If you have asked for a call already, call that one off first;"
            " else leave a note, or try tomorrow."
        ),
        429,
    ),
    TooManyError: (None, lambda: _("You have asked for many calls today. Please leave a note, or try tomorrow."), 429),
    BusyError: (None, lambda: _("Too many calls are to be made just now. Please leave a note, or try later."), 503),
    InvalidMessageError: ("about", lambda: _("Nothing can be read in this. Write it anew, or leave it empty."), 422),
}
"""Why a call is not taken: the field that it is about, what is said there, and the status of the answer."""
