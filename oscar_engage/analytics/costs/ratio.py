"""What does one more order cost, and what does a unit spent bring? An increment with its interval in, a ratio out.

What was spent is known; what it brought is an estimate that may be nothing. So money brought for each unit spent is the
estimate in another unit, with an interval always. Money for each order is its reciprocal, and the reciprocal of an interval
that holds 0 has no bounds: from so much up to endless, or even less than nothing. Then we say "not yet" and why. This is what
E. C. Fieller's theorem ("Some problems in interval estimation", JRSS B 16 (1954) 175-185) comes to when one of the two numbers
is known for sure: its set of values is bounded just where the denominator's interval leaves 0 out.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from oscar_engage.analytics.stats.estimate import Estimate


class NotYet(StrEnum):
    """Why there is no number."""

    NOT_MEASURED = "not_measured"
    """The increment is not known: nothing was compared, or too little."""

    MAY_BE_NOTHING = "may_be_nothing"
    """The increment's interval holds 0."""

    IS_LESS = "is_less"
    """The whole interval is below 0: it cost orders."""

    NO_COST = "no_cost"
    """Nothing was spent, or it is not known what everything cost."""

    CURRENCIES = "currencies"
    """Costs and revenue are in different currencies, or costs in several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Increment:
    """What would not have come without us: orders, and revenue in hundredths of ``currency``.

    ``until``: shoppers of the days before it are compared, ``None``: of all days that were asked for. Those of later days may
    still order.
    """

    orders: Estimate | None
    revenue: Estimate | None
    currency: str
    until: date | None = None


def cost_per_increment(cost: int, increment: Estimate | None) -> Estimate | NotYet:
    """Return hundredths spent for each incremental unit, with its interval; or why that cannot be said."""
    if increment is None:
        return NotYet.NOT_MEASURED
    if cost <= 0:
        return NotYet.NO_COST
    if increment.high < 0:
        return NotYet.IS_LESS
    if increment.low <= 0:
        return NotYet.MAY_BE_NOTHING
    return Estimate(cost / increment.value, cost / increment.high, cost / increment.low)


def return_per_unit(revenue: Estimate | None, cost: int) -> Estimate | NotYet:
    """Return what each unit spent brought (2.5: two and a half), both in hundredths of one currency; or why not.

    It may be below 1, and below 0: then it cost more than it brought, or revenue was lost.
    """
    if revenue is None:
        return NotYet.NOT_MEASURED
    if cost <= 0:
        return NotYet.NO_COST
    return revenue.times(1 / cost)
