"""Do the shop's facts arrive in one query each?"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from oscar.test.factories import BasketFactory, create_product

from oscar_engage.shop.facts import basket_lines, product_titles

pytestmark = pytest.mark.django_db


def test_product_titles__child_without_a_title__has_its_parents(django_assert_num_queries: Callable[[int], Any]) -> None:
    parent = create_product(structure="parent", title="Coat")
    child = create_product(structure="child", parent=parent, title="")
    alone = create_product(title="Boots")
    with django_assert_num_queries(1):
        titles = product_titles([child.pk, alone.pk, 999_999])
    assert titles == {child.pk: "Coat", alone.pk: "Boots"}


def test_product_titles__no_ids__asks_nothing(django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(0):
        assert product_titles([]) == {}


def test_basket_lines__two_pieces__are_multiplied(django_assert_num_queries: Callable[[int], Any]) -> None:
    basket = BasketFactory()
    product = create_product(title="Boots", price=Decimal("12.50"), num_in_stock=9)
    basket.add_product(product, quantity=2)
    with django_assert_num_queries(1):
        (line,) = basket_lines(basket.pk)
    assert (line.title, line.quantity, line.total) == ("Boots", 2, Decimal("25.00"))


def test_basket_lines__no_basket__is_empty() -> None:
    assert basket_lines(None) == ()
