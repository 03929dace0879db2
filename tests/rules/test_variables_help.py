"""What rules can ask about self-help, and about goods in the basket that are no longer what they were."""

import pytest

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.variables import reading
from oscar_engage.signals.shipped_baskets import PriceMove, Shortage
from oscar_engage.visitors.self_help import HelpState, HelpStep
from oscar_engage.visitors.state import BasketCheck, BasketState, to_ms
from tests.rules.moments import NOW, make_basket, make_moment, make_state

LONG_AGO = to_ms(NOW) - 90_000  # before the page that a state of these tests has open
CHECK = BasketCheck(to_ms(NOW), 7, (PriceMove(1, 5, 10, 12, "GBP"),), (Shortage(2, 6, "sold_out"),))
HELPED = HelpState(
    searches=3,
    articles=2,
    not_helpful=1,
    contacts=1,
    first_contact=LONG_AGO,
    first_article=LONG_AGO + 1,
    steps=(
        HelpStep(LONG_AGO, "searched", "size", "help"),
        HelpStep(LONG_AGO, "started", "sizer", "help"),
    ),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("basket.price_rose", True),
        ("basket.price_fell", False),
        ("basket.has_unavailable", True),
        ("help.searches", 3),
        ("help.no_clicks", 1),
        ("help.articles", 2),
        ("help.not_helpful", 1),
        ("help.tools_abandoned", 1),
        ("help.contacts", 1),
        ("help.is_bypassed", True),
    ],
)
def test_variable__everything_known__reads_its_value(name: str, value: Value) -> None:
    state = make_state(basket=make_basket(), basket_check=CHECK, help=HELPED)

    assert reading(make_moment(state))(name) == value


@pytest.mark.parametrize("name", ["basket.price_rose", "basket.price_fell", "basket.has_unavailable"])
@pytest.mark.parametrize(
    ("basket", "check", "value"),
    [
        (BasketState(), BasketCheck(), UNKNOWN),
        (make_basket(), BasketCheck(), False),
        (make_basket(basket_id=8), CHECK, False),
    ],
    ids=["no basket", "never in trouble", "another basket since"],
)
def test_basket_trouble__without_a_look_at_this_basket__is_none(
    name: str, basket: BasketState, check: BasketCheck, value: Value
) -> None:
    assert reading(make_moment(make_state(basket=basket, basket_check=check)))(name) is value


def test_basket_trouble__basket_not_measured_in_this_visit__is_what_the_look_found() -> None:
    assert reading(make_moment(make_state(basket=BasketState(), basket_check=CHECK)))("basket.price_rose") is True
