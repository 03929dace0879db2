"""What should the agent know before the first word? The visit behind a conversation: journey, basket, what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oscar_engage.dashboard.desk.words import describe, product_ids
from oscar_engage.decisions.models import Decision
from oscar_engage.desk.models import Conversation
from oscar_engage.shop.facts import BasketLine, basket_lines, product_titles
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit, VisitorBasket

MOST_STEPS = 50
"""Steps of the journey shown, the newest first."""

MOST_OFFERS = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in the visit."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is known beside the transcript; ``visit`` is ``None`` when the shopper agreed to nothing."""

    visit: Visit | None
    steps: Sequence[Step]
    basket: Sequence[BasketLine]
    offers: Sequence[Decision]


def read_background(conversation: Conversation) -> Background:
    """Return what is known about the visit in which the question was asked, with at most six queries."""
    visits = Visit.objects.filter(visitor=conversation.visitor_id)
    visit = visits.filter(pk=conversation.visit_id).first() if conversation.visit_id else None
    return Background(
        visit=visit,
        steps=_journey(visit) if visit else (),
        basket=basket_lines(_basket_id(conversation, visit)),
        offers=_offers(visit) if visit else (),
    )


def _journey(visit: Visit) -> Sequence[Step]:
    records = list(SignalRecord.objects.filter(visit_id=visit.pk).order_by("-at", "-pk")[:MOST_STEPS])
    titles = product_titles(product_ids(record.payload for record in records))
    return [Step(record.at, describe(record.kind, record.payload, titles)) for record in records]


def _basket_id(conversation: Conversation, visit: Visit | None) -> int | None:
    measured: dict[str, Any] = (visit.state.get("basket") or {}) if visit else {}
    if measured.get("basket_id") is not None:
        return int(measured["basket_id"])
    seen = VisitorBasket.objects.filter(visitor=conversation.visitor_id).order_by("-seen_at")
    return seen.values_list("basket_id", flat=True).first()


def _offers(visit: Visit) -> Sequence[Decision]:
    shown = visit.decisions.filter(offered_at__isnull=False).select_related("version__rule")
    return list(shown.order_by("-offered_at")[:MOST_OFFERS])
