"""What can others be asked when a rule wants to know it? The shop's facts and the desk's, each asked at most once a moment."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar

from oscar_engage.rules.engine.values import Money
from oscar_engage.statements.alone import undone_alone

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Ask: TypeAlias = Callable[[], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A product as anybody sees it who is not logged in; of one with variants the lowest price and all pieces together."""

    price: Money | None
    """With tax where it is known; ``None`` where the product has no price."""

    stock: int | None
    """Pieces left; ``None`` where the shop keeps no stock of it."""

    is_available: bool
    product_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFacts:
    """A category: its id, its name, and the names from the root to it, as in ``Clothing > Boots``."""

    category_id: int
    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """A customer's orders. Those that came back or were cancelled (``RETURNED_STATUSES``) count as returns and nowhere else."""

    orders: int
    spent: Money
    """In the currency of most of the orders; without any, zero in the shop's own."""

    orders_in_currency: int
    """How many of the orders are in it."""

    last_order_at: datetime | None
    returns: int
    open_orders: int


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What this person has asked us so far, on any device: how many conversations, and how many are not closed yet."""

    asked: int
    open: int


def nothing() -> None:
    """Answer that nobody knows."""
    return


def no_text() -> str:
    """Answer that nobody knows, where a text is asked for."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Whom to ask of the product in view, of the categories above it and above what is in the basket, and so on.

    The answer is ``None``, or an empty text, where that is not known. Each costs a query or more, and only where a rule
    asks: give each through :func:`once`.
    """

    product: Ask[ProductFacts | None] = nothing
    page_categories: Ask[tuple[CategoryFacts, ...] | None] = nothing
    basket_categories: Ask[tuple[CategoryFacts, ...] | None] = nothing
    customer: Ask[CustomerFacts | None] = nothing
    questions: Ask[QuestionFacts | None] = nothing
    country: Ask[str] = no_text
    expected_wait: Ask[int | None] = nothing
    """Minutes until somebody would come to a chat begun now."""

    last_rating: Ask[int | None] = nothing
    """From 1 to 5, how helpful the person found the last conversation that they rated."""

    survey_answer: Ask[str] = no_text
    """What the visitor answered to the last survey of this visit, as ``survey:answer``."""


UNASKED = Answers()
"""Nobody is asked and nothing known."""


def once(ask: Ask[Answer], otherwise: Answer) -> Ask[Answer]:
    """Return ``ask`` asked at most once, whatever comes of it; what it raises is logged, and ``otherwise`` the answer.

    A query of it that fails is undone by itself: the beat's transaction goes on.
    """
    given: list[Answer] = []

    def answer() -> Answer:
        if not given:
            given.append(_ask(ask, otherwise))
        return given[0]

    return answer


def once_each(ask: Callable[..., Answer], otherwise: Answer) -> Callable[..., Answer]:
    """Return the same of an ``ask`` that takes keywords: asked at most once for each of their values."""
    given: dict[frozenset[tuple[str, object]], Ask[Answer]] = {}

    def answer(**asked: object) -> Answer:
        key = frozenset(asked.items())
        if key not in given:
            given[key] = once(partial(ask, **asked), otherwise)
        return given[key]()

    return answer


def _ask(ask: Ask[Answer], otherwise: Answer) -> Answer:
    try:
        with undone_alone():
            return ask()
    except Exception:
        logger.warning("%s could not answer.", ask, exc_info=True)
        return otherwise
