"""What Oscar's own tables answer to a rule, and what it costs to ask."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test.factories import CountryFactory, UserAddressFactory, create_product

from oscar_engage.rules.answers import CustomerFacts, ProductFacts
from oscar_engage.rules.engine.values import Money
from oscar_engage.rules.ports import get_shop
from oscar_engage.shop.answers import OscarShop, _undone

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def variants(*stocks: int, price: str = "89.00") -> Any:
    """Return a product with a variant for each of these stocks; the second one is cheaper."""
    parent = create_product(structure="parent", product_class="Shoes", title="Boots")
    for number, stock in enumerate(stocks):
        create_product(
            parent=parent, structure="child", price=Decimal(price) - number, num_in_stock=stock, title=f"Size {number}"
        )
    return parent


def test_get_shop__by_default__is_oscar() -> None:
    assert isinstance(get_shop(), OscarShop)


@pytest.mark.parametrize("count", [1, 3])
def test_product__of_its_own__is_read_with_few_queries(count: int, django_assert_num_queries: Queries) -> None:
    products = [create_product(price=Decimal("10.00"), num_in_stock=4, product_class="Tents") for _ in range(count)]
    with django_assert_num_queries(4):  # product, stock, and a savepoint round them
        found = OscarShop().product(products[0].pk)

    assert found == ProductFacts(price=Money(Decimal("10.00"), "GBP"), stock=4, is_available=True, product_class="Tents")


@pytest.mark.parametrize("count", [1, 3])
def test_product__with_variants__is_read_with_the_same_queries(count: int, django_assert_num_queries: Queries) -> None:
    parent = variants(*range(count))
    with django_assert_num_queries(8):  # product, its stock, twice children and theirs, and a savepoint round them
        found = OscarShop().product(parent.pk)

    assert found is not None
    assert (found.stock, found.is_available, found.product_class) == (sum(range(count)), count > 1, "Shoes")


def test_product__variant__is_of_its_parents_class() -> None:
    child = variants(3).children.get()
    assert OscarShop().product(child.pk) == ProductFacts(
        price=Money(Decimal("89.00"), "GBP"), stock=3, is_available=True, product_class="Shoes"
    )


def test_product__allocated_to_orders__is_not_left() -> None:
    product = create_product(num_in_stock=5)
    product.stockrecords.update(num_allocated=4)
    found = OscarShop().product(product.pk)
    assert found is not None
    assert found.stock == 1


def test_product__never_priced_or_stocked__says_so() -> None:
    found = OscarShop().product(create_product(product_class="Gifts").pk)
    assert found == ProductFacts(price=None, stock=None, is_available=False, product_class="Gifts")


def test_product__no_stock_kept__has_none() -> None:
    product = create_product(num_in_stock=5)
    get_model("catalogue", "ProductClass").objects.update(track_stock=False)
    found = OscarShop().product(product.pk)
    assert found is not None
    assert (found.stock, found.is_available) == (None, True)


def test_product__gone__is_none() -> None:
    assert OscarShop().product(0) is None


@pytest.fixture
def boots() -> Any:
    """A category below another one, beside a third; with one product of one variant."""
    model = get_model("catalogue", "Category")
    clothing = model.add_root(name="Clothing")
    category = clothing.add_child(name="Boots")
    clothing.add_child(name="Hats")
    model.add_root(name="Tents")
    variants(3).categories.add(category)
    return category


@pytest.mark.parametrize("of", ["category", "product", "variant"])
def test_categories__of_a_page__are_its_own_and_all_above(of: str, boots: Any, django_assert_num_queries: Queries) -> None:
    parent = boots.product_set.get()
    asked: dict[str, Any] = {
        "category": {"category_ids": [boots.pk]},
        "product": {"product_ids": [parent.pk]},
        "variant": {"product_ids": [parent.children.get().pk]},
    }[of]
    with django_assert_num_queries(4):  # two, and a savepoint round them
        found = OscarShop().categories(**asked)

    assert [(one.name, one.path) for one in found] == [("Clothing", "Clothing"), ("Boots", "Clothing > Boots")]
    assert found[-1].category_id == boots.pk


def test_categories__of_nothing__ask_nothing(django_assert_num_queries: Queries) -> None:
    with django_assert_num_queries(0):
        assert OscarShop().categories() == ()


def test_categories__of_a_product_in_none__are_none() -> None:
    assert OscarShop().categories(product_ids=[create_product().pk]) == ()


@pytest.fixture
def ann() -> Any:
    return get_user_model().objects.create_user("ann", "ann@example.com")


def place(
    user: Any, number: int, *, total: str = "30.00", days: int = 1, status: str = "Shipped", currency: str = "GBP"
) -> Any:
    return get_model("order", "Order").objects.create(
        number=str(number),
        user=user,
        status=status,
        currency=currency,
        total_incl_tax=Decimal(total),
        total_excl_tax=Decimal(total),
        date_placed=timezone.now() - timedelta(days=days),
    )


@pytest.mark.parametrize("count", [1, 3])
def test_customer__however_much_they_ordered__is_one_query(ann: Any, count: int, django_assert_num_queries: Queries) -> None:
    orders = [place(ann, number, days=number + 1) for number in range(count)]
    place(get_user_model().objects.create_user("bob", "bob@example.com"), 99)
    with django_assert_num_queries(3):  # one, and a savepoint round it
        found = OscarShop().customer(ann.pk)

    assert found == CustomerFacts(
        orders=count,
        spent=Money(Decimal(30 * count), "GBP"),
        orders_in_currency=count,
        last_order_at=orders[0].date_placed,
        returns=0,
        open_orders=0,
    )


def test_customer__returned_and_open_orders__count_by_the_shops_words(ann: Any, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"RETURNED_STATUSES": ["Sent back"], "OPEN_STATUSES": ["Picking"]}
    kept = place(ann, 1, days=5, status="Picking")
    place(ann, 2, days=1, status="Sent back", total="500.00")
    place(ann, 3, days=9, status="Cancelled")  # a word that this shop does not use
    found = OscarShop().customer(ann.pk)

    assert (found.orders, found.spent, found.returns, found.open_orders) == (2, Money(Decimal(60), "GBP"), 1, 1)
    assert found.last_order_at == kept.date_placed


def test_customer__orders_in_two_currencies__spent_in_the_one_of_most(ann: Any) -> None:
    place(ann, 1, currency="EUR", total="900.00")
    place(ann, 2)
    place(ann, 3)
    found = OscarShop().customer(ann.pk)

    assert (found.orders, found.orders_in_currency, found.spent) == (3, 2, Money(Decimal(60), "GBP"))


def test_customer__no_order__spent_nothing_in_the_shops_currency(ann: Any) -> None:
    found = OscarShop().customer(ann.pk)
    assert (found.orders, found.last_order_at) == (0, None)
    assert found.spent == Money(Decimal("0.00"), django_settings.OSCAR_DEFAULT_CURRENCY)


def test_country__of_a_customer__is_that_of_the_default_address(ann: Any, django_assert_num_queries: Queries) -> None:
    ireland, britain = (CountryFactory(iso_3166_1_a2=code, printable_name=code) for code in ("IE", "GB"))
    UserAddressFactory(user=ann, country=britain, line1="1 High Street")
    UserAddressFactory(user=ann, country=ireland, line1="2 Main Street", is_default_for_shipping=True)
    with django_assert_num_queries(3):
        assert OscarShop().country(ann.pk) == "IE"


def test_country__no_address__is_empty(ann: Any) -> None:
    assert OscarShop().country(ann.pk) == ""


def test_query__refused_by_the_database__leaves_the_transaction_usable(ann: Any) -> None:
    with transaction.atomic():
        with pytest.raises(DatabaseError), _undone(get_model("order", "Order")), connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM nowhere")
        assert get_user_model().objects.filter(pk=ann.pk).exists()
