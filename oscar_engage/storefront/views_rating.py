"""How helpful was it? The shopper's answer, from the chat, the note or the page that a mailed link opens."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError, access_conversation_by_link
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.ratings.give import NotRateableError, rate
from oscar_engage.storefront.answers import is_fragment, private, render_gone
from oscar_engage.storefront.forms import RatingForm
from oscar_engage.storefront.own import access_own
from oscar_engage.storefront.views_conversation import render_conversation


@private
@require_POST
def rate_own(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what the shopper says of their own conversation."""
    try:
        own = access_own(request, public_id)
    except Conversation.DoesNotExist:
        return render_gone(request)
    shown_at = reverse(f"engage:{own.kind}-detail", args=[own.public_id])
    return _rate(request, own, shown_at=shown_at, now=timezone.now())


@private
@require_POST
def rate_linked(request: HttpRequest) -> HttpResponse:
    """Keep what is said of the conversation that a mailed link opens."""
    token = request.GET.get("token", "")
    try:
        linked = access_conversation_by_link(token)
    except InvalidLinkError:
        return render_gone(request)
    except ExpiredLinkError:
        return render_gone(request, status=410)
    shown_at = f"{reverse('engage:answer')}?{urlencode({'token': token})}"
    return _rate(request, linked, shown_at=shown_at, now=timezone.now(), link=token)


def _rate(request: HttpRequest, conversation: Conversation, *, shown_at: str, now: datetime, link: str = "") -> HttpResponse:
    form = RatingForm(request.POST, auto_id=f"engage-{conversation.public_id}-rating-%s")
    more: dict[str, Any] = {"rating_form": form, "link": link}
    if not form.is_valid():
        return render_conversation(request, conversation, page_status=422, **more)
    try:
        rate(conversation, score=form.cleaned_data["score"], comment=form.cleaned_data["comment"], now=now)
    except NotRateableError:
        form.add_error(None, _("This can no longer be changed."))
        return render_conversation(request, conversation, page_status=409, **more)
    if is_fragment(request):
        return render_conversation(request, conversation, link=link)
    return redirect(shown_at)
