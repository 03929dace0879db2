"""What may a rule ask about the basket, and about what became of the goods in it?"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from oscar_engage.conf import get_settings
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.asking import money_of, names_of, numbers_of, seconds_since
from oscar_engage.rules.shipped.groups import BASKET
from oscar_engage.rules.types import Boolean, Duration, Integer, MoneyType, SetOfTexts
from oscar_engage.rules.variables import COSTLY, variable
from oscar_engage.visitors.state import BasketCheck, from_ms


@variable("basket.total", type=MoneyType(), label=_("basket total"), group=BASKET)
def basket_total(moment: Moment) -> Value:
    """Return the basket's total with tax after offers, as last measured."""
    basket = moment.state.basket
    return UNKNOWN if basket.basket_id is None else money_of(basket.total, basket.currency)


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


@variable("basket.seconds_since_filled", type=Duration(), label=_("time since something was put in"), group=BASKET, clock=True)
def basket_seconds_since_filled(moment: Moment) -> Value:
    """Return the seconds since goods were put into the basket or their number changed, in this visit or an earlier one."""
    basket = moment.state.basket
    return seconds_since(from_ms(basket.filled_at), moment) if basket.basket_id and basket.filled_at else UNKNOWN


@variable("basket.products", type=SetOfTexts(), label=_("products in the basket (numbers)"), group=BASKET)
def basket_products(moment: Moment) -> Value:
    """Return the ids of the products in the basket, twenty at most; of a variant its own."""
    basket = moment.state.basket
    return UNKNOWN if basket.basket_id is None else frozenset(str(product_id) for product_id in basket.products)


@variable("basket.categories", type=SetOfTexts(), label=_("in the basket, of the categories"), group=BASKET, cost=COSTLY)
def basket_categories(moment: Moment) -> Value:
    """Return the names of those products' categories and of all above them, each alone and with its path: Clothing > Boots."""
    return names_of(moment.answers.basket_categories())


@variable(
    "basket.category_ids", type=SetOfTexts(), label=_("in the basket, of the categories (numbers)"), group=BASKET, cost=COSTLY
)
def basket_category_ids(moment: Moment) -> Value:
    """Return the ids of the same categories."""
    return numbers_of(moment.answers.basket_categories())


@variable("basket.has_variants", type=Boolean(), label=_("two sizes of one product in the basket"), group=BASKET)
def basket_has_variants(moment: Moment) -> Value:
    """Return whether two lines are variants of one product: two sizes, or two colours, to choose from at home."""
    basket = moment.state.basket
    return UNKNOWN if basket.basket_id is None else basket.has_variants


@variable("basket.saved", type=MoneyType(), label=_("saved by offers and vouchers"), group=BASKET)
def basket_saved(moment: Moment) -> Value:
    """Return what offers and vouchers take off the basket."""
    basket = moment.state.basket
    return UNKNOWN if basket.basket_id is None else money_of(basket.saved, basket.currency)


@variable("basket.free_shipping_gap", type=MoneyType(), label=_("missing to free shipping"), group=BASKET)
def basket_free_shipping_gap(moment: Moment) -> Value:
    """Return how much the basket's total lacks to ``FREE_SHIPPING_FROM``; not known where that is not set for its currency."""
    basket = moment.state.basket
    least = dict(get_settings().free_shipping_from).get(basket.currency)
    if basket.basket_id is None or least is None:
        return UNKNOWN
    return Money(max(Decimal(0), least - Decimal(str(basket.total))), basket.currency)


@variable("basket.has_voucher", type=Boolean(), label=_("a voucher is in use"), group=BASKET)
def basket_has_voucher(moment: Moment) -> Value:
    """Return whether a voucher gives something on what is in the basket."""
    basket = moment.state.basket
    return UNKNOWN if basket.basket_id is None else basket.has_voucher


@variable("basket.vouchers_refused", type=Integer(), label=_("voucher codes refused"), group=BASKET)
def basket_vouchers_refused(moment: Moment) -> Value:
    """Return how often a voucher's code was refused."""
    return moment.state.voucher_refusals


@variable("basket.refusals", type=Integer(), label=_("times the basket refused something"), group=BASKET)
def basket_refusals(moment: Moment) -> Value:
    """Return how often the shop refused to put something in, or so many of it."""
    return moment.state.refusals


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
