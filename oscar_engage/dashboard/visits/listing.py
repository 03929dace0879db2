"""Who is in the shop now? The running visits of shoppers, those that were active last first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format

from oscar_engage.dashboard.desk.pages import Things, name_page, read_things
from oscar_engage.rules.shipped.choices import STAGES
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.running import running_visits
from oscar_engage.visitors.state import BasketState, VisitState
from oscar_engage.visitors.stored import read_state

MOST_VISITS = 50
"""Running visits shown at once."""

_HANDLE = 6  # hex digits: enough to tell fifty visits apart, and nothing by which a browser is known


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One line of the list. ``handle`` is what people call the visit; it says nothing of who it is."""

    pk: uuid.UUID
    handle: str
    stage: str
    page: str
    basket: str
    signals: int
    started_at: datetime
    last_at: datetime


def get_handle(visit: Visit) -> str:
    """Return the short name of a visit: part of its number, which was made by chance."""
    return visit.pk.hex[:_HANDLE]


def read_running(*, now: datetime) -> Sequence[VisitRow]:
    """Return the visits that go on, with at most three queries; those of members of staff are left out, as in all numbers."""
    visits = running_visits(now).filter(visitor__is_staff=False, visitor__is_automaton=False).order_by("-last_at")[:MOST_VISITS]
    states = [(visit, read_state(visit)) for visit in visits]
    things = read_things(told_of_page(state) for _visit, state in states)
    return [_row(visit, state, things) for visit, state in states]


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


def _row(visit: Visit, state: VisitState, things: Things) -> VisitRow:
    return VisitRow(
        pk=visit.pk,
        handle=get_handle(visit),
        stage=STAGES.describe(state.stage),
        page=name_page(page_of(state), things) if state.pages_seen else "",
        basket=say_basket(state.basket),
        signals=state.signals,
        started_at=visit.started_at,
        last_at=visit.last_at,
    )
