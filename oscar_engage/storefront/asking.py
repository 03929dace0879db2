"""Whom does a rule ask what the visit does not tell? The shop and the desk, about this visitor and this page."""

from datetime import datetime
from functools import partial

from oscar_engage.decisions.ports import get_availability
from oscar_engage.desk.availability import DeskAvailability
from oscar_engage.desk.earlier import count_questions
from oscar_engage.desk.expected import expected_of_new
from oscar_engage.desk.ratings.give import last_rating
from oscar_engage.desk.wait import steady
from oscar_engage.rules.answers import Answers, Ask, no_text, nothing, once
from oscar_engage.rules.ports import get_shop
from oscar_engage.surveys.answer import last_answer
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState


def build_answers(
    visitor: Visitor, state: VisitState, page: PageFacts, *, now: datetime, country: Ask[str] = no_text
) -> Answers:
    """Return whom to ask; nobody is asked before a rule wants to know.

    ``country`` is the shop's own answer for this request. Before it goes the country of the address in the checkout, after it
    that of the customer's own address.
    """
    shop, customer_id, basket = get_shop(), visitor.customer_id, state.basket
    things = _things(page)

    def tell_country() -> str:
        return state.country.code or country() or ("" if customer_id is None else shop.country(customer_id))

    return Answers(
        product=nothing if page.product_id is None else once(partial(shop.product, page.product_id), None),
        page_categories=once(partial(shop.categories, **things), None) if things else nothing,
        basket_categories=nothing
        if basket.basket_id is None
        else once(partial(shop.categories, product_ids=basket.products), None),
        customer=nothing if customer_id is None else once(partial(shop.customer, customer_id), None),
        questions=once(partial(count_questions, visitor.unit_id), None),
        country=once(tell_country, ""),
        expected_wait=once(partial(_expected_wait, page.language or state.arrival.language, now), None),
        last_rating=once(partial(last_rating, visitor.unit_id), None),
        survey_answer=once(partial(last_answer, visitor.pk, since=state.started_at), ""),
    )


def _expected_wait(language: str, now: datetime) -> int | None:
    """Return the minutes, or ``None``; a desk of the shop's own has a line that we do not know."""
    if not isinstance(get_availability(), DeskAvailability):
        return None
    seconds = expected_of_new(language=language, now=now)
    return None if seconds is None else steady(None, seconds)


def _things(page: PageFacts) -> dict[str, tuple[int]]:
    """Return whose categories the page's are: those of its product, or its own."""
    if page.product_id is not None:
        return {"product_ids": (page.product_id,)}
    return {} if page.category_id is None else {"category_ids": (page.category_id,)}
