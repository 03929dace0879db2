"""What do we know of this visit? A plain value; the same signals lead to it in whatever order they come.

Beats arrive late, and the server's own signals overtake them. So nothing in here depends on who came first: a number counts, a
trail keeps the latest of their own times, a "last" is the one with the latest time, and what is read from them (the stage, the
step, a quick back) is worked out when it is asked for.
"""

from datetime import UTC, datetime
from itertools import pairwise
from math import floor
from typing import Any

import msgspec

from oscar_engage.signals.shipped_baskets import PriceMove, Shortage
from oscar_engage.visitors.self_help import HelpState

STAGES = ("browsing", "product", "basket", "checkout", "payment", "ordered")
"""How far a visit has come. After an order it begins anew with the next basket."""

STEPS = ("index", "shipping-address", "shipping-method", "payment-method", "payment-details", "preview")
"""Oscar's checkout, in its order, by the names of the views."""

PAYING = frozenset(STEPS[4:])
"""The steps on which the shopper pays: their pages carry no script of ours, so only the server sees them opened."""

QUICK = 10_000
"""Milliseconds within which a page that is left for the one before it was a quick back: not what was looked for."""


class Seen(msgspec.Struct, frozen=True, array_like=True, order=True):
    """An entry of a trail: something was opened at ``at`` (ms since 1970, UTC)."""

    at: int


class PageSeen(Seen, frozen=True, array_like=True, order=True):
    """A page: its kind, and the product or category it shows (0: neither)."""

    kind: str
    thing: int = 0


class ProductSeen(Seen, frozen=True, array_like=True, order=True):
    """A product that was looked at."""

    product_id: int


class StepSeen(Seen, frozen=True, array_like=True, order=True):
    """A step of the checkout, by its view's name."""

    step: str


