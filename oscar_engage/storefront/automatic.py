"""What does the receipt of a note offer at once? The answer found for it, for whoever looks at it now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import Resolver404, resolve
from django.utils import translation

from oscar_engage.answers.facts import About, Fact
from oscar_engage.answers.sources import SOURCES
from oscar_engage.conf import get_settings
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.answering.offer import fact_of, find_offered, offer
from oscar_engage.desk.answering.settle import can_take_back, is_open, title_of
from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.signals import record
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.ladder import is_answered_first
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.visitors.models import Visitor

SCRIPT = "oscar_engage/dist/suggest.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What stands in the panel: passages or a fact to say yes or no to, or that it helped and can be taken back."""

    passages: list[dict[str, str]]
    fact: Fact | None
    is_open: bool
    is_solved: bool
    can_take_back: bool
    title: str


def find_script() -> str:
    """Return the address of the script that suggests while one writes; empty where nothing could be found: it stays away."""
    return static(SCRIPT) if len(SOURCES) or get_settings().returns_text else ""


def about_of(request: HttpRequest, *, path: str, language: str = "") -> About:
    """Return where and by whom it is asked in ``request``; a customer counts only while logged in."""
    user = getattr(request, "user", None)
    customer_id = user.pk if user is not None and user.is_authenticated else None
    return About(product_id=_product_at(path), language=language or translation.get_language() or "", customer_id=customer_id)


def _product_at(path: str) -> int | None:
    try:
        return get_page_facts(resolve(urlsplit(path).path)).product_id
    except (Resolver404, ValueError):
        return None


def answer_at_once(request: HttpRequest, conversation: Conversation, visitor: Visitor | None, *, now: datetime) -> None:
    """Look for what answers a note that was just sent, where the ladder has that before a note. Never raises: it was sent."""
    if conversation.kind != ConversationKind.NOTE:
        return
    try:
        with transaction.atomic(using=get_settings().database):
            if is_answered_first(visitor, page_path=conversation.page_path, now=now):
                _look(request, conversation, now)
    except Exception:  # noqa: BLE001 - the note is there; only what might have answered it is not
        note_fault("answers")


def _look(request: HttpRequest, conversation: Conversation, now: datetime) -> None:
    about = about_of(request, path=conversation.page_path, language=conversation.language)
    answer = offer(conversation, about, now=now)
    if answer is not None and answer.outcome == AnswerOutcome.SHOWN and answer.offered_at == now:
        record(request, "answers.found", **signal_of(answer))


def offered_for(request: HttpRequest, conversation: Conversation, *, now: datetime) -> Offered | None:
    """Return what is offered for ``conversation``, ``None`` for nothing. Never raises: the receipt shows without it."""
    if conversation.kind != ConversationKind.NOTE:
        return None
    try:
        with transaction.atomic(using=get_settings().database):
            return _read(request, conversation, now)
    except Exception:  # noqa: BLE001 - the note is there; only what might have answered it is not
        note_fault("answers")
        return None


def _read(request: HttpRequest, conversation: Conversation, now: datetime) -> Offered | None:
    answer = find_offered(conversation)
    if answer is None or answer.outcome == AnswerOutcome.NONE:
        return None
    fact = fact_of(answer, about_of(request, path=conversation.page_path, language=conversation.language))
    offered = Offered(
        passages=answer.passages,
        fact=fact,
        is_open=is_open(conversation, answer) and bool(answer.passages or fact),
        is_solved=answer.outcome == AnswerOutcome.HELPED,
        can_take_back=can_take_back(conversation, answer, now=now),
        title=title_of(answer),
    )
    return offered if offered.is_open or offered.is_solved else None


def signal_of(answer: AutoAnswer) -> dict[str, Any]:
    """Return what a signal tells of ``answer``: never the question."""
    article = answer.passages[0]["article"] if answer.passages else ""
    return {"article": article[:64], "fact": answer.intent, "results": len(answer.passages)}
