"""Who is in the shop now? The running visits of shoppers, those with most in their baskets first."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, FloatField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.formats import number_format

from oscar_engage.dashboard.desk.pages import Things, name_page, read_things
from oscar_engage.rules.shipped.choices import STAGES
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.running import running_visits
from oscar_engage.visitors.state import BasketState, VisitState
from oscar_engage.visitors.stored import read_state

MOST_VISITS = 50
"""Running visits on one page."""

STRUGGLES = ("rage_clicks", "dead_clicks", "fields_invalid", "seekings", "thrashes", "script_errors")
REFUSALS = ("refusals", "zero_result_searches", "checkout_refusals", "form_errors", "payment_failures", "login_failures")
"""What in a visit's state says that it struggles, in ``state.struggles`` and in the state itself."""

_STRUGGLING = Q(state__struggles__has_any_keys=list(STRUGGLES)) | Q(state__has_any_keys=list(REFUSALS))

_HANDLE = 6  # hex digits: enough to tell fifty visits apart, and nothing by which a browser is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which visits are asked for: at one stage (empty: at any), only those that struggle, the latest first or by basket."""

    stage: str = ""
    is_struggling: bool = False
    is_by_time: bool = False
    page: str = "1"

    @property
    def query(self) -> str:
        """What an address says of it but for the page, for links that keep it; with ``&`` in front, or empty."""
        asked = {"stage": self.stage, "struggling": "on" * self.is_struggling, "by": "time" * self.is_by_time}
        told = {name: value for name, value in asked.items() if value}
        return f"&{urlencode(told)}" if told else ""


def choose_visits(asked: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; what cannot be is left out."""
    stage = asked.get("stage", "")
    return Wanted(
        stage=stage if stage in STAGES.choices else "",
        is_struggling=asked.get("struggling") == "on",
        is_by_time=asked.get("by") == "time",
        page=asked.get("page", "1"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One line of the list. ``handle`` is what people call the visit; it says nothing of who it is."""

    pk: uuid.UUID
    handle: str
    stage: str
    page: str
    basket: str
    is_struggling: bool
    signals: int
    started_at: datetime
    last_at: datetime


def get_handle(visit: Visit) -> str:
    """Return the short name of a visit: part of its number, which was made by chance."""
    return visit.pk.hex[:_HANDLE]


@dataclass(frozen=True, slots=True)
class Running:
    """One page of the running visits: its rows, and ``page`` to turn; ``total`` are all that are wanted."""

    rows: Sequence[VisitRow]
    page: Page[Visit]

    @property
    def total(self) -> int:
        """How many visits are wanted, on all pages."""
        return self.page.paginator.count


def read_running(wanted: Wanted = Wanted(), *, now: datetime) -> Running:
    """Return the visits that go on, with at most four queries; those of members of staff are left out, as in all numbers.

    Sums of different currencies are sorted as plain numbers.
    """
    visits = running_visits(now).filter(visitor__is_staff=False, visitor__is_automaton=False)
    if wanted.stage:
        visits = visits.filter(stage=wanted.stage)
    if wanted.is_struggling:
        visits = visits.filter(_STRUGGLING)
    if not wanted.is_by_time:
        visits = visits.order_by(F("worth").desc(nulls_last=True), "-last_at", "pk").annotate(
            worth=Cast(KT("state__basket__total"), FloatField())
        )
    else:
        visits = visits.order_by("-last_at", "pk")
    page = Paginator(visits, MOST_VISITS).get_page(wanted.page)
    states = [(visit, read_state(visit)) for visit in page.object_list]
    things = read_things(told_of_page(state) for _visit, state in states)
    return Running([_row(visit, state, things) for visit, state in states], page)


def page_of(state: VisitState) -> PageFacts:
    """Return the page that the shopper opened last, as far as the state remembers it."""
    seen = state.pages_seen[-1] if state.pages_seen else None
    if seen is None:
        return PageFacts()
    thing = seen.thing or None
    return PageFacts(
        kind=seen.kind or "other",
        product_id=thing if seen.kind == "product" else None,
        category_id=thing if seen.kind == "category" else None,
        step=state.checkout_step if seen.kind == "checkout" else "",
    )


def told_of_page(state: VisitState) -> dict[str, object]:
    """Return what the last page names by id, as a signal would."""
    page = page_of(state)
    return {"product_id": page.product_id, "category_id": page.category_id}


def say_basket(basket: BasketState) -> str:
    """Return what the basket comes to; empty when there is none."""
    return f"{number_format(basket.total, 2)} {basket.currency}" if basket.lines else ""


def is_struggling(state: VisitState) -> bool:
    """Whether the shopper clicked in vain, got errors or was refused something; the same question as the list's filter."""
    told = [getattr(state.struggles, name) for name in STRUGGLES]
    return any((*told, *(getattr(state, name) for name in REFUSALS)))


def _row(visit: Visit, state: VisitState, things: Things) -> VisitRow:
    return VisitRow(
        pk=visit.pk,
        handle=get_handle(visit),
        stage=STAGES.describe(state.stage),
        page=name_page(page_of(state), things) if state.pages_seen else "",
        basket=say_basket(state.basket),
        is_struggling=is_struggling(state),
        signals=state.signals,
        started_at=visit.started_at,
        last_at=visit.last_at,
    )
