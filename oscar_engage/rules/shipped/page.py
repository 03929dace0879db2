"""What may a rule ask about the page in view?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.named import CategoryNumber, ProductNumber
from oscar_engage.rules.shipped.asking import unless_empty
from oscar_engage.rules.shipped.choices import PAGE_KINDS
from oscar_engage.rules.shipped.groups import PAGE
from oscar_engage.rules.types import Duration, Text
from oscar_engage.rules.variables import variable


@variable("page.kind", type=PAGE_KINDS, label=_("kind of page"), group=PAGE, service=True)
def page_kind(moment: Moment) -> Value:
    """Return what kind of page is open."""
    return moment.page.kind


@variable("page.category", type=CategoryNumber(), label=_("category in view"), group=PAGE, service=True)
def page_category(moment: Moment) -> Value:
    """Return the id of the category that is open."""
    return UNKNOWN if moment.page.category_id is None else moment.page.category_id


@variable("page.product", type=ProductNumber(), label=_("product in view"), group=PAGE, service=True)
def page_product(moment: Moment) -> Value:
    """Return the id of the product that is open."""
    return UNKNOWN if moment.page.product_id is None else moment.page.product_id


@variable("page.step", type=Text(), label=_("checkout page"), group=PAGE, service=True)
def page_step(moment: Moment) -> Value:
    """Return the step of the checkout that is open, by its view's name."""
    return unless_empty(moment.page.step)


@variable("page.idle_seconds", type=Duration(), label=_("time without activity"), group=PAGE, clock=True, service=True)
def page_idle_seconds(moment: Moment) -> Value:
    """Return the seconds since the shopper last did something on the page."""
    return moment.idle_seconds


@variable("page.visible_seconds", type=Duration(), label=_("time in view"), group=PAGE, clock=True, service=True)
def page_visible_seconds(moment: Moment) -> Value:
    """Return the seconds for which the page has been in view."""
    return moment.visible_seconds
