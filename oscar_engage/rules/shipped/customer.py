"""What may a rule ask about the orders of a customer whom we know? One query for all of it, and only where a rule asks."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.asking import days_between
from oscar_engage.rules.shipped.groups import CUSTOMER
from oscar_engage.rules.types import Boolean, Integer, MoneyType
from oscar_engage.rules.variables import COSTLY, variable

_PENNY = Decimal("0.01")


@variable("customer.orders", type=Integer(), label=_("orders"), group=CUSTOMER, cost=COSTLY, personal=True)
def customer_orders(moment: Moment) -> Value:
    """Return how many orders the customer placed; those that came back or were cancelled do not count."""
    customer = moment.answers.customer()
    return UNKNOWN if customer is None else customer.orders


@variable("customer.spent", type=MoneyType(), label=_("spent so far"), group=CUSTOMER, cost=COSTLY, personal=True)
def customer_spent(moment: Moment) -> Value:
    """Return what these orders came to with tax and shipping, in the currency of most of them."""
    customer = moment.answers.customer()
    return UNKNOWN if customer is None else customer.spent


@variable("customer.average_order", type=MoneyType(), label=_("average order"), group=CUSTOMER, cost=COSTLY, personal=True)
def customer_average_order(moment: Moment) -> Value:
    """Return what one of them came to on average; not known without any."""
    customer = moment.answers.customer()
    if customer is None or not customer.orders_in_currency:
        return UNKNOWN
    average = (customer.spent.amount / customer.orders_in_currency).quantize(_PENNY, ROUND_HALF_UP)
    return Money(average, customer.spent.currency)


@variable(
    "customer.days_since_order",
    type=Integer(),
    label=_("days since the last order"),
    group=CUSTOMER,
    cost=COSTLY,
    personal=True,
)
def customer_days_since_order(moment: Moment) -> Value:
    """Return the whole days since the last of them."""
    customer = moment.answers.customer()
    if customer is None or customer.last_order_at is None:
        return UNKNOWN
    return days_between(customer.last_order_at, moment.now)


@variable(
    "customer.returns", type=Integer(), label=_("orders returned or cancelled"), group=CUSTOMER, cost=COSTLY, personal=True
)
def customer_returns(moment: Moment) -> Value:
    """Return how many orders came back or were cancelled: those in one of ``RETURNED_STATUSES``."""
    customer = moment.answers.customer()
    return UNKNOWN if customer is None else customer.returns


@variable("customer.has_open_order", type=Boolean(), label=_("waits for an order"), group=CUSTOMER, cost=COSTLY, personal=True)
def customer_has_open_order(moment: Moment) -> Value:
    """Return whether an order is still on its way: in one of ``OPEN_STATUSES``."""
    customer = moment.answers.customer()
    return UNKNOWN if customer is None else customer.open_orders > 0
