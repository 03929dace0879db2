"""What may a rule ask about the checkout, its payments and logins?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.asking import money_of, seconds_since, unless_empty
from oscar_engage.rules.shipped.groups import CHECKOUT
from oscar_engage.rules.types import Duration, Integer, MoneyType, SetOfTexts, Text
from oscar_engage.rules.variables import variable


@variable("checkout.step", type=Text(), label=_("last step of the checkout"), group=CHECKOUT)
def checkout_step(moment: Moment) -> Value:
    """Return the step of the checkout that was opened last."""
    return unless_empty(moment.state.checkout_step)


@variable("checkout.seconds", type=Duration(), label=_("time since the checkout began"), group=CHECKOUT, clock=True)
def checkout_seconds(moment: Moment) -> Value:
    """Return the seconds since the checkout was entered."""
    return seconds_since(moment.state.checkout_since, moment)


@variable("checkout.back_steps", type=Integer(), label=_("steps back in the checkout"), group=CHECKOUT)
def checkout_back_steps(moment: Moment) -> Value:
    """Return how often an earlier step of the checkout was opened again."""
    return moment.state.back_steps


@variable("checkout.payments_lost", type=Integer(), label=_("payments not finished at the bank"), group=CHECKOUT)
def checkout_payments_lost(moment: Moment) -> Value:
    """Return how often the shopper came back from the bank's page without having paid."""
    return moment.state.payments_lost


@variable("checkout.form_errors", type=Integer(), label=_("forms refused"), group=CHECKOUT, service=True)
def checkout_form_errors(moment: Moment) -> Value:
    """Return how often a form came back with errors."""
    return moment.state.form_errors


@variable("checkout.error_fields", type=SetOfTexts(), label=_("fields with errors"), group=CHECKOUT, service=True)
def checkout_error_fields(moment: Moment) -> Value:
    """Return the names of the fields that the last refused form complained of."""
    return frozenset(moment.state.form_refusal.fields)


@variable(
    "checkout.fields_refused", type=SetOfTexts(), label=_("fields with errors in this visit"), group=CHECKOUT, service=True
)
def checkout_fields_refused(moment: Moment) -> Value:
    """Return the names of all fields that a refused form complained of."""
    return frozenset(moment.state.refused_fields)


@variable("checkout.fields_refused_again", type=SetOfTexts(), label=_("fields with errors again"), group=CHECKOUT, service=True)
def checkout_fields_refused_again(moment: Moment) -> Value:
    """Return the names of those that were refused twice or more."""
    return frozenset(name for name, times in moment.state.refused_fields.items() if times > 1)


@variable("checkout.shipping_methods", type=Integer(), label=_("ways of shipping offered"), group=CHECKOUT, service=True)
def checkout_shipping_methods(moment: Moment) -> Value:
    """Return how many ways of shipping were offered last: 0 when nothing ships to the address."""
    methods = moment.state.shipping.methods
    return UNKNOWN if methods < 0 else methods


@variable("checkout.shipping_from", type=MoneyType(), label=_("cheapest shipping offered"), group=CHECKOUT)
def checkout_shipping_from(moment: Moment) -> Value:
    """Return the lowest price of those ways."""
    shipping = moment.state.shipping
    return UNKNOWN if shipping.cheapest < 0 else money_of(shipping.cheapest, shipping.currency)


@variable("checkout.payment_failures", type=Integer(), label=_("payments failed"), group=CHECKOUT, service=True)
def checkout_payment_failures(moment: Moment) -> Value:
    """Return how many payments failed."""
    return moment.state.payment_failures


@variable("checkout.payment_reason", type=Text(), label=_("why the payment failed"), group=CHECKOUT, service=True)
def checkout_payment_reason(moment: Moment) -> Value:
    """Return why the last payment failed: ``declined``, ``error`` or the shop's own word."""
    return unless_empty(moment.state.payment_failure.reason)


@variable("checkout.refusals", type=Integer(), label=_("times sent back by the checkout"), group=CHECKOUT, service=True)
def checkout_refusals(moment: Moment) -> Value:
    """Return how often the checkout sent the shopper back."""
    return moment.state.checkout_refusals


@variable("login.failures", type=Integer(), label=_("logins failed"), group=CHECKOUT, service=True)
def login_failures(moment: Moment) -> Value:
    """Return how many logins were refused."""
    return moment.state.login_failures
