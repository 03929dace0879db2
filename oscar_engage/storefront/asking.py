"""Whom does a rule ask what the visit does not tell? The shop and the desk, about this visitor and this page."""

from functools import partial

from oscar_engage.desk.earlier import count_questions
from oscar_engage.rules.answers import Answers, Ask, no_text, nothing, once
from oscar_engage.rules.ports import get_shop
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState


def build_answers(visitor: Visitor, state: VisitState, page: PageFacts, *, country: Ask[str] = no_text) -> Answers:
    """Return whom to ask; nobody is asked before a rule wants to know.

    ``country`` is the shop's own answer for this request. Before it goes the country of the address in the checkout, after it
    that of the customer's own address.
    """
    shop, customer_id = get_shop(), visitor.customer_id
    categories = [page.category_id] if page.category_id is not None else []
    products = [page.product_id] if page.product_id is not None else []

    def tell_country() -> str:
        return state.country.code or country() or (shop.country(customer_id) if customer_id is not None else "")

    return Answers(
        product=once(partial(shop.product, page.product_id), None) if page.product_id is not None else nothing,
        page_categories=once(partial(shop.categories, category_ids=categories, product_ids=products), ()),
        basket_categories=once(partial(shop.categories, product_ids=state.basket.products), ()),
        customer=once(partial(shop.customer, customer_id), None) if customer_id is not None else nothing,
        questions=once(partial(count_questions, visitor.unit_id), None),
        country=once(tell_country, ""),
    )
