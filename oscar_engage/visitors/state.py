"""What do we know of this visit? A plain value folded from its signals: ``fold(state, signal, page)`` gives the next one."""

from datetime import datetime
from functools import singledispatch
from typing import Any

import msgspec

from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.page import PageFacts

_RECENT = 20  # products remembered in a visit: more than any rule asks for, little enough to fold in microseconds

STAGES = ("browsing", "product", "basket", "checkout", "payment", "ordered")
"""How far a visit has come; a stage never goes back except from ``ordered`` when a new basket begins."""


class BasketState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The basket as last measured after a change; ``changed_at`` is the time of that change."""

    basket_id: int | None = None
    total: float = 0
    currency: str = ""
    lines: int = 0
    quantity: int = 0
    changed_at: datetime | None = None


class VisitState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a rule can read about the visit. Counts start at zero, times are the server's."""

    started_at: datetime
    last_at: datetime
    number: int = 1
    """Which of the visitor's visits this is, counted from one when it began."""
    stage: str = "browsing"
    signals: int = 0
    pages: int = 0
    page_kind: str = ""
    page_since: datetime | None = None
    products: tuple[int, ...] = ()
    product_views: int = 0
    unavailable_views: int = 0
    wishlist_adds: int = 0
    stock_alerts: int = 0
    searches: int = 0
    zero_result_searches: int = 0
    last_search: str = ""
    last_search_results: int = 0
    basket: BasketState = BasketState()
    lines_added: int = 0
    lines_removed: int = 0
    refusals: int = 0
    voucher_refusals: int = 0
    checkout_step: str = ""
    checkout_since: datetime | None = None
    checkout_refusals: int = 0
    form_errors: int = 0
    error_fields: tuple[str, ...] = ()
    payment_tries: int = 0
    payment_failures: int = 0
    payment_reason: str = ""
    login_failures: int = 0
    logged_in: bool = False
    exit_intents: int = 0
    tabs_away: int = 0
    idle_moments: int = 0
    orders: int = 0
    holding: tuple[int, ...] = ()
    """What held at the last beat, as ``decisions.edge`` packs it: a rule fires when it *becomes* true."""


def begin(at: datetime, *, number: int = 1) -> VisitState:
    """Return the state of a visit that begins at ``at``, the visitor's ``number``-th."""
    return VisitState(started_at=at, last_at=at, number=number)


def fold(state: VisitState, signal: Signal, page: PageFacts) -> VisitState:
    """Return ``state`` after ``signal``, which came from ``page``. A kind that no fold knows only counts."""
    changes = _changes(signal.payload, state, signal, page)
    last_at = max(state.last_at, signal.at)
    return msgspec.structs.replace(state, signals=state.signals + 1, last_at=last_at, **changes)


def to_json(state: VisitState) -> dict[str, Any]:
    """Return ``state`` as plain JSON values."""
    built: dict[str, Any] = msgspec.to_builtins(state)
    return built


def from_json(raw: dict[str, Any]) -> VisitState:
    """Rebuild a state written by :func:`to_json`; one that an older version wrote still reads (unknown keys are dropped)."""
    return msgspec.convert(raw, VisitState)


Changes = dict[str, Any]


@singledispatch
def _changes(payload: Payload, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    """Return the fields that this signal changes, by the type of its payload."""
    return {}


def _further(stage: str, state: VisitState) -> str:
    return max(stage, state.stage, key=STAGES.index)


@_changes.register
def _page_viewed(payload: shipped.PageViewed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"pages": state.pages + 1, "page_kind": page.kind, "page_since": signal.at}


@_changes.register
def _product_viewed(payload: shipped.ProductViewed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {
        "product_views": state.product_views + 1,
        "products": (*state.products, payload.product_id)[-_RECENT:],
        "stage": _further("product", state),
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
        "last_search": payload.query,
        "last_search_results": payload.results,
    }


@_changes.register
def _line_added(payload: shipped.LineAdded, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    stage = "basket" if state.stage == "ordered" else _further("basket", state)
    return {"lines_added": state.lines_added + 1, "stage": stage}


@_changes.register
def _line_removed(payload: shipped.LineRemoved, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"lines_removed": state.lines_removed + 1}


@_changes.register
def _line_refused(payload: shipped.LineRefused, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"refusals": state.refusals + 1}


@_changes.register
def _basket_measured(payload: shipped.BasketMeasured, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {
        "basket": BasketState(
            basket_id=payload.basket_id,
            total=payload.total,
            currency=payload.currency,
            lines=payload.lines,
            quantity=payload.quantity,
            changed_at=signal.at,
        )
    }


@_changes.register
def _voucher_refused(payload: shipped.VoucherRefused, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"voucher_refusals": state.voucher_refusals + 1}


@_changes.register
def _checkout_step(payload: shipped.CheckoutStep, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    stage = "payment" if PageFacts(step=payload.step).is_payment() else "checkout"
    return {
        "checkout_step": payload.step,
        "checkout_since": state.checkout_since or signal.at,
        "stage": _further(stage, state),
    }


@_changes.register
def _checkout_refused(payload: shipped.CheckoutRefused, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"checkout_refusals": state.checkout_refusals + 1}


@_changes.register
def _form_invalid(payload: shipped.FormInvalid, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"form_errors": state.form_errors + 1, "error_fields": payload.fields}


@_changes.register
def _payment_tried(payload: shipped.PaymentTried, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"payment_tries": state.payment_tries + 1, "stage": _further("payment", state)}


@_changes.register
def _payment_failed(payload: shipped.PaymentFailed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"payment_failures": state.payment_failures + 1, "payment_reason": payload.reason}


@_changes.register
def _order_placed(payload: shipped.OrderPlaced, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"orders": state.orders + 1, "stage": "ordered", "basket": BasketState(), "checkout_since": None}


@_changes.register
def _login_failed(payload: shipped.LoginFailed, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"login_failures": state.login_failures + 1}


@_changes.register
def _login_succeeded(payload: shipped.LoginSucceeded, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"logged_in": True}


@_changes.register
def _exit_intent(payload: shipped.ExitIntent, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"exit_intents": state.exit_intents + 1}


@_changes.register
def _page_hidden(payload: shipped.PageHidden, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"tabs_away": state.tabs_away + 1}


@_changes.register
def _page_idle(payload: shipped.PageIdle, state: VisitState, signal: Signal, page: PageFacts) -> Changes:
    return {"idle_moments": state.idle_moments + 1}
