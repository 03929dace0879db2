"""What does a signal change about a visit? ``fold(state, signal, page)`` gives the next state; every order gives the same."""

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any, TypeVar

import msgspec

from oscar_engage.signals import shipped, shipped_baskets, shipped_help, shipped_visits
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.fold_struggles import fold_struggle
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.self_help import FINISHED, OPENED, SEARCHED, STARTED, HelpStep, earliest, with_step
from oscar_engage.visitors.state import (
    Arrival,
    BasketCheck,
    BasketState,
    Country,
    Failure,
    PageSeen,
    ProductSeen,
    Refusal,
    Search,
    Seen,
    Shipping,
    StepSeen,
    TotalSeen,
    VisitState,
    to_ms,
)

_PAGES, _PRODUCTS, _STEPS, _TOTALS = 12, 20, 20, 12  # remembered: more than a rule asks for, few enough to fold in microseconds
_FIELDS = 20  # names of fields with errors

Changes = dict[str, Any]
Item = TypeVar("Item", bound=Seen)


def fold(state: VisitState, signal: Signal, page: PageFacts) -> VisitState:
    """Return ``state`` after ``signal``, which came from ``page``. A kind that no fold knows only counts."""
    changes = _changes(signal.payload, state, signal, page)
    struggles = fold_struggle(state.struggles, signal.payload)
    last_at = max(state.last_at, signal.at)
    return msgspec.structs.replace(state, signals=state.signals + 1, last_at=last_at, struggles=struggles, **changes)


