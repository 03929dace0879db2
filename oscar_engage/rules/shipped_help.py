"""Which variables tell how shoppers help themselves, and what became of the goods in their basket?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped import BASKET
from oscar_engage.rules.types import Boolean, Integer
from oscar_engage.rules.variables import variable
from oscar_engage.visitors.self_help import SEARCHED, STARTED, left_open
from oscar_engage.visitors.state import BasketCheck

HELP = _("Self-help")


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


@variable("help.searches", type=Integer(), label=_("searches in the help"), group=HELP)
def help_searches(moment: Moment) -> Value:
    """Return how often the help was searched."""
    return moment.state.help.searches


@variable("help.no_clicks", type=Integer(), label=_("searches in the help that led to no article"), group=HELP)
def help_no_clicks(moment: Moment) -> Value:
    """Return after how many of the last searches the shopper moved on without opening an article."""
    return len(left_open(moment.state.help, moment.state.pages_seen, SEARCHED))


@variable("help.articles", type=Integer(), label=_("help articles opened"), group=HELP)
def help_articles(moment: Moment) -> Value:
    """Return how many articles were opened."""
    return moment.state.help.articles


@variable("help.not_helpful", type=Integer(), label=_("help articles of no use"), group=HELP)
def help_not_helpful(moment: Moment) -> Value:
    """Return how often an article was said not to be helpful."""
    return moment.state.help.not_helpful


@variable("help.tools_abandoned", type=Integer(), label=_("self-help tools given up"), group=HELP)
def help_tools_abandoned(moment: Moment) -> Value:
    """Return how many of the last tools were started and not finished before the shopper moved on."""
    return len(left_open(moment.state.help, moment.state.pages_seen, STARTED))


@variable("help.contacts", type=Integer(), label=_("times a question's form was opened"), group=HELP)
def help_contacts(moment: Moment) -> Value:
    """Return how often the form for a question was opened."""
    return moment.state.help.contacts


@variable("help.is_bypassed", type=Boolean(), label=_("asks without having looked at help"), group=HELP)
def help_is_bypassed(moment: Moment) -> Value:
    """Return whether the form for a question was opened before any article."""
    return moment.state.help.is_bypassed
