"""Do facts and suggestions say what the shop's tables say now, with a fixed number of queries?"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model
from oscar.test.factories import CategoryFactory, ProductFactory, create_product

from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.filling import fill_engagement
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.scene import Scene
from tests.rules.moments import make_basket
from tests.widgets.scenes import make_scene

pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], Any]


def read(content: str, scene: Scene, **settings: Any) -> Any:
    return CONTENTS.get(content).read(settings, scene)


def sell(title: str = "Boots", *, stock: int = 20, price: str = "10.00", **fields: Any) -> Any:
    return create_product(title=title, price=Decimal(price), num_in_stock=stock, **fields)


def sell_variants(*stocks: int, upc: str = "b") -> Any:
    parent = ProductFactory(structure="parent", title="Boots", stockrecords=[])
    for size, stock in enumerate(stocks, start=41):
        create_product(
            title=str(size), price=Decimal(10), num_in_stock=stock, structure="child", parent=parent, upc=f"{upc}-{size}"
        )
    return parent


# Facts


def test_facts__product__stock_delivery_and_returns() -> None:
    product = sell(stock=3)

    facts = read("product_facts", make_scene(product_id=product.pk), delivery="tomorrow", returns="free")

    assert facts == {"variants": [], "stock": "only 3 left", "delivery": "tomorrow", "returns": "free"}


def test_facts__delivery_not_written__what_the_shop_says(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "DELIVERY": "tests.widgets.test_filling.arrives"}
    product = sell()

    assert read("product_facts", make_scene(product_id=product.pk))["delivery"] == f"tomorrow ({product.pk})"


def test_facts__variants__each_with_its_own_stock() -> None:
    parent = sell_variants(0, 2, 50)

    facts = read("product_facts", make_scene(product_id=parent.pk))

    assert facts["variants"] == [("41", "out of stock"), ("42", "only 2 left"), ("43", "in stock")]
    assert facts["stock"] == ""


@pytest.mark.parametrize("stocks", [(1,), (1, 2, 3)])
def test_facts__one_variant_or_three__same_queries(stocks: tuple[int, ...], django_assert_num_queries: CountQueries) -> None:
    parent = sell_variants(*stocks)

    with django_assert_num_queries(5):
        read("product_facts", make_scene(product_id=parent.pk))


def test_facts__more_variants_than_a_balloon_holds__says_how_many_can_be_had() -> None:
    facts = read("product_facts", make_scene(product_id=sell_variants(*[1] * 7, 0, 0).pk))

    assert (facts["variants"], facts["stock"]) == ([], "7 of 9 variants in stock")


def test_facts__nothing_to_say__no_offer() -> None:
    parent = ProductFactory(structure="parent", title="Boots", stockrecords=[])

    assert read("product_facts", make_scene(product_id=parent.pk)) is None


def test_facts__no_product_in_view_or_not_public__nothing() -> None:
    hidden = sell()
    type(hidden).objects.filter(pk=hidden.pk).update(is_public=False)

    assert read("product_facts", make_scene()) is None
    assert read("product_facts", make_scene(product_id=hidden.pk)) is None


def test_facts__in_an_offer__stand_below_the_words() -> None:
    product = sell(stock=1)
    shown = Engagement(slug="x", widget="balloon", title="Boots", content="product_facts", settings={"returns": "<b>free</b>"})

    filled = fill_engagement(shown, make_scene(product_id=product.pk))

    assert filled is not None
    assert filled.facts["stock"] == "only 1 left"


# Suggestions


def titles(scene: Scene) -> list[str]:
    found = read("suggestions", scene)
    return [product["title"] for product in found["products"]] if found else []


def test_suggestions__recommended__come_first_in_their_order_and_no_more_than_three() -> None:
    product = sell()
    for ranking, title in enumerate(("Socks", "Wax", "Laces", "Gaiters")):
        recommend(product, sell(title), ranking)

    assert titles(make_scene(product_id=product.pk)) == ["Gaiters", "Laces", "Wax"]


def recommend(product: Any, other: Any, ranking: int = 0) -> None:
    get_model("catalogue", "ProductRecommendation").objects.create(primary=product, recommendation=other, ranking=ranking)


def test_suggestions__sold_out_in_the_basket_or_in_view__never() -> None:
    product, gone, held, good = sell(), sell("Gone", stock=0), sell("Held"), sell("Good")
    for other in (product, gone, held, good):
        recommend(product, other)

    assert titles(make_scene(product_id=product.pk, basket=make_basket(products=(held.pk,)))) == ["Good"]


def test_suggestions__variant_in_the_basket__not_its_product_again() -> None:
    product, parent = sell(), sell_variants(5)
    recommend(product, parent)
    held = parent.children.get().pk

    assert titles(make_scene(product_id=product.pk, basket=make_basket(products=(held,)))) == []


def test_suggestions__nothing_recommended__others_of_the_category() -> None:
    product, other, stranger = sell(), sell("Other boots"), sell("Kettle")
    boots, kitchen = CategoryFactory(name="Boots"), CategoryFactory(name="Kitchen")
    for thing, category in ((product, boots), (other, boots), (stranger, kitchen)):
        thing.categories.add(category)

    assert titles(make_scene(product_id=product.pk)) == ["Other boots"]


def test_suggestions__page_without_a_product__go_with_the_basket() -> None:
    product, other = sell(), sell("Socks")
    recommend(product, other)

    assert titles(make_scene(basket=make_basket(products=(product.pk,)))) == ["Socks"]
    assert read("suggestions", make_scene()) is None


def test_suggestions__product__with_price_and_page() -> None:
    product, other = sell(), sell("Socks", price="9.50")
    recommend(product, other)

    [shown] = read("suggestions", make_scene(product_id=product.pk))["products"]

    assert shown == {"title": "Socks", "price": "£9.50", "path": other.get_absolute_url()}


@pytest.mark.parametrize("number", [1, 3])
def test_suggestions__one_or_three__same_queries(number: int, django_assert_num_queries: CountQueries) -> None:
    product = sell()
    for turn in range(number):
        recommend(product, sell_variants(1, 2, upc=f"b{turn}"))

    with django_assert_num_queries(QUERIES[number]):
        assert len(titles(make_scene(product_id=product.pk))) == number


QUERIES = {1: 7, 3: 6}
"""Those of the category are asked for only where fewer than three are recommended."""
