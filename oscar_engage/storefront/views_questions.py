"""What did I ask? The response centre of a customer or a browser, and the way there for guests: a link by mail."""

import re
import time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from oscar_engage.desk.access import owned_by
from oscar_engage.desk.carry.cards import Sight
from oscar_engage.desk.carry.show import with_carried
from oscar_engage.desk.centre import LONGEST_SEARCH, Page, read_page
from oscar_engage.desk.find_by_address import VALID_FOR, access_by_link, request_link
from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.read import mark_read_by_shopper
from oscar_engage.storefront.answers import private, render_gone, render_panel
from oscar_engage.storefront.forms import EngageForm
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.own import owner_of
from oscar_engage.storefront.rate import FINDERS

_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
MOST_FROM_NETWORK = 10
"""Links that one process is asked for from one network in an hour."""


class FindForm(EngageForm):
    """With which address was it asked?"""

    id_prefix = "engage-find"

    email = forms.EmailField(
        label=gettext_lazy("The e-mail address you asked with"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Type your e-mail address first.")},
    )


@private
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """All that the shopper asked, the latest word first; showing it marks it as read."""
    owner = owner_of(request)
    page = _read(request, owned_by(owner))
    sight = Sight(customer_id=owner.customer_id, request=request)
    is_customer = owner.customer_id is not None
    return _show(request, page, sight, is_customer=is_customer, page_title=_("My questions"), active_tab="questions")


@private
@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """All that was asked with the address to which the link was sent, to read; the link gives no other access."""
    token = request.GET.get("token", "")
    try:
        asked = access_by_link(token)
    except InvalidLinkError:
        return render_gone(request)
    except ExpiredLinkError:
        return render_gone(request, status=410)
    response = _show(request, _read(request, asked), Sight(request=request), link=token)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@private
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the address; what is said then is the same whether we know it or not."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ask(request, form)
    if not form.is_valid():
        return _ask(request, form, status=422)
    now = timezone.now()
    network = network_of(request, today=now.date())
    if network is not None and not FINDERS.allows(network, limit=MOST_FROM_NETWORK, now=time.monotonic()):
        form.add_error(None, _("That was a lot within an hour. Please try again later."))
        return _ask(request, form, status=429)
    request_link(form.cleaned_data["email"], language=translation.get_language() or "", now=now)
    return _ask(request, None)


def _ask(request: HttpRequest, form: FindForm | None, *, status: int = 200) -> HttpResponse:
    hours = int(VALID_FOR.total_seconds() // 3600)
    return render_panel(request, "find", {"title": _("Find my questions"), "form": form, "hours": hours}, page_status=status)


def _read(request: HttpRequest, asked: QuerySet[Conversation]) -> Page:
    number = request.GET.get("page", "")
    return read_page(asked, number=int(number) if _NUMBER.fullmatch(number) else 1, search=_search(request))


def _search(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


def _show(request: HttpRequest, page: Page, sight: Sight, *, link: str = "", **more: Any) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    listed = page.conversations
    with_carried((message for one in listed for message in one.said), sight)  # type: ignore[attr-defined]  # fetched with them
    for message in (message for one in listed for message in one.said if link):  # type: ignore[attr-defined]  # the same
        message.carried = None  # files have doors of their own
    context = {
        "title": _("My questions"),
        "page": page,
        "rows": [(one, one.due_at > now, timezone.localdate(one.due_at) == today) for one in listed],
        "search": _search(request),
        "longest": LONGEST_SEARCH,
        "link": link,
        **more,
    }
    response = render_panel(request, "questions", context, is_account=bool(more.get("is_customer")))
    for shown in listed:
        mark_read_by_shopper(shown, shown.last_seq)
    return response
