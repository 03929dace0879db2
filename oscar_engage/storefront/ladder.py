"""Which steps of the ladder are offered to this visitor now? What is there, what was tried, and what they chose last."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from oscar_engage.desk.earlier import last_kind
from oscar_engage.desk.ladder import choose
from oscar_engage.desk.ladder.choose import choose_steps
from oscar_engage.desk.ladder.steps import Asker, Step
from oscar_engage.rules.engine.walk import Read
from oscar_engage.storefront.asker import current_visit
from oscar_engage.storefront.promise import telling
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.stored import read_state


def offered_steps(
    visitor: Visitor | None, *, here: frozenset[Step], page_path: str = "", topic: str = "", now: datetime
) -> tuple[Step, ...]:
    """Return which of the steps ``here`` are offered, the first to be tried first; three queries for a known visitor.

    ``topic`` is the short name of what it is about, where that is known.
    """
    known = visitor or Visitor(consent=ConsentLevel.FUNCTIONAL)
    visit_id = current_visit(known, now) if visitor else None
    asker = Asker(here=here, tried=_tried(visit_id), topic=topic, preferred=_preferred(visitor, here))
    return choose_steps(asker, telling(known, visit_id, page_path=page_path, now=now))


def is_answered_first(visitor: Visitor | None, *, before: Step = Step.NOTE, page_path: str = "", now: datetime) -> bool:
    """Whether the ladder has an automatic answer ``before`` that step for this visitor; one query, more for conditions."""
    known = visitor or Visitor(consent=ConsentLevel.FUNCTIONAL)

    def tell(fields: Collection[str]) -> Read:
        visit_id = current_visit(known, now) if visitor else None
        return telling(known, visit_id, page_path=page_path, now=now)(fields)

    return choose.is_answered_first(tell, before=before)


def _tried(visit_id: UUID | None) -> frozenset[Step]:
    """Return what did not help in this visit, by the shopper's own word."""
    visit = Visit.objects.filter(pk=visit_id).first() if visit_id else None
    return frozenset({Step.ARTICLE}) if visit and read_state(visit).help.not_helpful else frozenset()


def _preferred(visitor: Visitor | None, here: frozenset[Step]) -> Step | None:
    """Return in which way the visitor asked the last time, if that is a way they have now."""
    if visitor is None:
        return None
    latest = last_kind(visitor.pk)
    return next((step for step in here if step == latest), None)
