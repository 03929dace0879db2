"""What may a rule ask about the basket, and about what became of the goods in it?"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.asking import seconds_since
from oscar_engage.rules.shipped.groups import BASKET
from oscar_engage.rules.types import Boolean, Duration, Integer, MoneyType
from oscar_engage.rules.variables import variable
from oscar_engage.visitors.state import BasketCheck


@variable("basket.total", type=MoneyType(), label=_("basket total"), group=BASKET)
def basket_total(moment: Moment) -> Value:
    """Return the basket's total with tax after offers, as last measured."""
    basket = moment.state.basket
    if basket.basket_id is None or not basket.currency:
        return UNKNOWN
    return Money(Decimal(str(basket.total)), basket.currency)


@variable("basket.lines", type=Integer(), label=_("lines in the basket"), group=BASKET)
def basket_lines(moment: Moment) -> Value:
    """Return the number of lines."""
    return UNKNOWN if moment.state.basket.basket_id is None else moment.state.basket.lines


@variable("basket.quantity", type=Integer(), label=_("pieces in the basket"), group=BASKET)
def basket_quantity(moment: Moment) -> Value:
    """Return the number of pieces."""
    return UNKNOWN if moment.state.basket.basket_id is None else moment.state.basket.quantity


@variable("basket.seconds_since_change", type=Duration(), label=_("time since the basket changed"), group=BASKET, clock=True)
def basket_seconds_since_change(moment: Moment) -> Value:
    """Return the seconds since the basket last changed."""
    basket = moment.state.basket
    return UNKNOWN if basket.basket_id is None else seconds_since(basket.changed_at, moment)


@variable("basket.lines_removed", type=Integer(), label=_("lines taken out of the basket"), group=BASKET)
def basket_lines_removed(moment: Moment) -> Value:
    """Return how often a line was taken out."""
    return moment.state.lines_removed


def _check(moment: Moment) -> BasketCheck | None:
    """Return the last look at the basket; without trouble an empty one, without a basket ``None``."""
    basket_id, check = moment.state.basket.basket_id, moment.state.basket_check
    if basket_id in (None, check.basket_id):
        return check if check.basket_id else None
    return BasketCheck()


@variable("basket.price_rose", type=Boolean(), label=_("a price in the basket rose"), group=BASKET)
def basket_price_rose(moment: Moment) -> Value:
    """Return whether something costs more now than when it was put into the basket."""
    check = _check(moment)
    return UNKNOWN if check is None else any(move.now > move.before for move in check.prices)


@variable("basket.price_fell", type=Boolean(), label=_("a price in the basket fell"), group=BASKET)
def basket_price_fell(moment: Moment) -> Value:
    """Return whether something costs less now than when it was put into the basket."""
    check = _check(moment)
    return UNKNOWN if check is None else any(move.now < move.before for move in check.prices)


@variable("basket.has_unavailable", type=Boolean(), label=_("something in the basket cannot be bought"), group=BASKET)
def basket_has_unavailable(moment: Moment) -> Value:
    """Return whether a line is sold out, or there are too few of it."""
    check = _check(moment)
    return UNKNOWN if check is None else bool(check.shortages)