class Search(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A search: when (ms), for what, and how many products it found."""

    at: int = 0
    query: str = ""
    results: int = 0


class Refusal(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A form that came back: when (ms), and the names of the fields with errors."""

    at: int = 0
    fields: tuple[str, ...] = ()


class Failure(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A payment that failed: when (ms), and why."""

    at: int = 0
    reason: str = ""


class Arrival(msgspec.Struct, frozen=True, array_like=True, order=True):
    """How the visit began: when (ms; 0: not known), led by which site and campaign, on what device, page and language."""

    at: int = 0
    host: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    device: str = ""
    page: str = ""
    language: str = ""


class Shipping(msgspec.Struct, frozen=True, array_like=True, order=True):
    """What the checkout offered last: when (ms), how many methods (-1: not known), the cheapest's price (-1: not known)."""

    at: int = 0
    methods: int = -1
    cheapest: float = -1
    currency: str = ""


class Country(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Where the goods are to go: when (ms) that was said, and the country's two letters (ISO 3166)."""

    at: int = 0
    code: str = ""


class BasketState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The basket as last measured after a change; ``changed_at`` is the time of that change."""

    basket_id: int | None = None
    total: float = 0
    currency: str = ""
    lines: int = 0
    quantity: int = 0
    saved: float = 0
    """What offers and vouchers take off, in the currency of the total."""
    has_voucher: bool = False
    has_variants: bool = False
    """Two lines are variants of one product, such as two sizes."""
    products: tuple[int, ...] = ()
    """The ids of its products, ascending; not all of them when there are many."""
    filled_at: int = 0
    """When (ms) a line was last put in or its quantity changed, by the shop's own word; 0: not known."""
    changed_at: datetime | None = None


class TotalSeen(Seen, frozen=True, array_like=True, order=True):
    """What a basket came to at one time."""

    basket_id: int = 0
    currency: str = ""
    total: float = 0
    lines: int = 0
    quantity: int = 0


class BasketCheck(msgspec.Struct, frozen=True, array_like=True, order=True):
    """The last look at the basket's lines: when (ms), which prices moved since they were put in, what cannot be bought."""

    at: int = 0
    basket_id: int = 0
    prices: tuple[PriceMove, ...] = ()
    shortages: tuple[Shortage, ...] = ()


class Struggles(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where pages got in the way in this visit. Counts, the farthest, and names; each the same in any order."""

    rage_clicks: int = 0
    dead_clicks: int = 0
    hesitations: int = 0
    hesitated_fields: tuple[str, ...] = ()
    """Names of fields that held up, in the order of the alphabet; the first of it when there are many."""
    field_seconds: float = 0
    """The longest time spent in one field on one page, in seconds."""
    field_returns: int = 0
    fields_left_empty: int = 0
    fields_invalid: int = 0
    thrashes: int = 0
    deepest_scroll: int = 0
    """The farthest down any page, in percent of its length: 0, 25, 50, 75 or 100."""
    seekings: int = 0
    copies: int = 0
    prices_copied: int = 0
    options_toggled: int = 0
    script_errors: int = 0


class Snapshots(msgspec.Struct, frozen=True, array_like=True):
    """What of the visit was already put down in numbers (``learning.vectors.due``); times are ms, 0: nothing yet."""

    signals: int = 0
    """How many signals there were at the last snapshot."""
    has_product: bool = False
    basket_at: int = 0
    page_at: int = 0
    """Since when the page was open on which ``idle`` is counted."""
    idle: int = 0
    """The longest landmark of idle seconds reached on that page."""
    others: int = 0
    """Snapshots of baskets and idle moments so far."""


class VisitState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a rule can read about the visit. Counts start at zero, times are the server's."""

    started_at: datetime
    last_at: datetime
    number: int = 1
    """Which of the visitor's visits this is, counted from one when it began."""
    previous_at: int = 0
    """When (ms) the visit before this one ended; 0: none is known."""
    arrival: Arrival = Arrival()
    signals: int = 0
    pages: int = 0
    pages_seen: tuple[PageSeen, ...] = ()
    product_views: int = 0
    products_seen: tuple[ProductSeen, ...] = ()
    unavailable_views: int = 0
    wishlist_adds: int = 0
    stock_alerts: int = 0
    searches: int = 0
    zero_result_searches: int = 0
    search: Search = Search()
    basket: BasketState = BasketState()
    totals_seen: tuple[TotalSeen, ...] = ()
    """What the basket came to at its last changes."""
    basket_check: BasketCheck = BasketCheck()
    lines_added: int = 0
    lines_removed: int = 0
    refusals: int = 0
    voucher_refusals: int = 0
    reached: dict[str, int] = {}
    """For each stage before ``ordered``, when (ms) it was last reached."""
    entered: dict[str, int] = {}
    """For each stage before ``ordered``, when (ms) it was first reached."""
    steps_seen: tuple[StepSeen, ...] = ()
    checkout_refusals: int = 0
    form_errors: int = 0
    form_refusal: Refusal = Refusal()
    refused_fields: dict[str, int] = {}
    """How often each field had an error; the first fields of the alphabet when there are many."""
    shipping: Shipping = Shipping()
    country: Country = Country()
    payment_tries: int = 0
    payment_failures: int = 0
    payment_failure: Failure = Failure()
    redirected_at: int = 0
    """When (ms) the shopper was last sent to the bank's page."""
    payments_lost: int = 0
    lost_at: int = 0
    login_failures: int = 0
    login_at: int = 0
    """When (ms) the customer was last seen to be logged in, or to log in."""
    logout_at: int = 0
    exit_intents: int = 0
    tabs_away: int = 0
    idle_moments: int = 0
    abandoning: tuple[str, ...] = ()
    """The stages at which the shopper seemed about to abandon, each once."""
    help: HelpState = HelpState()
    came_back: bool = False
    """The visitor had abandoned a basket before this visit."""
    orders: int = 0
    ordered_at: int = 0
    """When (ms) the last order was placed."""
    struggles: Struggles = Struggles()
    holding: tuple[int, ...] = ()
    """What held at the last beat, as ``decisions.edge`` packs it: a rule fires when it *becomes* true."""
    snapshots: Snapshots = Snapshots()
    """What was put down in numbers by the last beat. Like ``holding`` it is no signal's doing."""

    @property
    def stage(self) -> str:
        """How far the visit has come, one of :data:`STAGES`."""
        again = STAGES.index("basket") if self.ordered_at else 0  # to look around after an order is no new beginning
        since = [stage for stage in STAGES[again:] if self.reached.get(stage, 0) > self.ordered_at]
        return since[-1] if since else "ordered" if self.ordered_at else "browsing"

    @property
    def stage_pages(self) -> int:
        """How many pages were opened since this stage was first reached, or since the last order, of those remembered.

        A page on which the shopper pays counts by its step in the checkout. Not below one: whoever is at a stage is on a page.
        """
        since = max(self.entered.get(self.stage, 0), self.ordered_at)
        paying = sum(seen.at >= since for seen in self.steps_seen if seen.step in PAYING)
        return max(1, paying + sum(seen.at >= since for seen in self.pages_seen))

    @property
    def is_logged_in(self) -> bool:
        """Whether a customer is logged in, as far as the server's pages told."""
        return self.login_at > self.logout_at

    @property
    def page_kind(self) -> str:
        """The kind of the page opened last; empty before the first."""
        return self.pages_seen[-1].kind if self.pages_seen else ""

    @property
    def page_since(self) -> datetime | None:
        """When the last page was opened."""
        return from_ms(self.pages_seen[-1].at) if self.pages_seen else None

    @property
    def products(self) -> tuple[int, ...]:
        """The ids of the products looked at lately, in their order."""
        return tuple(seen.product_id for seen in self.products_seen)

    @property
    def checkout_step(self) -> str:
        """The step of the checkout opened last."""
        return self.steps_seen[-1].step if self.steps_seen else ""

    @property
    def checkout_since(self) -> datetime | None:
        """When the checkout was entered, after the last order."""
        entered = next((seen.at for seen in self.steps_seen if seen.at > self.ordered_at), None)
        return None if entered is None else from_ms(entered)

    @property
    def back_steps(self) -> int:
        """How often an earlier step of the checkout was opened after a later one, of those remembered."""
        places = [STEPS.index(seen.step) for seen in self.steps_seen if seen.at > self.ordered_at and seen.step in STEPS]
        return sum(after < before for before, after in pairwise(places))

    @property
    def quick_backs(self) -> int:
        """How often a page was left within :data:`QUICK` for the one before it, of those remembered."""
        trail = self.pages_seen
        return sum(
            before.kind != "other" and _is_same(before, back) and not _is_same(before, page) and back.at - page.at < QUICK
            for before, page, back in zip(trail, trail[1:], trail[2:], strict=False)
        )

    @property
    def is_away_paying(self) -> bool:
        """Whether the last thing heard of the payment is that the shopper was sent to the bank."""
        heard = (self.ordered_at, self.payment_failure.at, self.steps_seen[-1].at if self.steps_seen else 0, self.lost_at)
        return self.redirected_at > max(heard)


def _is_same(one: PageSeen, other: PageSeen) -> bool:
    return (one.kind, one.thing) == (other.kind, other.thing)


def begin(at: datetime, *, number: int = 1, previous_at: datetime | None = None) -> VisitState:
    """Return the state of a visit that begins at ``at``, the ``number``-th; ``previous_at`` is when the one before ended."""
    return VisitState(started_at=at, last_at=at, number=number, previous_at=to_ms(previous_at) if previous_at else 0)


def to_ms(at: datetime) -> int:
    """Return ``at`` as whole milliseconds since 1970 (UTC), never later than it was."""
    return floor(at.timestamp() * 1000)


def from_ms(at: int) -> datetime:
    """Return the time that is ``at`` milliseconds after 1970 (UTC)."""
    return datetime.fromtimestamp(at / 1000, UTC)


def to_json(state: VisitState) -> dict[str, Any]:
    """Return ``state`` as plain JSON values."""
    built: dict[str, Any] = msgspec.to_builtins(state)
    return built


def from_json(raw: dict[str, Any]) -> VisitState:
    """Rebuild a state written by :func:`to_json`; one that an older version wrote still reads (unknown keys are dropped)."""
    return msgspec.convert(raw, VisitState)
