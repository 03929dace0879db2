"""Did the automatic answer help? The shopper's yes, no, and yes taken back; and what is found while a question is written."""

import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.answers.shelf import wait_until_read
from oscar_engage.desk.access import access_conversation_of_visitor
from oscar_engage.desk.answering.models import AutoAnswer
from oscar_engage.desk.answering.offer import Found, as_json, look_for
from oscar_engage.desk.answering.settle import NotOpenError, helped, refused, take_back
from oscar_engage.desk.models import Conversation
from oscar_engage.signals import record
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.answers import is_fragment, private, render_gone, render_panel
from oscar_engage.storefront.automatic import about_of, signal_of
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.rate import SUGGESTIONS, SUGGESTIONS_PER_MINUTE
from oscar_engage.storefront.views_conversation import render_conversation

SHORTEST_WORDS, SHORTEST_LETTERS = 3, 12
"""What is written before anything is looked for: this many words, or letters."""

LONGEST_TYPED = 300
"""Characters of what is being written that are looked at; the end is what is meant now."""

_SETTLES: Mapping[str, Callable[..., Conversation]] = {"helped": helped, "refused": refused, "undo": take_back}


@private
@require_POST
def settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what the shopper says of the answer: ``said`` is ``helped``, ``refused`` or ``undo``."""
    act = _SETTLES.get(request.POST.get("said", ""))
    try:
        own = access_conversation_of_visitor(_visitor_id(request), public_id)
    except Conversation.DoesNotExist:
        return render_gone(request)
    if act is not None:
        _settle(request, own, act, now=timezone.now())
    if not is_fragment(request):
        return redirect(f"engage:{own.kind}-detail", public_id=own.public_id)
    own.refresh_from_db()
    return render_conversation(request, own)


def _settle(request: HttpRequest, own: Conversation, act: Callable[..., Conversation], *, now: datetime) -> None:
    try:
        act(own, now=now)
    except NotOpenError:
        return  # the page says what has become of it meanwhile
    answer = AutoAnswer.objects.get(conversation=own)
    if act is helped:
        record(request, "answers.self_resolved", **_named(answer))


def _named(answer: AutoAnswer) -> dict[str, str]:
    told = signal_of(answer)
    return {"article": told["article"], "fact": told["fact"]}


@private
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer with what is found for the words that are being written; nothing of them is kept. Empty: nothing is sure.

    202: a process that has just begun has not read what answers yet; asked again in a moment, it may have.
    """
    typed = request.GET.get("q", "").strip()[-LONGEST_TYPED:]
    if not _is_enough(typed) or not _is_allowed(request):
        return HttpResponse()
    found, is_read = _find(request, typed)
    if found is None:
        return HttpResponse(status=200 if is_read else 202)
    passages = [as_json(one.passage) for one in found.suggestion.found] if found.suggestion else []
    return render(request, "oscar_engage/storefront/suggestions.html", {"passages": passages, "fact": found.fact})


@private
@require_POST
def self_served(request: HttpRequest) -> HttpResponse:
    """Note that something found while writing answered it: nothing was asked, nothing is stored but that."""
    record(request, "answers.self_resolved", article=request.POST.get("article", "")[:64], fact="")
    return render_panel(request, "self_served", {"title": _("Glad that helped")})


def _find(request: HttpRequest, typed: str) -> tuple[Found | None, bool]:
    """Return what is found, and whether all that answers has been read: if not, nothing found says nothing yet."""
    about = about_of(request, path=request.GET.get("page_path", "")[:500], language=translation.get_language() or "")
    try:
        is_read = wait_until_read(about.language, now=timezone.now())
        return look_for(typed, about, now=timezone.now()), is_read
    except Exception:  # noqa: BLE001 - writing goes on without it
        note_fault("answers")
        return None, True


def _is_enough(typed: str) -> bool:
    return len(typed.split()) >= SHORTEST_WORDS or len(typed) >= SHORTEST_LETTERS


def _is_allowed(request: HttpRequest) -> bool:
    network = network_of(request, today=timezone.now().date())
    return network is None or SUGGESTIONS.allows(network, limit=SUGGESTIONS_PER_MINUTE, now=time.monotonic())


def _visitor_id(request: HttpRequest) -> uuid.UUID | None:
    visitor = recognise(request)
    return visitor.pk if visitor else None