@singledispatch
def _changes(payload: Payload, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    """Return the fields that this signal changes, by the type of its payload."""
    return {}


def _with(trail: tuple[Item, ...], item: Item, most: int) -> tuple[Item, ...]:
    """Return the latest ``most`` of the trail and the new item, in the order of their times."""
    grown: list[Item] = [*trail, item]
    grown.sort()
    return tuple(grown[-most:])


def _reach(state: VisitState, stage: str, signal: Signal) -> Changes:
    at = to_ms(signal.at)
    return {
        "reached": {**state.reached, stage: max(at, state.reached.get(stage, 0))},
        "entered": {**state.entered, stage: min(at, state.entered.get(stage, at))},
    }


@_changes.register
def _page_viewed(payload: shipped.PageViewed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    seen = PageSeen(to_ms(signal.at), page.kind, page.product_id or page.category_id or 0)
    return {"pages": state.pages + 1, "pages_seen": _with(state.pages_seen, seen, _PAGES)}


@_changes.register
def _product_viewed(payload: shipped.ProductViewed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    seen = ProductSeen(to_ms(signal.at), payload.product_id)
    return {
        "product_views": state.product_views + 1,
        "products_seen": _with(state.products_seen, seen, _PRODUCTS),
        **_reach(state, "product", signal),
    }


@_changes.register
def _product_unavailable(payload: shipped.ProductUnavailable, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"unavailable_views": state.unavailable_views + 1}


@_changes.register
def _wishlist_added(payload: shipped.WishlistAdded, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"wishlist_adds": state.wishlist_adds + 1}


@_changes.register
def _stock_alert(payload: shipped.StockAlertRequested, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"stock_alerts": state.stock_alerts + 1}


@_changes.register
def _search_made(payload: shipped.SearchMade, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {
        "searches": state.searches + 1,
        "zero_result_searches": state.zero_result_searches + (payload.results == 0),
        "search": max(state.search, Search(to_ms(signal.at), payload.query, payload.results)),
    }


@_changes.register
def _line_added(payload: shipped.LineAdded, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"lines_added": state.lines_added + 1, **_reach(state, "basket", signal)}


@_changes.register
def _line_removed(payload: shipped.LineRemoved, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"lines_removed": state.lines_removed + 1}


@_changes.register
def _line_refused(payload: shipped.LineRefused, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"refusals": state.refusals + 1}


@_changes.register
def _basket_measured(payload: shipped.BasketMeasured, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    measured = BasketState(
        basket_id=payload.basket_id,
        total=payload.total,
        currency=payload.currency,
        lines=payload.lines,
        quantity=payload.quantity,
        saved=payload.saved,
        has_voucher=payload.voucher,
        has_variants=payload.variants,
        products=payload.products,
        filled_at=payload.filled_at,
        changed_at=signal.at,
    )
    reached = _reach(state, "basket", signal) if payload.lines else {}
    seen = TotalSeen(to_ms(signal.at), payload.basket_id, payload.currency, payload.total, payload.lines, payload.quantity)
    trail = {"totals_seen": _with(state.totals_seen, seen, _TOTALS)}
    return {"basket": _later_basket(state.basket, measured), **trail, **reached}


def _later_basket(one: BasketState, other: BasketState) -> BasketState:
    def place(basket: BasketState) -> tuple[Any, ...]:
        at = basket.changed_at.timestamp() if basket.changed_at else 0.0
        counted = (basket.basket_id or 0, basket.total, basket.currency, basket.lines, basket.quantity)
        found = (basket.saved, basket.has_voucher, basket.has_variants, basket.products, basket.filled_at)
        return at, *counted, *found

    return max(one, other, key=place)


@_changes.register
def _voucher_refused(payload: shipped.VoucherRefused, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"voucher_refusals": state.voucher_refusals + 1}


@_changes.register
def _checkout_step(payload: shipped.CheckoutStep, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    stage = "payment" if PageFacts(step=payload.step).is_payment() else "checkout"
    seen = StepSeen(to_ms(signal.at), payload.step)
    return {"steps_seen": _with(state.steps_seen, seen, _STEPS), **_reach(state, stage, signal)}


@_changes.register
def _checkout_refused(payload: shipped.CheckoutRefused, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"checkout_refusals": state.checkout_refusals + 1}


@_changes.register
def _form_invalid(payload: shipped.FormInvalid, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    refusal = Refusal(to_ms(signal.at), payload.fields)
    return {
        "form_errors": state.form_errors + 1,
        "form_refusal": max(state.form_refusal, refusal),
        "refused_fields": _counted(state.refused_fields, payload.fields),
    }


def _counted(before: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    """Return the counts with each of ``names`` counted once more; of too many names, those that come first in the alphabet.

    A name that is left out now is never among the first again, so no count depends on who came when.
    """
    counts = {**before, **{name: before.get(name, 0) + 1 for name in names}}
    return {name: counts[name] for name in sorted(counts)[:_FIELDS]}


@_changes.register
def _payment_tried(payload: shipped.PaymentTried, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"payment_tries": state.payment_tries + 1, **_reach(state, "payment", signal)}


@_changes.register
def _payment_redirected(payload: shipped.PaymentRedirected, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"redirected_at": max(state.redirected_at, to_ms(signal.at))}


@_changes.register
def _payment_failed(payload: shipped.PaymentFailed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    failure = Failure(to_ms(signal.at), payload.reason)
    return {"payment_failures": state.payment_failures + 1, "payment_failure": max(state.payment_failure, failure)}


@_changes.register
def _payment_lost(payload: shipped.PaymentLost, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"payments_lost": state.payments_lost + 1, "lost_at": max(state.lost_at, to_ms(signal.at))}


@_changes.register
def _order_placed(payload: shipped.OrderPlaced, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {
        "orders": state.orders + 1,
        "ordered_at": max(state.ordered_at, to_ms(signal.at)),
        "basket": _later_basket(state.basket, BasketState(changed_at=signal.at)),
        "basket_check": max(state.basket_check, BasketCheck(to_ms(signal.at))),
    }


@_changes.register
def _login_failed(payload: shipped.LoginFailed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"login_failures": state.login_failures + 1}


@_changes.register
def _login_succeeded(payload: shipped.LoginSucceeded, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return _logged_in(state, signal)


@_changes.register
def _customer_recognised(
    payload: shipped_visits.CustomerRecognised, state: VisitState, signal: Signal, page: PageFacts
) -> Changes:
    return _logged_in(state, signal)


def _logged_in(state: VisitState, signal: Signal) -> Changes:
    return {"login_at": max(state.login_at, to_ms(signal.at))}


@_changes.register
def _login_ended(payload: shipped.LoginEnded, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"logout_at": max(state.logout_at, to_ms(signal.at))}


@_changes.register
def _visit_began(payload: shipped_visits.VisitBegan, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    told = (payload.host, payload.source, payload.medium, payload.campaign, payload.device, payload.page, payload.language)
    arrival = Arrival(to_ms(signal.at), *told)
    return {"arrival": min(state.arrival, arrival) if state.arrival.at else arrival}


@_changes.register
def _shipping_told(payload: shipped_visits.ShippingTold, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    at = to_ms(signal.at)
    changes: Changes = {}
    if payload.methods is not None:
        cheapest = -1 if payload.cheapest is None else payload.cheapest
        changes["shipping"] = max(state.shipping, Shipping(at, payload.methods, cheapest, payload.currency))
    if payload.country:
        changes["country"] = max(state.country, Country(at, payload.country))
    return changes


@_changes.register
def _exit_intent(payload: shipped.ExitIntent, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"exit_intents": state.exit_intents + 1}


@_changes.register
def _page_hidden(payload: shipped.PageHidden, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"tabs_away": state.tabs_away + 1}


@_changes.register
def _page_idle(payload: shipped.PageIdle, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"idle_moments": state.idle_moments + 1}


@_changes.register
def _about_to_abandon(payload: shipped.AboutToAbandon, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"abandoning": tuple(sorted({*state.abandoning, payload.stage}))}


@_changes.register
def _came_back(payload: shipped.CameBack, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"came_back": True}


# --- lines of the basket that are no longer what they were


@_changes.register
def _basket_checked(payload: shipped_baskets.BasketChecked, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    check = BasketCheck(to_ms(signal.at), payload.basket_id, payload.prices, payload.shortages)
    return {"basket_check": max(state.basket_check, check)}


# --- self-help


def _help(state: VisitState, **changes: Any) -> Changes:
    return {"help": msgspec.structs.replace(state.help, **changes)}


def _step(signal: Signal, page: PageFacts, what: str, name: str, results: int = 0) -> HelpStep:
    return HelpStep(to_ms(signal.at), what, name, page.kind, page.product_id or page.category_id or 0, results)


@_changes.register
def _help_searched(payload: shipped_help.HelpSearched, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    step = _step(signal, page, SEARCHED, payload.query, payload.results)
    return _help(state, searches=state.help.searches + 1, steps=with_step(state.help.steps, step))


@_changes.register
def _help_opened(payload: shipped_help.HelpOpened, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    if not payload.article:
        return {}
    return _help(
        state,
        articles=state.help.articles + 1,
        first_article=earliest(state.help.first_article, to_ms(signal.at)),
        steps=with_step(state.help.steps, _step(signal, page, OPENED, payload.article)),
    )


@_changes.register
def _help_rated(payload: shipped_help.HelpRated, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return _help(state, not_helpful=state.help.not_helpful + (not payload.helpful))


@_changes.register
def _contact_opened(payload: shipped_help.ContactOpened, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    first = earliest(state.help.first_contact, to_ms(signal.at))
    return _help(state, contacts=state.help.contacts + 1, first_contact=first)


@_changes.register
def _tool_started(payload: shipped_help.ToolStarted, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return _help(state, steps=with_step(state.help.steps, _step(signal, page, STARTED, payload.tool)))


@_changes.register
def _tool_finished(payload: shipped_help.ToolFinished, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return _help(state, steps=with_step(state.help.steps, _step(signal, page, FINISHED, payload.tool)))
