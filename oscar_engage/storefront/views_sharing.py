"""May somebody see this page? The question with what is seen and what is not, the answer, and the end; and the code."""

import time
from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.conf import get_settings
from oscar_engage.core.pushing import WakeBy
from oscar_engage.desk.access import access_conversation_of_visitor
from oscar_engage.desk.flood import BusyError, TooManyError
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.place import Place
from oscar_engage.modules import has_feature
from oscar_engage.sharing.access import session_of_shopper
from oscar_engage.sharing.begin import NotPossibleError, agree, can_share, may_keep, offer
from oscar_engage.sharing.codes import NoSuchCodeError, is_given, use_code
from oscar_engage.sharing.finish import end, end_if_over
from oscar_engage.sharing.models import Ended, LiveSession, Starter
from oscar_engage.storefront.answers import private, render_gone, render_panel, vary
from oscar_engage.storefront.asker import find_asker, make_asker
from oscar_engage.storefront.identity import get_customer_id, recognise
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.open_chat import note_open_chat
from oscar_engage.storefront.rate import Rate
from oscar_engage.storefront.sharing_page import forget_if_last, note_shared
from oscar_engage.storefront.sharing_talk import answer_talk
from oscar_engage.storefront.views_conversation import render_conversation
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.token import read_visitor_key, write_visitor_cookie

CODES = Rate(seconds=3600.0)
"""The codes that were typed, by visitor or network."""

CODES_PER_HOUR = 10
_TEMPLATE = "oscar_engage/storefront/sharing.html"


class CodeForm(forms.Form):
    """Six digits that an agent said on the telephone."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "engage-input"}),
    )
    keeps = forms.BooleanField(required=False)
    page_path = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


@private
@require_safe
def live(request: HttpRequest, live_id: str) -> HttpResponse:
    """Show the question that an agent asks, and the bar of what goes on; 404 for what is not this browser's."""
    try:
        session = session_of_shopper(read_visitor_key(request), live_id)
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    if end_if_over(session, now=timezone.now()):
        return HttpResponse(status=410)
    return _show(request, session.conversation, session)


@private
@require_POST
def answer_live(request: HttpRequest, live_id: str) -> HttpResponse:
    """Take the shopper's yes or no to what an agent asks."""
    said, now = request.POST.get("answer"), timezone.now()
    if said not in {"yes", "no"}:
        return HttpResponse(status=400)
    try:
        session = session_of_shopper(read_visitor_key(request), live_id)
        if said == "no":
            end(session, Ended.REFUSED, now=now)
            return HttpResponse(status=204)
        return _began(request, agree(session, keeps="keeps" in request.POST, now=now))
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    except NotPossibleError:
        return HttpResponse(status=410)


@private
def live_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the question to a shopper who wants to share the page of their own accord; with a POST, share it."""
    visitor = recognise(request)
    try:
        conversation = access_conversation_of_visitor(visitor.pk if visitor else None, public_id)
    except Conversation.DoesNotExist:
        return HttpResponse(status=404)
    if not can_share(conversation):
        return HttpResponse(status=410)
    if request.method != "POST":
        return _show(request, conversation, None)
    if request.POST.get("answer") != "yes":
        return HttpResponse(status=204)
    try:
        return _began(request, offer(conversation, keeps="keeps" in request.POST, now=timezone.now()))
    except NotPossibleError:
        return HttpResponse(status=410)


@private
@require_POST
def end_live(request: HttpRequest, live_id: str) -> HttpResponse:
    """End it, because the shopper says so."""
    try:
        session = session_of_shopper(read_visitor_key(request), live_id)
    except LiveSession.DoesNotExist:
        return HttpResponse(status=404)
    end(session, Ended.SHOPPER, now=timezone.now())
    response = HttpResponse(status=204)
    forget_if_last(request, response, session)
    return response


@csrf_exempt
def talk(request: HttpRequest, live_id: str) -> HttpResponse:
    """The talk of a shared page, where no middleware of ours has answered it: it asks for our header instead of a token."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST", "Cache-Control": "private, no-store"})
    return answer_talk(request, live_id)


@private
def live_code(request: HttpRequest) -> HttpResponse:
    """Take the code that an agent has said on the telephone, with the shopper's yes to what is seen."""
    if not has_feature("shared_page"):
        return render_gone(request)
    is_typed = request.method == "POST"
    form = CodeForm(request.POST) if is_typed else CodeForm(initial={"page_path": request.GET.get("page_path", "")[:500]})
    if not is_typed or not form.is_valid():
        return _ask_code(request, form)
    try:
        return _join(request, form, now=timezone.now())
    except _TooOftenError:
        form.add_error("code", _("Too many codes were tried. Please wait an hour, or ask the agent for a chat."))
        return _ask_code(request, form, page_status=429)
    except (NoSuchCodeError, NotPossibleError):
        form.add_error("code", _("This code is not right, or too old. Ask the agent for a new one."))
        return _ask_code(request, form)
    except (TooManyError, BusyError):
        form.add_error(None, _("We are busy: more questions wait than we can answer in time. Please try later, or call us."))
    return _ask_code(request, form, page_status=503)


class _TooOftenError(ValueError):
    """More codes than somebody types who reads them from a telephone."""


def _join(request: HttpRequest, form: CodeForm, *, now: datetime) -> HttpResponse:
    """Use the code and begin; a browser that is new becomes a visitor with a right code only."""
    typed, asker = form.cleaned_data, find_asker(request, now=now)
    key = asker.visitor.pk if asker else network_of(request, today=now.date())
    if not CODES.allows(key, limit=CODES_PER_HOUR, now=time.monotonic()):
        raise _TooOftenError
    if not is_given(typed["code"], now=now):
        raise NoSuchCodeError
    asker = asker or make_asker(now=now)
    conversation = use_code(
        typed["code"],
        visitor_id=asker.visitor.pk,
        language=asker.language,
        place=Place(page_path=typed["page_path"]),
        customer_id=get_customer_id(request),
        now=now,
    )
    session = offer(conversation, starter=Starter.CODE, keeps=typed["keeps"], now=now)
    return _show_begun(request, session, asker.visitor)


def _ask_code(request: HttpRequest, form: CodeForm, *, page_status: int = 200) -> HttpResponse:
    context = {
        "title": _("Show my page to an agent"),
        "form": form,
        "may_keep": may_keep(),
        "days": get_settings().shared_page_days,
    }
    return render_panel(request, "sharing_code", context, page_status=page_status)


def _show_begun(request: HttpRequest, session: LiveSession, visitor: Visitor) -> HttpResponse:
    """Show the chat in which it was begun; its script takes up the sharing in this tab."""
    response = render_conversation(request, session.conversation, begun=session.public_id)
    note_open_chat(request, response, session.conversation)
    note_shared(request, response, session)
    write_visitor_cookie(response, visitor.key, secure=request.is_secure())
    return response


def _began(request: HttpRequest, session: LiveSession) -> HttpResponse:
    response = JsonResponse({"id": session.public_id})
    note_shared(request, response, session)
    return response


def _show(request: HttpRequest, conversation: Conversation, session: LiveSession | None) -> HttpResponse:
    push = get_settings().push
    context = {
        "conversation": conversation,
        "session": session,
        "may_keep": may_keep(),
        "days": get_settings().shared_page_days,
        "push_url": push.url if push is not None and push.by is not WakeBy.DATABASE else "",
    }
    return vary(render(request, _TEMPLATE, context))


__all__ = ["answer_live", "end_live", "live", "live_code", "live_new", "talk"]
