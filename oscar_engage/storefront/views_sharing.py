"""May somebody see this page? What differs from a talk: the tick that lets us keep it; and the code on the telephone."""

import time
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.conf import get_settings
from oscar_engage.desk.flood import BusyError, TooManyError
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.place import Place
from oscar_engage.modules import has_feature
from oscar_engage.sharing.begin import NotPossibleError, agree, can_share, may_keep, offer
from oscar_engage.sharing.codes import NoSuchCodeError, is_given, use_code
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession, Starter
from oscar_engage.storefront.answers import private, render_gone, render_panel
from oscar_engage.storefront.asker import find_asker, make_asker
from oscar_engage.storefront.identity import get_customer_id
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.open_chat import note_open_chat
from oscar_engage.storefront.rate import Rate
from oscar_engage.storefront.sharing_page import note_shared
from oscar_engage.storefront.sharing_talk import answer_talk
from oscar_engage.storefront.views_conversation import render_conversation
from oscar_engage.storefront.views_live import Live
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.token import write_visitor_cookie

CODES = Rate(seconds=3600.0)
"""The codes that were typed, by visitor or network."""

CODES_PER_HOUR = 10


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


def _keeps(request: HttpRequest) -> bool:
    return "keeps" in request.POST


def _context(_request: HttpRequest, _conversation: Conversation, _session: LiveSession | None) -> dict[str, Any]:
    return {"may_keep": may_keep(), "days": get_settings().shared_page_days}


def _tell_end(_session: LiveSession) -> HttpResponse:
    return HttpResponse(status=204)


PAGE = Live(
    kind=LiveKind.PAGE,
    template="oscar_engage/storefront/sharing.html",
    noes={"no": Ended.REFUSED},
    ends={"": Ended.SHOPPER},
    can=can_share,
    agree=lambda request, session, now: agree(session, keeps=_keeps(request), now=now),
    begin=lambda request, conversation, now: offer(conversation, keeps=_keeps(request), now=now),
    context=_context,
    tell_end=_tell_end,
    talk=answer_talk,
)
"""A page that is shared."""

__all__ = ["CODES", "PAGE", "CodeForm", "live_code"]
