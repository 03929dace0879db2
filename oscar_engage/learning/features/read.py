"""How is what the state does not hold as a number read from it? Each function of an instant; ``None`` is missing."""

from math import cos, pi, sin

from oscar_engage.learning.features.instant import Instant
from oscar_engage.visitors.came_from import is_search_engine
from oscar_engage.visitors.state import STAGES, BasketState, to_ms

_DAY = 86_400
_WEEK = 7 * _DAY
_MONDAY = 3 * _DAY  # 1970 began on a Thursday
_DAY_MS = 1000 * _DAY


def products_again(instant: Instant) -> float:
    """Return how many of the product views remembered (twenty) were of a product seen before in this visit."""
    products = instant.state.products
    return len(products) - len(set(products))


def basket(instant: Instant) -> BasketState | None:
    """Return the basket as last measured; ``None`` while none was seen, and after it was ordered."""
    state = instant.state.basket
    return None if state.basket_id is None else state


def basket_total(instant: Instant) -> float | None:
    """Return its total with tax after offers."""
    known = basket(instant)
    return None if known is None else known.total


def basket_lines(instant: Instant) -> float | None:
    """Return the number of its lines."""
    known = basket(instant)
    return None if known is None else known.lines


def basket_saved(instant: Instant) -> float | None:
    """Return what offers and vouchers take off."""
    known = basket(instant)
    return None if known is None else known.saved


def basket_seconds(instant: Instant) -> float | None:
    """Return for how long it has been as it is."""
    known = basket(instant)
    if known is None or known.changed_at is None:
        return None
    return (instant.now - known.changed_at).total_seconds()


def refusals(instant: Instant) -> float:
    """Return how often the shop said no: to a line, a voucher's code, a step of the checkout or a form."""
    state = instant.state
    return state.refusals + state.voucher_refusals + state.checkout_refusals + state.form_errors


def payment_failures(instant: Instant) -> float:
    """Return how often a payment failed or was lost at the bank."""
    return instant.state.payment_failures + instant.state.payments_lost


def help_looks(instant: Instant) -> float:
    """Return how often help was looked at: searches in it, articles, forms for a question."""
    known = instant.state.help
    return known.searches + known.articles + known.contacts


def struggles(instant: Instant) -> float:
    """Return how often a page got in the way."""
    known = instant.state.struggles
    return known.rage_clicks + known.dead_clicks + known.thrashes + known.seekings


def stage(instant: Instant) -> float:
    """Return the place of the stage in ``STAGES``."""
    return STAGES.index(instant.state.stage)


def page_seconds(instant: Instant) -> float:
    """Return the seconds since a page was last opened, or since the visit began."""
    state = instant.state
    opened_at = state.pages_seen[-1].at / 1000 if state.pages_seen else state.started_at.timestamp()
    return instant.now.timestamp() - opened_at


def from_search(instant: Instant) -> float | None:
    """Return whether a search engine led here without a campaign; missing where how the visit began is not known."""
    arrival = instant.state.arrival
    return is_search_engine(arrival.host) and not _is_campaign(instant) if arrival.at else None


def from_campaign(instant: Instant) -> float | None:
    """Return whether a link with a campaign in it led here; missing where how the visit began is not known."""
    return _is_campaign(instant) if instant.state.arrival.at else None


def _is_campaign(instant: Instant) -> bool:
    arrival = instant.state.arrival
    return bool(arrival.source or arrival.medium or arrival.campaign)


def is_phone(instant: Instant) -> float | None:
    """Return whether the device is a phone; missing where the browser does not say what it is."""
    device = instant.state.arrival.device
    return device == "phone" if device else None


def hour_sin(instant: Instant) -> float:
    """Return the sine of the hour of the day (UTC) on a circle of 24 hours."""
    return sin(2 * pi * _of_day(instant))


def hour_cos(instant: Instant) -> float:
    """Return its cosine."""
    return cos(2 * pi * _of_day(instant))


def week_sin(instant: Instant) -> float:
    """Return the sine of the time of the week (UTC, from Monday) on a circle of seven days."""
    return sin(2 * pi * _of_week(instant))


def week_cos(instant: Instant) -> float:
    """Return its cosine."""
    return cos(2 * pi * _of_week(instant))


def _of_day(instant: Instant) -> float:
    return instant.now.timestamp() % _DAY / _DAY


def _of_week(instant: Instant) -> float:
    return (instant.now.timestamp() + _MONDAY) % _WEEK / _WEEK


def visit_number(instant: Instant) -> float | None:
    """Return which of the visitor's visits this is."""
    return instant.state.number if instant.is_known else None


def days_since_visit(instant: Instant) -> float | None:
    """Return the days between the end of the visit before this one and its beginning; missing in a first visit."""
    state = instant.state
    if not instant.is_known or not state.previous_at:
        return None
    return (to_ms(state.started_at) - state.previous_at) / _DAY_MS


def came_back(instant: Instant) -> float | None:
    """Return whether the visitor had left a basket behind before this visit."""
    return instant.state.came_back if instant.is_known else None
