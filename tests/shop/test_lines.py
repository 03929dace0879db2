"""Is a line what it was when it was put in? As the shop's own strategy prices it, with and without tax."""

from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_class, get_model
from oscar.test.factories import BasketFactory, create_product

from oscar_engage.shop.lines import check_lines

pytestmark = pytest.mark.django_db


def fill(strategy: str, price: str = "10.00") -> Any:
    basket = BasketFactory()
    basket.strategy = get_class("partner.strategy", strategy)()
    basket.add_product(create_product(num_in_stock=5, price=Decimal(price)))
    return basket


def look(basket: Any, strategy: str) -> dict[str, Any]:
    """Return what a later request finds."""
    again = get_model("basket", "Basket").objects.get(pk=basket.pk)
    again.strategy = get_class("partner.strategy", strategy)()
    return check_lines(again.all_lines())


@pytest.mark.parametrize("price", ["10.00", "10.005", "3.33", "9.9875"])
@pytest.mark.parametrize("strategy", ["Default", "UK", "US"])
def test_line__priced_as_before__did_not_move(strategy: str, price: str) -> None:
    """The UK strategy has four decimals, the line two."""
    assert look(fill(strategy, price), strategy) == {"prices": (), "shortages": ()}


@pytest.mark.parametrize(("strategy", "before", "now"), [("Default", 10.0, 12.0), ("UK", 12.0, 14.4), ("US", 10.0, 12.0)])
def test_line__dearer__is_compared_with_tax_where_it_is_known(strategy: str, before: float, now: float) -> None:
    basket = fill(strategy)
    get_model("partner", "StockRecord").objects.update(price=12)

    ((_, product_id, *moved),) = look(basket, strategy)["prices"]

    assert moved == [before, now, "GBP"]
    assert product_id == get_model("catalogue", "Product").objects.get().pk


def test_line__without_a_price_of_then__tells_nothing() -> None:
    basket = fill("Default")
    get_model("basket", "Line").objects.update(price_incl_tax=None, price_excl_tax=None)
    get_model("partner", "StockRecord").objects.update(price=12)

    assert look(basket, "Default")["prices"] == ()
