"""What does engage see of this visit now? Everything on one page, read at once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.desk.pages import name_page
from oscar_engage.dashboard.visits.listing import get_handle, page_of, say_basket, told_of_page
from oscar_engage.dashboard.visits.log import KindLine, SignalLine, count_seen, read_checklist, read_signals
from oscar_engage.dashboard.visits.moment import guess_moment
from oscar_engage.dashboard.visits.rules import RuleNow, read_rules_now
from oscar_engage.dashboard.visits.values import ValueGroup, read_memory, read_values
from oscar_engage.decisions.models import Decision
from oscar_engage.learning.words.spoken import Spoken, read_log
from oscar_engage.rules.shipped.choices import STAGES
from oscar_engage.rules.variables import reading
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.running import running_visits
from oscar_engage.visitors.state import BasketState
from oscar_engage.visitors.stored import read_state

MOST_DECISIONS = 20
"""Decisions shown, the latest first."""

AT_ONCE = 10
"""Signals that stand open; those before them are a press away."""

CONSENT_LABELS: dict[int, Any] = {
    ConsentLevel.NONE: _("none"),
    ConsentLevel.FUNCTIONAL: _("functional: the visit, but no log"),
    ConsentLevel.STATISTICS: _("statistics"),
    ConsentLevel.PERSONALISATION: _("personalisation"),
}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What was decided, and what a model said of the shopper then."""

    decision: Decision
    spoken: Spoken | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A running visit as far as we know it."""

    visit: Visit
    handle: str
    stage: str
    page: str
    page_since: datetime | None
    basket: BasketState
    basket_total: str
    consent: Any
    is_logged: bool
    is_staff: bool
    signal_count: int
    signals: Sequence[SignalLine]
    kinds: Sequence[KindLine]
    kinds_seen: int
    rules: Sequence[RuleNow]
    spoken: Spoken | None
    decisions: Sequence[DecisionLine]
    values: Sequence[ValueGroup]
    memory: Sequence[tuple[str, str]]

    @property
    def latest(self) -> Sequence[SignalLine]:
        """The signals that stand open."""
        return self.signals[:AT_ONCE]

    @property
    def earlier(self) -> Sequence[SignalLine]:
        """Those before them."""
        return self.signals[AT_ONCE:]


def find_running(visit_id: uuid.UUID, *, now: datetime) -> Visit | None:
    """Return the visit with its visitor while it goes on; one that has ended or was erased is nobody's to watch."""
    return running_visits(now).select_related("visitor").filter(pk=visit_id).first()


def watch(visit: Visit, *, now: datetime) -> Watched:
    """Return what is known of ``visit`` at ``now``. The number of queries does not depend on what happened in it."""
    state, visitor = read_state(visit), visit.visitor
    moment = guess_moment(visitor, state, now=now)
    read = reading(moment)
    signals, things = read_signals(visit.pk, also=told_of_page(state))
    kinds = read_checklist(visit.pk)
    log = read_log(visit.pk, consent=visitor.consent, currency=state.basket.currency, now=now)
    decisions = visit.decisions.select_related("version__rule").order_by("-eligible_at", "pk")
    return Watched(
        visit=visit,
        handle=get_handle(visit),
        stage=STAGES.describe(state.stage),
        page=name_page(page_of(state), things) if state.pages_seen else "",
        page_since=state.page_since,
        basket=state.basket,
        basket_total=say_basket(state.basket),
        consent=CONSENT_LABELS[visitor.consent],
        is_logged=visitor.consent >= ConsentLevel.STATISTICS,
        is_staff=visitor.is_staff,
        signal_count=state.signals,
        signals=signals,
        kinds=kinds,
        kinds_seen=count_seen(kinds),
        rules=read_rules_now(moment, read, now=now),
        spoken=log.last,
        decisions=[DecisionLine(one, log.of_decision(one.pk)) for one in decisions[:MOST_DECISIONS]],
        values=read_values(read),
        memory=read_memory(state),
    )
