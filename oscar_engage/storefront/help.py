"""What can a shopper do now? Leave a note, chat if an agent is free, be called, see what was asked before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from oscar_engage.decisions.ports import get_availability
from oscar_engage.desk.calls.offered import is_offered
from oscar_engage.desk.dialer.answer import is_invited
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.promises.choose import choose_terms
from oscar_engage.desk.waiting import waiting_for
from oscar_engage.modules import has_feature, is_there
from oscar_engage.rules.engine.walk import Read
from oscar_engage.storefront.asker import current_visit
from oscar_engage.storefront.promise import telling
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpFacts:
    """What the help page says."""

    has_free_agent: bool
    promised_at: datetime
    """When a note left now is answered, at the latest: by the policy for this visitor on this page."""
    is_today: bool
    """Whether that is today, by the shop's clock."""
    unread: int
    """Answers that the shopper has not read."""
    open_chat: str
    """Public id of the chat that is going on, or an empty text."""
    has_calls: bool
    """Whether a call can be asked for from this page."""


def get_help(
    visitor: Visitor | None,
    *,
    page_path: str = "",
    decision: str = "",
    now: datetime,
) -> HelpFacts:
    """Return what can be offered to this visitor at ``now``, for a question about the page at ``page_path``.

    ``decision`` is the invitation that led here, as the browser says: while a place is kept by it, somebody is there.
    """
    waiting = waiting_for(visitor.pk) if visitor else []
    chats = [thing.public_id for thing in waiting if thing.kind == "chat"]
    promised_at = _promise(visitor, page_path, now)
    has_free_agent = _is_invited(visitor, decision, now) or get_availability().free_agents(now=now) > 0
    return HelpFacts(
        has_free_agent=has_free_agent,
        promised_at=promised_at,
        is_today=timezone.localdate(promised_at) == timezone.localdate(now),
        unread=sum(thing.kind == "answer" for thing in waiting),
        open_chat=chats[0] if chats else "",
        has_calls=is_offered(page_path, now=now),
    )


def steps_here(facts: HelpFacts, *, has_articles: bool) -> frozenset[Step]:
    """Return the steps of the ladder that exist at this moment; ``has_articles``: there is something to read."""
    there = {
        Step.NOTE: True,
        Step.ARTICLE: has_articles,
        Step.CHAT: facts.has_free_agent or bool(facts.open_chat),
        Step.CALL: facts.has_calls,
        Step.PAGE: has_feature("shared_page"),
        Step.VOICE: has_feature("voices") and facts.has_free_agent,
    }
    return frozenset(step for step, is_here in there.items() if is_here and is_there("steps", step))


def _is_invited(visitor: Visitor | None, decision: str, now: datetime) -> bool:
    return visitor is not None and bool(decision) and is_invited(visitor.pk, decision, now=now)


def _promise(visitor: Visitor | None, page_path: str, now: datetime) -> datetime:
    """Return what asking now would promise; who is unknown to us becomes such a visitor by asking."""
    known = visitor or Visitor(consent=ConsentLevel.FUNCTIONAL)

    def tell(fields: Collection[str]) -> Read:
        visit_id = current_visit(known, now) if visitor else None
        return telling(known, visit_id, page_path=page_path, now=now)(fields)

    return choose_terms(tell).answer_by(now)
