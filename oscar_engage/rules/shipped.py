"""Which variables come with the package? Page, visit, basket, checkout, visitor, desk."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.types import Boolean, Choice, Duration, Integer, MoneyType, SetOfTexts, Text
from oscar_engage.rules.variables import variable

# Oscar's own English says "Cart" for a bare "Basket"; ours carries a context.
PAGE, VISIT, BASKET = _("Page"), _("Visit"), pgettext_lazy("group of variables", "Basket")
CHECKOUT, VISITOR, DESK = _("Checkout and login"), _("Visitor"), _("Help desk")

PAGE_KINDS = Choice(
    {
        "home": _("home page"),
        "category": _("category"),
        "product": _("product"),
        "search": _("search results"),
        "basket": pgettext_lazy("kind of page", "basket"),
        "checkout": _("checkout"),
        "account": _("account"),
        "help": _("help"),
        "other": _("other page"),
    }
)
STAGES = Choice(
    {
        "browsing": pgettext_lazy("stage of a visit", "browsing"),
        "product": pgettext_lazy("stage of a visit", "saw a product"),
        "basket": pgettext_lazy("stage of a visit", "has a basket"),
        "checkout": pgettext_lazy("stage of a visit", "in the checkout"),
        "payment": pgettext_lazy("stage of a visit", "paying"),
        "ordered": pgettext_lazy("stage of a visit", "ordered"),
    }
)
SEGMENTS = Choice(
    {
        "unscored": _("unscored"),
        "cold_lead": _("cold lead"),
        "hot_lead": _("hot lead"),
        "self_server": _("self-server"),
        "do_not_disturb": _("do not disturb"),
    }
)


def _seconds_since(start: datetime | None, moment: Moment) -> Value:
    return UNKNOWN if start is None else max(0.0, (moment.now - start).total_seconds())


def _unless_empty(text: str) -> Value:
    return text or UNKNOWN


@variable("page.kind", type=PAGE_KINDS, label=_("kind of page"), group=PAGE, service=True)
def page_kind(moment: Moment) -> Value:
    """Return what kind of page is open."""
    return moment.page.kind


@variable("page.category", type=Integer(), label=_("category (number)"), group=PAGE, service=True)
def page_category(moment: Moment) -> Value:
    """Return the id of the category that is open."""
    return UNKNOWN if moment.page.category_id is None else moment.page.category_id


@variable("page.product", type=Integer(), label=_("product (number)"), group=PAGE, service=True)
def page_product(moment: Moment) -> Value:
    """Return the id of the product that is open."""
    return UNKNOWN if moment.page.product_id is None else moment.page.product_id


@variable("page.step", type=Text(), label=_("checkout page"), group=PAGE, service=True)
def page_step(moment: Moment) -> Value:
    """Return the step of the checkout that is open, by its view's name."""
    return _unless_empty(moment.page.step)


@variable("page.idle_seconds", type=Duration(), label=_("time without activity"), group=PAGE, clock=True, service=True)
def page_idle_seconds(moment: Moment) -> Value:
    """Return the seconds since the shopper last did something on the page."""
    return moment.idle_seconds


@variable("page.visible_seconds", type=Duration(), label=_("time in view"), group=PAGE, clock=True, service=True)
def page_visible_seconds(moment: Moment) -> Value:
    """Return the seconds for which the page has been in view."""
    return moment.visible_seconds


@variable("visit.pages", type=Integer(), label=_("pages in this visit"), group=VISIT)
def visit_pages(moment: Moment) -> Value:
    """Return how many pages were opened."""
    return moment.state.pages


@variable("visit.seconds", type=Duration(), label=_("length of the visit"), group=VISIT, clock=True)
def visit_seconds(moment: Moment) -> Value:
    """Return the seconds since the visit began."""
    return _seconds_since(moment.state.started_at, moment)


@variable("visit.stage", type=STAGES, label=_("stage of the visit"), group=VISIT)
def visit_stage(moment: Moment) -> Value:
    """Return how far the visit has come."""
    return moment.state.stage


@variable("visit.product_views", type=Integer(), label=_("products viewed"), group=VISIT)
def visit_product_views(moment: Moment) -> Value:
    """Return how many product pages were opened."""
    return moment.state.product_views


@variable("visit.unavailable_views", type=Integer(), label=_("sold-out products viewed"), group=VISIT)
def visit_unavailable_views(moment: Moment) -> Value:
    """Return how many pages of products that could not be bought were opened."""
    return moment.state.unavailable_views


@variable("visit.wishlist_adds", type=Integer(), label=_("products put on a wish list"), group=VISIT)
def visit_wishlist_adds(moment: Moment) -> Value:
    """Return how many products were put on a wish list."""
    return moment.state.wishlist_adds


@variable("visit.stock_alerts", type=Integer(), label=_("alerts asked for"), group=VISIT)
def visit_stock_alerts(moment: Moment) -> Value:
    """Return how often the shopper asked to be told when a product is back."""
    return moment.state.stock_alerts


