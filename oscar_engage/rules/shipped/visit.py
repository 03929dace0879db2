"""What may a rule ask about this visit?"""

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.asking import seconds_since, unless_empty
from oscar_engage.rules.shipped.choices import DEVICES, PAGE_KINDS, STAGES
from oscar_engage.rules.shipped.groups import VISIT
from oscar_engage.rules.types import Boolean, Duration, Integer, Text
from oscar_engage.rules.variables import COSTLY, variable
from oscar_engage.visitors.came_from import is_search_engine

_DIRECT = "direct"


@variable("visit.pages", type=Integer(), label=_("pages in this visit"), group=VISIT)
def visit_pages(moment: Moment) -> Value:
    """Return how many pages were opened."""
    return moment.state.pages


@variable("visit.seconds", type=Duration(), label=_("length of the visit"), group=VISIT, clock=True)
def visit_seconds(moment: Moment) -> Value:
    """Return the seconds since the visit began."""
    return seconds_since(moment.state.started_at, moment)


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
    return unless_empty(moment.state.search.query)


@variable("visit.survey_answer", type=Text(), label=_("answer to the last survey"), group=VISIT, cost=COSTLY)
def visit_survey_answer(moment: Moment) -> Value:
    """Return what was answered to the last survey of this visit, such as ``what-stopped-you:price``."""
    return unless_empty(moment.answers.survey_answer())


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


@variable("visit.source", type=Text(), label=_("where the visit came from"), group=VISIT)
def visit_source(moment: Moment) -> Value:
    """Return the campaign's source (``utm_source``), else the site that led here, else ``direct``."""
    arrival = moment.state.arrival
    return (arrival.source or arrival.host or _DIRECT) if arrival.at else UNKNOWN


@variable("visit.medium", type=Text(), label=_("how the visit came about"), group=VISIT)
def visit_medium(moment: Moment) -> Value:
    """Return the campaign's medium (``utm_medium``), else ``organic`` from a search engine, ``referral`` or ``direct``."""
    arrival = moment.state.arrival
    if not arrival.at:
        return UNKNOWN
    found = "organic" if is_search_engine(arrival.host) else "referral"
    return arrival.medium or (found if arrival.host else _DIRECT)


@variable("visit.campaign", type=Text(), label=_("campaign of the visit"), group=VISIT)
def visit_campaign(moment: Moment) -> Value:
    """Return the name of the campaign (``utm_campaign``) whose link led here."""
    return unless_empty(moment.state.arrival.campaign)


@variable("visit.device", type=DEVICES, label=_("device"), group=VISIT)
def visit_device(moment: Moment) -> Value:
    """Return whether the visit is made with a phone, a tablet or a computer, as far as the browser says so."""
    return unless_empty(moment.state.arrival.device)


@variable("visit.entry_page", type=PAGE_KINDS, label=_("kind of the first page"), group=VISIT)
def visit_entry_page(moment: Moment) -> Value:
    """Return on what kind of page the visit began."""
    return unless_empty(moment.state.arrival.page)
