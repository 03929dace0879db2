"""A shop that knows something about everything: an implementation of ``rules.ports.Shop`` for tests that only read it."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from oscar_engage.rules.answers import Answers, CategoryFacts, CustomerFacts, ProductFacts, QuestionFacts
from oscar_engage.rules.engine.values import Money

BOOTS = (
    CategoryFacts(category_id=1, name="Clothing", path="Clothing"),
    CategoryFacts(category_id=3, name="Boots", path="Clothing > Boots"),
)
PRODUCT = ProductFacts(price=Money(Decimal("89.00"), "GBP"), stock=4, is_available=True, product_class="Shoes")
CUSTOMER = CustomerFacts(
    orders=4,
    spent=Money(Decimal("100.00"), "GBP"),
    orders_in_currency=3,
    last_order_at=datetime(2026, 2, 20, 12, tzinfo=UTC),
    returns=1,
    open_orders=1,
)


class KnownShop:
    def product(self, product_id: int) -> ProductFacts:
        return PRODUCT

    def categories(self, *, category_ids: Collection[int] = (), product_ids: Collection[int] = ()) -> tuple[CategoryFacts, ...]:
        return BOOTS

    def categories_of(self, product_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        return {product_id: frozenset({1, 3}) for product_id in product_ids}

    def customer(self, customer_id: int) -> CustomerFacts:
        return CUSTOMER

    def country(self, customer_id: int) -> str:
        return "GB"


def all_answers() -> Answers:
    return Answers(
        product=lambda: PRODUCT,
        page_categories=lambda: BOOTS,
        basket_categories=lambda: BOOTS[:1],
        customer=lambda: CUSTOMER,
        questions=lambda: QuestionFacts(asked=3, open=1),
        country=lambda: "GB",
        expected_wait=lambda: 4,
        last_rating=lambda: 2,
        survey_answer=lambda: "stopped:price",
    )
