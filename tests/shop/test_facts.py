"""Do the shop's facts arrive in one query each?"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.test.factories import BasketFactory, create_product

from oscar_engage.shop.facts import Thing, basket_lines, category_things, product_things

pytestmark = pytest.mark.django_db


def test_product_things__child_without_a_title__has_its_parents(django_assert_num_queries: Callable[[int], Any]) -> None:
    parent = create_product(structure="parent", title="Coat")
    child = create_product(structure="child", parent=parent, title="")
    alone = create_product(title="Boots")
    with django_assert_num_queries(1):
        things = product_things([child.pk, alone.pk, 999_999])
    assert {pk: thing.title for pk, thing in things.items()} == {child.pk: "Coat", alone.pk: "Boots"}
    assert things[alone.pk].path == f"/catalogue/boots_{alone.pk}/"


def test_product_things__nothing_that_shoppers_find__has_no_path() -> None:
    hidden, nameless = create_product(title="Boots", is_public=False), create_product(title="Coat")
    type(nameless).objects.filter(pk=nameless.pk).update(slug="no slug!")
    assert {thing.path for thing in product_things([hidden.pk, nameless.pk]).values()} == {""}


def test_category_things__any_depth__one_query_and_a_path_that_leads_there(
    client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    leaf = create_from_breadcrumbs("Camping > Tents")
    hidden = create_from_breadcrumbs("Hidden")
    type(hidden).objects.filter(pk=hidden.pk).update(is_public=False)
    with django_assert_num_queries(1):
        things = category_things([leaf.pk, hidden.pk, 999_999])
    assert set(things) == {leaf.pk, hidden.pk}
    assert (things[leaf.pk].title, things[hidden.pk].path) == ("Tents", "")
    assert client.get(things[leaf.pk].path).url == leaf.get_absolute_url()


def test_category_things__no_slug__has_no_path() -> None:
    category = create_from_breadcrumbs("Tents")
    type(category).objects.filter(pk=category.pk).update(slug="")
    assert category_things([category.pk])[category.pk].path == ""


@pytest.mark.parametrize("read", [product_things, category_things])
def test_things__no_ids__asks_nothing(
    read: Callable[[list[int]], dict[int, Thing]], django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(0):
        assert read([]) == {}


def test_basket_lines__two_pieces__are_multiplied(django_assert_num_queries: Callable[[int], Any]) -> None:
    basket = BasketFactory()
    product = create_product(title="Boots", price=Decimal("12.50"), num_in_stock=9)
    basket.add_product(product, quantity=2)
    with django_assert_num_queries(1):
        (line,) = basket_lines(basket.pk)
    assert (line.title, line.quantity, line.total) == ("Boots", 2, Decimal("25.00"))


def test_basket_lines__no_basket__is_empty() -> None:
    assert basket_lines(None) == ()
