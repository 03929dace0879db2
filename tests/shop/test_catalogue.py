"""Which categories is a product in? Oscar's tree, asked seldom."""

from collections.abc import Callable
from typing import Any

import pytest
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model
from oscar.test.factories import create_product

from oscar_engage.shop import catalogue
from oscar_engage.shop.catalogue import FRESH_FOR, ShopCatalogue
from oscar_engage.signals.counters import snapshot

pytestmark = pytest.mark.django_db


class Clock:
    now = 1.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(clock: Clock) -> ShopCatalogue:
    return ShopCatalogue(clock=clock)


def test_categories_of__product_deep_in_the_tree__is_in_all_above(
    shop: ShopCatalogue, django_assert_num_queries: Callable[[int], Any]
) -> None:
    boots = create_from_breadcrumbs("Clothes > Shoes > Boots")
    shoes, clothes = boots.get_parent(), boots.get_parent().get_parent()
    parent, alone = create_product(structure="parent", title="Boot"), create_product(title="Tent")
    child = create_product(structure="child", parent=parent, title="Boot 42")
    parent.categories.add(boots)

    with django_assert_num_queries(7):  # the tree, the products and their categories; and two savepoints around them
        found = shop.categories_of([parent.pk, child.pk, alone.pk, 999_999])

    above = frozenset({boots.pk, shoes.pk, clothes.pk})
    assert found == {parent.pk: above, child.pk: above, alone.pk: frozenset(), 999_999: frozenset()}
    with django_assert_num_queries(0):
        assert shop.categories_of([child.pk]) == {child.pk: above}


def test_categories_of__after_a_while__is_read_anew(shop: ShopCatalogue, clock: Clock) -> None:
    product, boots = create_product(), create_from_breadcrumbs("Boots")
    assert shop.categories_of([product.pk]) == {product.pk: frozenset()}
    product.categories.add(boots)
    assert shop.categories_of([product.pk]) == {product.pk: frozenset()}
    clock.now += FRESH_FOR
    assert shop.categories_of([product.pk]) == {product.pk: {boots.pk}}


def test_categories_of__more_products_than_are_kept__forgets_and_goes_on(
    shop: ShopCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_PRODUCTS", 2)
    products = [create_product().pk for _number in range(3)]
    for pk in products:
        assert shop.categories_of([pk]) == {pk: frozenset()}
    assert len(shop._products) == 1


def test_catalogue__database_fails__knows_nothing_and_is_counted(shop: ShopCatalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    product, before = create_product(), snapshot().get("fault:look", 0)
    for name in ("Category", "Product"):
        monkeypatch.setattr(get_model("catalogue", name)._meta, "db_table", "no_such_table")
    assert shop.categories_of([product.pk]) == {}
    monkeypatch.undo()
    assert snapshot()["fault:look"] == before + 2
    assert type(product).objects.filter(pk=product.pk).exists()  # the transaction goes on
