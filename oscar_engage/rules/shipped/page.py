"""What may a rule ask about the page in view?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.named import CategoryNumber, ProductNumber
from oscar_engage.rules.shipped.asking import names_of, numbers_of, unless_empty
from oscar_engage.rules.shipped.choices import PAGE_KINDS
from oscar_engage.rules.shipped.groups import PAGE
from oscar_engage.rules.types import Boolean, Duration, Integer, MoneyType, SetOfTexts, Text
from oscar_engage.rules.variables import COSTLY, variable


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


@variable("page.categories", type=SetOfTexts(), label=_("in the categories"), group=PAGE, cost=COSTLY, service=True)
def page_categories(moment: Moment) -> Value:
    """Return the names of the page's categories and of all above them, each alone and with its path: Clothing > Boots."""
    return names_of(moment.answers.page_categories())


@variable("page.category_ids", type=SetOfTexts(), label=_("in the categories (numbers)"), group=PAGE, cost=COSTLY, service=True)
def page_category_ids(moment: Moment) -> Value:
    """Return the ids of the same categories: those of the product or category that is open, and all above them."""
    return numbers_of(moment.answers.page_categories())


@variable("page.product_class", type=Text(), label=_("type of product"), group=PAGE, cost=COSTLY, service=True)
def page_product_class(moment: Moment) -> Value:
    """Return the type of the product that is open, by the shop's own name for it."""
    product = moment.answers.product()
    return UNKNOWN if product is None else unless_empty(product.product_class)


@variable("page.price", type=MoneyType(), label=_("price of the product"), group=PAGE, cost=COSTLY, service=True)
def page_price(moment: Moment) -> Value:
    """Return what the product that is open costs somebody who is not logged in; of variants the lowest price."""
    product = moment.answers.product()
    return UNKNOWN if product is None or product.price is None else product.price


@variable("page.stock", type=Integer(), label=_("pieces left of the product"), group=PAGE, cost=COSTLY, service=True)
def page_stock(moment: Moment) -> Value:
    """Return how many pieces are left of the product that is open, of all variants together."""
    product = moment.answers.product()
    return UNKNOWN if product is None or product.stock is None else product.stock


@variable("page.is_available", type=Boolean(), label=_("the product can be bought"), group=PAGE, cost=COSTLY, service=True)
def page_is_available(moment: Moment) -> Value:
    """Return whether the product that is open can be bought, in one of its variants at least."""
    product = moment.answers.product()
    return UNKNOWN if product is None else product.is_available


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
