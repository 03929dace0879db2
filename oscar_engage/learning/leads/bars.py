"""Against what are scores compared today? Bars from what was measured: costs, agents' hours, the last day's scores. Pure.

**What helping costs.** A conversation costs money; an order brings its margin. So it costs as many chances of an order as its
price has margins in it. Uplift is that of *inviting*, and few who are invited come to talk: an invitation costs that share of a
conversation. What is shown costs next to nothing.

**Who buys anyway.** The fewest shoppers from whom half of all expected orders come, but nobody below ``LEAST_SURE`` and
everybody from ``SURE`` on: the scores are chances of a whole shop, of which most are near nothing.

**What an agent's minute is worth.** Where more shoppers could be invited than agents can take, the place of one is a place that
another does not get. The price is the gain above which lie about as many of the last day as agents could take: a quantile, no
constant. Where there is a place for all, or too little was seen, nothing is priced.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from oscar_engage.learning.leads.lead import Bars

LEAST_SURE, SURE = 0.2, 0.8

MARGIN = 0.2
"""Which share of an order remains, while the merchant's formula of priorities says nothing of it."""

FEWEST = 30
"""Shoppers of a day below which a quantile of theirs says nothing."""

NOTHING_MEASURED = Bars(uplift=0.0, propensity=0.5)
"""What holds until something was measured: help is free, and nobody is outranked."""


class Why(StrEnum):
    """Why an agent's place has a price, or none."""

    SCARCE = "scarce"
    ENOUGH = "enough"
    NO_AGENTS = "no_agents"
    TOO_FEW = "too_few"
    WORTHLESS = "worthless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a day came to. ``conversation``: what one costs, ``order``: what one comes to, both in the shop's currency.

    ``acceptance``: the share of invitations that become conversations.
    ``wanted``: visits in which a rule wanted an agent and no hold-out and no advice kept it from it. ``places``: to how many
    invitations agents could have answered. ``gains``: what such visits were expected to gain by help, a sample;
    ``propensities``: by visit, a sample. ``None``: not known.
    """

    conversation: float | None = None
    acceptance: float = 1.0
    order: float | None = None
    margin: float = MARGIN
    wanted: int = 0
    places: float | None = None
    gains: Sequence[float] = ()
    propensities: Sequence[float] = ()


def bars_of(day: Measured) -> tuple[Bars, Why]:
    """Return the bars of a day like ``day``, and why an agent's place has a price or none."""
    order = max(day.order or 0.0, 0.0)
    brings = order * day.margin
    spends = max(0.0, day.conversation or 0.0) * day.acceptance
    cost = min(1.0, spends / brings) if brings > 0 else 0.0
    price, why = _price(day)
    scarce = min(1.0, price / brings) if price is not None and brings > 0 else 0.0
    bars = Bars(
        uplift=max(cost, scarce),
        propensity=_propensity(day.propensities),
        cost=cost,
        price=price,
        order=order,
        margin=day.margin,
    )
    return bars, why


def gain_of(uplift: float, *, basket: float | None, leaves: float | None, bars: Bars) -> float:
    """Return what help is expected to bring: uplift x margin of the basket x P(still here when an agent turns to it).

    ``basket`` is the one in view, ``None``: what orders come to on average. ``leaves``: P(nothing follows any more).
    """
    worth = bars.order if basket is None or basket <= 0 else basket
    return uplift * worth * bars.margin * (1.0 - min(1.0, max(0.0, leaves or 0.0)))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which lies ``share`` of ``values`` (one at least): one of them, never one between."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def _price(day: Measured) -> tuple[float | None, Why]:
    if not day.places or day.places <= 0:
        return None, Why.NO_AGENTS
    if day.wanted <= day.places:
        return None, Why.ENOUGH
    if len(day.gains) < FEWEST:
        return None, Why.TOO_FEW
    winning = [gain for gain in day.gains if gain > 0]
    if not winning:
        return None, Why.WORTHLESS
    return max(min(winning), quantile(day.gains, 1.0 - day.places / day.wanted)), Why.SCARCE


def _propensity(chances: Sequence[float]) -> float:
    """Return the chance from which on the surest shoppers give half of all expected orders."""
    if len(chances) < FEWEST:
        return NOTHING_MEASURED.propensity
    surest, half = sorted(chances, reverse=True), math.fsum(chances) / 2
    reached = next((chance for chance, so_far in zip(surest, accumulate(surest), strict=True) if so_far >= half), LEAST_SURE)
    return min(SURE, max(LEAST_SURE, reached))
