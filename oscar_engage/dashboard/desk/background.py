"""What should the agent know before the first word? The visit behind a conversation: journey, basket, what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from oscar_engage.dashboard.desk.journey import Step, read_journey
from oscar_engage.dashboard.desk.pages import is_safe_to_open
from oscar_engage.decisions.models import Decision
from oscar_engage.desk.acts.basket import basket_id_in
from oscar_engage.desk.models import Conversation
from oscar_engage.shop.facts import BasketLine, basket_lines
from oscar_engage.visitors.models import Visit

MOST_OFFERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is known beside the transcript; ``visit`` is ``None`` when the shopper agreed to nothing."""

    visit: Visit | None
    steps: Sequence[Step]
    basket: Sequence[BasketLine]
    offers: Sequence[Decision]
    page_path: str
    """Path of the page that the question is about, if an agent may as well open it; else an empty text."""


def read_background(conversation: Conversation) -> Background:
    """Return what is known about the visit in which the question was asked, with at most seven queries."""
    visits = Visit.objects.filter(visitor=conversation.visitor_id)
    visit = visits.filter(pk=conversation.visit_id).first() if conversation.visit_id else None
    return Background(
        visit=visit,
        steps=read_journey(visit.pk) if visit else (),
        basket=basket_lines(basket_id_in(conversation, visit)),
        offers=_offers(visit) if visit else (),
        page_path=conversation.page_path if is_safe_to_open(conversation.page_path) else "",
    )


def basket_of(conversation: Conversation) -> tuple[BasketLine, ...]:
    """Return the lines of the shopper's basket alone, with at most three queries."""
    visits = Visit.objects.filter(visitor=conversation.visitor_id)
    visit = visits.filter(pk=conversation.visit_id).first() if conversation.visit_id else None
    return basket_lines(basket_id_in(conversation, visit))


def _offers(visit: Visit) -> Sequence[Decision]:
    shown = visit.decisions.filter(offered_at__isnull=False).select_related("version__rule")
    return list(shown.order_by("-offered_at")[:MOST_OFFERS])
