"""Which variables can be read of a moment that is past? Those that follow from the log, of the visit or of all of a person's.

What a shop's own variable read then, or how many agents were free, is nowhere recorded. To judge a recorded visit by what it
reads today would be a wrong answer that looks like a right one, so it is taken as not recorded, and said.
"""

from collections.abc import Callable

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.walk import Read

_FROM_THE_LOG: dict[str, None] = dict.fromkeys(
    (
        *("page.kind", "page.category", "page.product", "page.step", "page.idle_seconds", "page.visible_seconds"),
        *("visit.pages", "visit.seconds", "visit.stage", "visit.stage_pages", "visit.product_views"),
        *("visit.unavailable_views", "visit.wishlist_adds", "visit.stock_alerts", "visit.searches"),
        *("visit.zero_result_searches", "visit.last_search", "visit.exit_intents", "visit.tabs_away", "visit.quick_backs"),
        *("visit.is_abandoning", "visit.came_back"),
        *("visit.source", "visit.medium", "visit.campaign", "visit.device", "visit.entry_page"),
        *("struggle.rage_clicks", "struggle.dead_clicks", "struggle.hesitations", "struggle.hesitated_fields"),
        *("struggle.field_seconds", "struggle.field_returns", "struggle.fields_left_empty", "struggle.fields_invalid"),
        *("struggle.pointer_thrashes", "struggle.deepest_scroll", "struggle.scroll_seekings", "struggle.copies"),
        *("struggle.prices_copied", "struggle.options_toggled", "struggle.script_errors"),
        *("basket.total", "basket.lines", "basket.quantity", "basket.seconds_since_change", "basket.lines_removed"),
        *("basket.price_rose", "basket.price_fell", "basket.has_unavailable", "basket.seconds_since_filled"),
        *("basket.products", "basket.has_variants", "basket.saved", "basket.free_shipping_gap", "basket.has_voucher"),
        *("basket.vouchers_refused", "basket.refusals", "basket.fell", "basket.rose"),
        *("checkout.step", "checkout.seconds", "checkout.back_steps", "checkout.payments_lost", "checkout.form_errors"),
        *("checkout.error_fields", "checkout.payment_failures", "checkout.payment_reason", "checkout.refusals"),
        *("checkout.fields_refused", "checkout.fields_refused_again", "checkout.shipping_methods", "checkout.shipping_from"),
        *("login.failures", "help.searches", "help.articles", "help.not_helpful", "help.contacts", "help.is_bypassed"),
        *("visitor.visits", "visitor.days_since_last_visit", "visitor.is_logged_in", "visitor.consent"),
        *("time.weekday", "time.hour", "time.is_open"),
    )
)

NOT_IN_THE_LOG = frozenset(
    {
        "help.no_clicks",  # rests on the page on which the help was searched
        "help.tools_abandoned",  # the same
        "visitor.is_customer",  # when the visitor was first known as a customer
        "visit.exit_risk",  # rests on what had been counted by then
        "visitor.language",  # a page's is not logged, and may be another than that of the first
        *(
            "visitor.country",
            "visitor.questions",
            "visitor.open_questions",
            "visitor.last_rating",
            "visit.survey_answer",
        ),  # asked elsewhere, and may have changed since
        *("customer.orders", "customer.spent", "customer.average_order", "customer.days_since_order"),  # the same
        *("customer.returns", "customer.has_open_order", "desk.free_agents", "desk.expected_wait"),
        *("page.categories", "page.category_ids", "page.product_class", "page.price", "page.stock", "page.is_available"),
        *("basket.categories", "basket.category_ids"),
    }
)
"""The shipped variables whose value then is not recorded; with each, why."""

FROM_EARLIER_VISITS = frozenset({"history.count", "history.visits", "history.seconds_since", "history.sequence"})
"""Those that rest on the person's other visits: to be read where the log of these was read, too (``rules.past.recall``)."""


FORETOLD = frozenset({"visit.lead", "visit.propensity", "visit.uplift", "visit.exit_chance", "visitor.segment"})
"""Those that read what models said: to be read of a moment of which that was written down (``decisions.past.told``)."""


def recall_from_log(name: str) -> None:
    """Say that your own variable ``name`` reads nothing but ``moment.state``, ``moment.page`` and the clock.

    Then dry runs and explanations read it of recorded visits too. Any other is taken as not recorded there.
    """
    _FROM_THE_LOG[name] = None


def is_recalled(key: str) -> bool:
    """Whether what the variable ``key`` (with its parameters, if it has some) read in a recorded visit can be worked out."""
    return key.partition("?")[0] in _FROM_THE_LOG


def rests_on_earlier_visits(key: str) -> bool:
    """Whether the variable ``key`` can be worked out of a recorded moment only with the log of the person's other visits."""
    return key.partition("?")[0] in FROM_EARLIER_VISITS


def rests_on_models(key: str) -> bool:
    """Whether the variable ``key`` reads what models foretold, which is never worked out again: another may speak today."""
    return key in FORETOLD


def reading_past(read: Read, is_said: Callable[[str], bool] = is_recalled) -> Read:
    """Return ``read`` for a moment that is past: unknown where it would tell of today."""

    def read_past(name: str) -> Value:
        return read(name) if is_said(name) else UNKNOWN

    return read_past
