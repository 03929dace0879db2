"""Does an engagement say what is so of this shopper and this page, or nothing at all?"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from oscar_engage.decisions.models import Decision
from oscar_engage.rules.answers import Answers, ProductFacts
from oscar_engage.rules.engine.values import Money
from oscar_engage.visitors.state import Search
from oscar_engage.widgets.contents.base import Content, Settings
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.filling import Offerable, fill_engagement, fill_example
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.placeholders import PLACEHOLDERS, Placeholder, example_values, names_for, placeholder
from oscar_engage.widgets.render import render_offer
from oscar_engage.widgets.scene import Scene, scene_of_nobody
from tests.attacks.payloads import XSS, outline_of
from tests.rules.moments import NOW, make_basket
from tests.widgets.scenes import make_scene

pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], Any]
BOOTS = ProductFacts(price=Money(Decimal("89.00"), "GBP"), stock=3, is_available=True, product_class="Shoes")


def engagement(title: str = "Help", **fields: Any) -> Engagement:
    return Engagement(**{"slug": "help", "widget": "balloon", "title": title, **fields})


def said(title: str, scene: Scene) -> str | None:
    filled = fill_engagement(engagement(title), scene)
    return filled and filled.words.title


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("{{ product.price }}, {{ product.stock }}", "en", "£89.00, only 3 left"),
        ("{{ basket.total }} for {{ basket.pieces }}", "en", "£60.50 for 3"),
        ("{{ basket.missing }} to free delivery", "en", "£14.50 to free delivery"),
        ("{{ basket.missing }}", "de", "14,50\xa0£"),
        ("Looking for {{ visit.search }}?", "en", "Looking for red tents?"),
    ],
)
def test_fill__known_values__stand_in_the_words_as_the_pages_language_writes_them(
    settings: Any, title: str, language: str, expected: str
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "FREE_SHIPPING_FROM": {"GBP": "75.00"}}
    scene = make_scene(
        product_id=5,
        answers=Answers(product=lambda: BOOTS),
        basket=make_basket(60.5),
        search=Search(query="red tents"),
        language=language,
    )

    assert said(title, scene) == expected


@pytest.mark.parametrize("name", [one.name for one in PLACEHOLDERS if not one.is_for_all])
def test_fill__value_that_nobody_knows__no_offer_unless_the_words_say_what_stands_there(name: str) -> None:
    assert said(f"Hello {{{{ {name} }}}}", scene_of_nobody("en", NOW)) is None
    assert said(f'Hello {{{{ {name} | "you" }}}}', scene_of_nobody("en", NOW)) == "Hello you"


def test_fill__basket_above_the_threshold__nothing_is_missing(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "FREE_SHIPPING_FROM": {"GBP": "75.00"}}

    assert said("{{ basket.missing }}", make_scene(basket=make_basket(75))) is None


@pytest.mark.parametrize(
    ("stock", "is_available", "expected"),
    [(None, True, "in stock"), (50, True, "in stock"), (1, True, "only 1 left"), (0, False, "out of stock")],
)
def test_fill__stock__in_words(stock: int | None, is_available: bool, expected: str) -> None:
    facts = ProductFacts(price=None, stock=stock, is_available=is_available, product_class="Shoes")

    assert said("{{ product.stock }}", make_scene(product_id=5, answers=Answers(product=lambda: facts))) == expected


def test_fill__delivery__is_what_the_shop_says(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "DELIVERY": "tests.widgets.test_filling.arrives"}

    assert said("{{ product.delivery }}", make_scene(product_id=5)) == "tomorrow (5)"


def arrives(product_id: int) -> str:
    return f"tomorrow ({product_id})"


@pytest.mark.attack("F02")
@pytest.mark.parametrize("name", XSS)
def test_fill__first_name_is_markup__is_shown_as_text(name: str) -> None:
    customer = get_user_model().objects.create_user("ada", "ada@example.com", first_name=name[:150])
    offered = engagement("Hello {{ customer.first_name }}", body="{{ customer.first_name }}", button="{{customer.first_name}}")
    filled = fill_engagement(offered, make_scene(customer_id=customer.pk))
    plain = engagement("Hello you", body="you", button="you")

    assert filled is not None
    assert filled.words.body == " ".join(name.split())
    assert outline_of(render_offer(Decision(), offered, filled)) == outline_of(render_offer(Decision(), plain))


def test_fill__customer_who_did_not_agree__is_nobody() -> None:
    assert said("{{ customer.first_name }}", make_scene(customer_id=None)) is None


@pytest.mark.attack("F01")
@pytest.mark.parametrize("text", ["{{ user.password }}", "{{ basket.flush }}", "{{ open", "{{ {{ shop.name }} }}"])
def test_fill__words_that_could_not_be_saved_today__are_never_offered(text: str) -> None:
    assert said(text, make_scene(basket=make_basket())) is None


def test_fill__words_alone__ask_nothing(django_assert_num_queries: CountQueries) -> None:
    with django_assert_num_queries(0):
        filled = fill_engagement(engagement("Plain", body="words"), make_scene())

    assert filled is not None
    assert (filled.words.title, filled.words.body) == ("Plain", "words")


@pytest.fixture
def readings() -> Iterator[list[str]]:
    """A value and a content of a shop's own, which note that they are read."""
    read: list[str] = []

    def fails(scene: Scene) -> str:
        read.append("value")
        raise RuntimeError("the shop's own code")

    class Failing(Content):
        name = "failing"
        label = "Failing"
        template = "oscar_engage/widgets/contents/voucher.html"

        def read(self, settings: Settings, scene: Scene) -> Mapping[str, Any] | None:
            read.append("content")
            raise RuntimeError("the shop's own code")

    placeholder(Placeholder(name="test.failing", label="", read=fails, example=lambda: "x"))
    CONTENTS.register("failing", Failing())
    yield read
    del PLACEHOLDERS._entries["test.failing"], CONTENTS._entries["failing"]


@pytest.mark.parametrize(
    ("fields", "read"), [({"title": "{{ test.failing }}"}, ["value"]), ({"content": "failing"}, ["content"])]
)
def test_fill__readers_that_fail__no_offer_and_no_error(readings: list[str], fields: Any, read: list[str]) -> None:
    assert fill_engagement(engagement(**fields), make_scene()) is None
    assert readings == read


def test_offerable__only_what_is_asked_for_is_read_and_once(readings: list[str]) -> None:
    offerable = Offerable({"words": engagement(), "failing": engagement(content="failing")}, make_scene())

    assert offerable.get("words") == "balloon"
    assert readings == []
    assert [offerable.get("failing"), offerable.get("failing"), offerable.get("gone")] == [None, None, None]
    assert readings == ["content"]
    assert (list(offerable), len(offerable)) == (["words"], 1)


def test_fill__content_of_an_app_that_was_removed__no_offer() -> None:
    assert fill_engagement(engagement(content="carousel"), make_scene()) is None
    assert fill_example(engagement(content="carousel")).words.title == "Help"


def test_example__every_value__is_there_and_fits_the_list() -> None:
    assert set(example_values()) == set(names_for())
    filled = fill_example(engagement(" ".join(f"{{{{ {name} }}}}" for name in names_for())))
    assert "{{" not in filled.words.title


def test_placeholder__name_that_cannot_be_written__loud() -> None:
    with pytest.raises(ValueError, match="nested"):
        placeholder(Placeholder(name="a{b", label="", read=lambda scene: "", example=lambda: ""))


def test_names__same_for_all__are_those_that_caches_may_keep() -> None:
    assert names_for(is_for_all=True) == ("shop.name",)
