"""Which numbers is a visit turned into, in what order, and what does each mean? The schema that models are fitted to.

Counts are plain; whether a logarithm is better is the model's business. Nothing here says who somebody is, what they looked
for or bought, or where they live. Change the order or the names, or ``VERSION`` where a meaning changes: models of another
schema do not speak.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from oscar_engage.learning.features import read
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.units import COUNT, CYCLE, DAYS, MONEY, PERCENT, SECONDS, STAGE, YES, Unit

VERSION = 1
"""Counted up when a feature keeps its name and changes its meaning."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One number: its name in models and in the log, its unit, what it means, and how it is read from an instant.

    ``is_history``: it rests on earlier visits, and is missing without the consent to personalisation. ``is_told``: it comes
    from the beat itself and not from signals, so the log of vectors is the only place where it is kept.
    """

    name: str
    unit: Unit
    meaning: str
    read: Callable[[Instant], float | None]
    is_history: bool = False
    is_told: bool = False


FEATURES: tuple[Feature, ...] = (
    Feature("signals", COUNT, "signals of the visit so far", lambda one: one.state.signals),
    Feature("pages", COUNT, "pages opened", lambda one: one.state.pages),
    Feature("product_views", COUNT, "product pages opened", lambda one: one.state.product_views),
    Feature("products_again", COUNT, "of the last twenty product views, those of a product seen before", read.products_again),
    Feature("unavailable_views", COUNT, "pages of products that could not be bought", lambda one: one.state.unavailable_views),
    Feature("searches", COUNT, "searches in the shop", lambda one: one.state.searches),
    Feature("zero_result_searches", COUNT, "searches that found nothing", lambda one: one.state.zero_result_searches),
    Feature("basket_total", MONEY, "the basket's total with tax after offers; missing without one", read.basket_total),
    Feature("basket_lines", COUNT, "lines in the basket; missing without one", read.basket_lines),
    Feature("basket_saved", MONEY, "what offers and vouchers take off it; missing without one", read.basket_saved),
    Feature("basket_changes", COUNT, "how often the basket changed, twelve at most", lambda one: len(one.state.totals_seen)),
    Feature("basket_seconds", SECONDS, "since the basket last changed; missing without one", read.basket_seconds),
    Feature("refusals", COUNT, "lines, voucher codes, checkout steps and forms that the shop refused", read.refusals),
    Feature("payment_failures", COUNT, "payments that failed or were lost at the bank", read.payment_failures),
    Feature("exit_intents", COUNT, "times the pointer left the window upwards", lambda one: one.state.exit_intents),
    Feature("tabs_away", COUNT, "times the page was hidden behind another", lambda one: one.state.tabs_away),
    Feature("quick_backs", COUNT, "of the last twelve pages, those left at once", lambda one: one.state.quick_backs),
    Feature("help_looks", COUNT, "searches in the help, articles opened, forms for a question opened", read.help_looks),
    Feature("struggles", COUNT, "angry and dead clicks, thrashing, scrolling to and fro", read.struggles),
    Feature("hesitations", COUNT, "fields of forms that held up", lambda one: one.state.struggles.hesitations),
    Feature("deepest_scroll", PERCENT, "the farthest down any page", lambda one: one.state.struggles.deepest_scroll),
    Feature("stage", STAGE, "browsing 0, product 1, basket 2, checkout 3, payment 4, ordered 5", read.stage),
    Feature("stage_pages", COUNT, "pages opened since that stage was reached", lambda one: one.state.stage_pages),
    Feature("visit_seconds", SECONDS, "since the visit began", lambda one: (one.now - one.state.started_at).total_seconds()),
    Feature("page_seconds", SECONDS, "since a page was last opened", read.page_seconds),
    Feature("idle_seconds", SECONDS, "since anything was touched, by the browser", lambda one: one.idle_seconds, is_told=True),
    Feature("visible_seconds", SECONDS, "the page was in view, by the browser", lambda one: one.visible_seconds, is_told=True),
    Feature("on_product", YES, "a product page is in view", lambda one: one.page == "product", is_told=True),
    Feature("on_basket", YES, "the basket is in view", lambda one: one.page == "basket", is_told=True),
    Feature("on_checkout", YES, "a step of the checkout is in view", lambda one: one.page == "checkout", is_told=True),
    Feature("from_search", YES, "a search engine led here; missing where that is not known", read.from_search),
    Feature("from_campaign", YES, "a campaign's link led here; missing where that is not known", read.from_campaign),
    Feature("is_phone", YES, "the device is a phone; missing where the browser does not say", read.is_phone),
    Feature("hour_sin", CYCLE, "hour of the day (UTC) on a circle: sine", read.hour_sin),
    Feature("hour_cos", CYCLE, "hour of the day (UTC) on a circle: cosine", read.hour_cos),
    Feature("week_sin", CYCLE, "time of the week (UTC) on a circle: sine", read.week_sin),
    Feature("week_cos", CYCLE, "time of the week (UTC) on a circle: cosine", read.week_cos),
    Feature("visit_number", COUNT, "which of the visitor's visits this is", read.visit_number, is_history=True),
    Feature("days_since_visit", DAYS, "since the visit before; missing in a first one", read.days_since_visit, is_history=True),
    Feature("came_back", YES, "came back after leaving a basket behind", read.came_back, is_history=True),
)

NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
SCHEMA: str = sha256("\n".join((str(VERSION), *NAMES)).encode()).hexdigest()[:16]
PLACES: dict[str, int] = {name: place for place, name in enumerate(NAMES)}
"""Where in a vector each feature stands."""
