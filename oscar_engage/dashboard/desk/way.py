"""Where does a conversation's form stand, and where does it lead back to? The desk with others beside, or its own page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from oscar_engage.desk.changes import MOST_CARDS
from oscar_engage.desk.models import Conversation

CONSOLE = "console"
"""Name of the field by which a form says that it stands at the desk, beside others; ``shown`` names these."""

NOTHING: Mapping[str, str] = {}


def is_at_desk(request: HttpRequest) -> bool:
    """Whether the form of ``request`` stands at the desk."""
    return CONSOLE in request.POST


def shown_beside(request: HttpRequest, public_id: str) -> list[str]:
    """Return the conversations that stand beside that one."""
    return [one for one in request.POST.getlist("shown") if one != public_id]


def way_back(request: HttpRequest, conversation: Conversation, told: Mapping[str, str] = NOTHING) -> str:
    """Return the address of where the form stood, with the conversation; ``told`` is what the page there is told."""
    public_id = conversation.public_id
    if not is_at_desk(request):
        return _with(reverse("engage_dashboard:engage-conversation", args=[public_id]), told)
    shown = [*shown_beside(request, public_id), public_id][-MOST_CARDS:]
    return _with(reverse("engage_dashboard:engage-desk"), {"open": shown, "focus": public_id, **told})


def way_on(request: HttpRequest, conversation: Conversation, told: Mapping[str, str] = NOTHING) -> str:
    """Return the address of where the form stood, where a conversation that was given away stands no more among the others."""
    if not is_at_desk(request):
        return way_back(request, conversation, told)
    beside = shown_beside(request, conversation.public_id)[:MOST_CARDS]
    about = {"of": conversation.public_id, **told} if told else {}
    return _with(reverse("engage_dashboard:engage-desk"), {**({"open": beside} if beside else {}), **about})


def back(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Lead to where the form stood: the desk with several conversations, or the page of this one."""
    return redirect(way_back(request, conversation))


def back_to_desk(request: HttpRequest, *, without: str) -> HttpResponse:
    """Lead to the desk with what stood there before, but for one conversation."""
    shown = shown_beside(request, without)[:MOST_CARDS]
    return redirect(_with(reverse("engage_dashboard:engage-desk"), {"open": shown} if shown else {}))


def ids_of(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """Return what makes a form's ids those of the page it stands on."""
    return {"auto_id": f"id_%s{suffix_of(request, conversation)}", "initial": {"seen": conversation.last_seq}}


def suffix_of(request: HttpRequest, conversation: Conversation) -> str:
    """Return what tells the ids of this conversation from those of the others on the desk; on its own page nothing."""
    return f"-{conversation.public_id}" if is_at_desk(request) else ""


def _with(address: str, told: Mapping[str, Any]) -> str:
    return f"{address}?{urlencode(told, doseq=True)}" if told else address