@variable("visit.searches", type=Integer(), label=_("searches"), group=VISIT)
def visit_searches(moment: Moment) -> Value:
    """Return how many searches were made."""
    return moment.state.searches


@variable("visit.zero_result_searches", type=Integer(), label=_("searches that found nothing"), group=VISIT)
def visit_zero_result_searches(moment: Moment) -> Value:
    """Return how many searches found nothing."""
    return moment.state.zero_result_searches


@variable("visit.last_search", type=Text(), label=_("last search"), group=VISIT)
def visit_last_search(moment: Moment) -> Value:
    """Return the words of the last search."""
    return _unless_empty(moment.state.search.query)


@variable("visit.exit_intents", type=Integer(), label=_("times about to leave"), group=VISIT)
def visit_exit_intents(moment: Moment) -> Value:
    """Return how often the pointer left the window upwards."""
    return moment.state.exit_intents


@variable("visit.tabs_away", type=Integer(), label=_("times in another tab"), group=VISIT)
def visit_tabs_away(moment: Moment) -> Value:
    """Return how often the page was hidden behind another tab or app."""
    return moment.state.tabs_away


@variable("visit.quick_backs", type=Integer(), label=_("pages left at once"), group=VISIT)
def visit_quick_backs(moment: Moment) -> Value:
    """Return how often a page was left within ten seconds for the one before it, of the last pages."""
    return moment.state.quick_backs


@variable("visit.is_abandoning", type=Boolean(), label=_("seems about to abandon the basket"), group=VISIT)
def visit_is_abandoning(moment: Moment) -> Value:
    """Return whether the shopper seemed about to leave (idle, pointer to the window's edge) at the stage reached now."""
    return moment.state.stage in moment.state.abandoning


@variable("visit.came_back", type=Boolean(), label=_("came back to a basket left behind"), group=VISIT, personal=True)
def visit_came_back(moment: Moment) -> Value:
    """Return whether this visitor had abandoned a basket before this visit."""
    return moment.state.came_back


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
    return UNKNOWN if basket.basket_id is None else _seconds_since(basket.changed_at, moment)


@variable("basket.lines_removed", type=Integer(), label=_("lines taken out of the basket"), group=BASKET)
def basket_lines_removed(moment: Moment) -> Value:
    """Return how often a line was taken out."""
    return moment.state.lines_removed


@variable("checkout.step", type=Text(), label=_("last step of the checkout"), group=CHECKOUT)
def checkout_step(moment: Moment) -> Value:
    """Return the step of the checkout that was opened last."""
    return _unless_empty(moment.state.checkout_step)


@variable("checkout.seconds", type=Duration(), label=_("time since the checkout began"), group=CHECKOUT, clock=True)
def checkout_seconds(moment: Moment) -> Value:
    """Return the seconds since the checkout was entered."""
    return _seconds_since(moment.state.checkout_since, moment)


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


@variable("checkout.payment_failures", type=Integer(), label=_("payments failed"), group=CHECKOUT, service=True)
def checkout_payment_failures(moment: Moment) -> Value:
    """Return how many payments failed."""
    return moment.state.payment_failures


@variable("checkout.payment_reason", type=Text(), label=_("why the payment failed"), group=CHECKOUT, service=True)
def checkout_payment_reason(moment: Moment) -> Value:
    """Return why the last payment failed: ``declined``, ``error`` or the shop's own word."""
    return _unless_empty(moment.state.payment_failure.reason)


@variable("checkout.refusals", type=Integer(), label=_("times sent back by the checkout"), group=CHECKOUT, service=True)
def checkout_refusals(moment: Moment) -> Value:
    """Return how often the checkout sent the shopper back."""
    return moment.state.checkout_refusals


@variable("login.failures", type=Integer(), label=_("logins failed"), group=CHECKOUT, service=True)
def login_failures(moment: Moment) -> Value:
    """Return how many logins were refused."""
    return moment.state.login_failures


@variable("visitor.visits", type=Integer(), label=_("visits"), group=VISITOR, personal=True)
def visitor_visits(moment: Moment) -> Value:
    """Return how many visits this browser made, this one included."""
    return UNKNOWN if moment.visits is None else moment.visits


@variable("visitor.is_customer", type=Boolean(), label=_("is a customer"), group=VISITOR, personal=True)
def visitor_is_customer(moment: Moment) -> Value:
    """Return whether the visitor has an account here."""
    return moment.is_customer


@variable("visitor.segment", type=SEGMENTS, label=_("segment"), group=VISITOR)
def visitor_segment(moment: Moment) -> Value:
    """Return the segment; ``unscored`` as long as no model has scored anybody."""
    return "unscored"


@variable("desk.free_agents", type=Integer(), label=_("free agents"), group=DESK, service=True)
def desk_free_agents(moment: Moment) -> Value:
    """Return how many more chats the agents can take."""
    return moment.free_agents()
