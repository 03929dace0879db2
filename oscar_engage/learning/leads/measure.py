"""What did the last day come to? Each hour, in the worker: costs, agents' hours and the day's scores become bars.

A fixed number of queries and bounded memory, whatever the shop's size: counts are the database's, scores are a sample.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Exists, F, OuterRef, QuerySet, Sum
from django.utils import timezone

from oscar_engage.analytics.costs.rates import Channel, contact_cost, rates_on
from oscar_engage.analytics.costs.store import read_rates
from oscar_engage.analytics.models import Conversion
from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Decision, Reason
from oscar_engage.decisions.order.ranking import shop_currency
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.desk.dialer.forecast import Rates
from oscar_engage.desk.dialer.state import find_state, rates_of
from oscar_engage.desk.staffing.models import AgentHour
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.learning.features.schema import SCHEMA
from oscar_engage.learning.features.vector import read_vector
from oscar_engage.learning.leads.advise import BASKET
from oscar_engage.learning.leads.bars import MARGIN, Measured, Why, bars_of, gain_of
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.learning.leads.models import ONLY, LeadBars
from oscar_engage.learning.scoring.ways import OF_LOOKS
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.rules.actions import ACTIONS

KIND = "learning.bars"
HOUR = 60 * 60
A_DAY = timedelta(days=1)

MOST = 5_000
"""Vectors that are read of a day, about, evenly over it: quantiles of so many are known to a percent. Some 3 MB."""

ORDERS_OF = timedelta(days=30)
"""Of how many days the orders are whose mean counts as an order."""

WANTED = (Reason.OFFERED, Reason.NO_AGENT, Reason.OUTRANKED, Reason.IN_LINE)
"""What became of moments in which an agent was wanted: held out and advised against are none."""

_TENTHS = 10  # AgentHour.room counts tenths of a slot


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured, and the bars that follow."""

    bars: Bars
    why: Why
    numbers: Mapping[str, Any]


def look(payload: Mapping[str, Any], /, *, now: datetime, places_of: Callable[[datetime], float] | None = None) -> Found | None:
    """Return the bars after the last day; writes nothing. ``None`` where nothing is learnt.

    ``places_of`` says to how many invitations agents could have answered since then; else the desk's own hours do.
    """
    if not get_settings().has("learning"):
        return None
    since = now - A_DAY
    (conversation, acceptance), order, margin = _conversation(now), _order(now), _margin()
    plain = Bars(uplift=0.0, propensity=0.0, order=order or 0.0, margin=margin)
    wanting = _wanting(since, now)
    day = Measured(
        conversation=conversation,
        acceptance=acceptance,
        order=order,
        margin=margin,
        wanted=wanting.values("visit").distinct().count(),
        places=(places_of or _places)(since),
        gains=_gains(_scored(since, now).filter(Exists(wanting.filter(visit=OuterRef("visit")))), plain),
        propensities=_propensities(since, now),
    )
    bars, why = bars_of(day)
    numbers = {
        **{name: value for name, value in asdict(day).items() if name not in {"gains", "propensities"}},
        "gains": len(day.gains),
        "propensities": len(day.propensities),
    }
    return Found(bars, why, numbers)


def follow(found: Found | None, /, *, now: datetime) -> None:
    """Keep the bars; they count in every process within a minute."""
    if found is not None:
        row = {**asdict(found.bars), "why": found.why.value, "numbers": dict(found.numbers), "measured_at": now}
        LeadBars.objects.update_or_create(pk=ONLY, defaults=row)


def places_in(room_seconds: float, rates: Rates) -> float:
    """Return how many invitations slots of ``room_seconds`` in all are enough for, by what the dialer expects of each.

    One that is accepted takes a chat, whose length is log-normal; one that is not, the time it stands open.
    """
    talk = rates.talk * math.exp(rates.spread**2 / 2)
    return room_seconds / (rates.acceptance * talk + (1 - rates.acceptance) * rates.answer)


def _places(since: datetime) -> float:
    """Return to how many invitations the desk could have answered since then; one query, and one where agents were there.

    What they did besides is not taken off: so a price is rather too low, and rather too few are outranked.
    """
    room = AgentHour.objects.filter(hour__gt=since - timedelta(hours=1)).aggregate(room=Sum("room"))["room"] or 0
    return places_in(room / _TENTHS, rates_of(find_state())) if room else 0.0


def _conversation(now: datetime) -> tuple[float | None, float]:
    """Return what a chat costs in the shop's currency, as the page of costs says, and which share of invitations becomes one.

    ``None``: the cost is not said, or in another currency.
    """
    rates = rates_on(timezone.localdate(now, timezone.get_default_timezone()), read_rates())
    if rates is None or rates.currency != shop_currency():
        return None, 1.0
    known = rates_of(find_state())
    minutes = Decimal(str(round(known.talk * math.exp(known.spread**2 / 2) / 60, 2)))
    cost = contact_cost(rates, Channel.CHAT, measured=minutes)
    return (None if cost is None else float(cost) / 100), known.acceptance


def _order(now: datetime) -> float | None:
    orders = Conversion.objects.filter(placed_at__gte=now - ORDERS_OF, placed_at__lt=now, is_test=False)
    mean = orders.filter(currency=shop_currency(), returned_at__isnull=True).aggregate(mean=Avg("total"))["mean"]
    return None if mean is None else float(mean)


def _margin() -> float:
    percent = read_formula().basket_percent
    return percent / 100 if percent > 0 else MARGIN


def _wanting(since: datetime, now: datetime) -> QuerySet[Decision]:
    """Return the moments in which a rule wanted an agent and, as far as the model and the draw go, had one coming."""
    with_agent = [name for name in ACTIONS.names() if ACTIONS.get(name).needs_agent]
    moments = Decision.objects.filter(eligible_at__gte=since, eligible_at__lt=now, visit__isnull=False)
    return moments.filter(action__in=with_agent, reason__in=WANTED)


def _scored(since: datetime, now: datetime) -> QuerySet[ScoredVector]:
    return ScoredVector.objects.filter(at__gte=since, at__lt=now, schema=SCHEMA)


def _sampled(vectors: QuerySet[ScoredVector]) -> QuerySet[ScoredVector]:
    """Return every so manieth, such that :data:`MOST` come; one query for how many there are."""
    step = max(1, math.ceil(vectors.count() / MOST))
    return (
        vectors.annotate(place=F("pk") % step).filter(place=0).order_by("at", "pk")
        if step > 1
        else vectors.order_by("at", "pk")
    )


def _gains(vectors: QuerySet[ScoredVector], bars: Bars) -> Sequence[float]:
    """Return what the visits were expected to gain by help, each by its last look in the sample."""
    found: dict[Any, float] = {}
    scored = _sampled(vectors.filter(uplift__isnull=False, way__in=OF_LOOKS))
    for visit, uplift, leaves, values in scored.values_list("visit_id", "uplift", "exit", "values"):
        vector = read_vector(values)
        if uplift is not None and vector is not None:
            found[visit] = gain_of(uplift, basket=vector[BASKET], leaves=leaves, bars=bars)
    return list(found.values())


def _propensities(since: datetime, now: datetime) -> Sequence[float]:
    scored = _sampled(_scored(since, now).filter(propensity__isnull=False))
    last = dict(scored.values_list("visit_id", "propensity"))
    return [chance for chance in last.values() if chance is not None]


in_two_steps(KIND, read=look, write=follow)
every(KIND, HOUR)
