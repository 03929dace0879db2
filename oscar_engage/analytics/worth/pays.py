"""Does it pay? What a unit of money brought, with its interval, as a word; no database, no clock."""

from enum import Enum

from oscar_engage.analytics.costs.ratio import NotYet
from oscar_engage.analytics.stats.estimate import Estimate


class Pays(Enum):
    """Whether more came in than was spent."""

    MORE = "more"
    """The whole interval is above 1: more came in than was spent."""

    LESS = "less"
    """The whole interval is below 1: it cost more than it brought."""

    OPEN = "open"
    """Both may be, or nothing is known."""


def judge_return(per_unit: Estimate | NotYet) -> Pays:
    """Return what the revenue for each unit spent says.

    Of revenue, not of profit: "more" is no promise of a profit, "less" is a loss for sure.
    """
    if isinstance(per_unit, NotYet):
        return Pays.OPEN
    if per_unit.low > 1:
        return Pays.MORE
    return Pays.LESS if per_unit.high < 1 else Pays.OPEN
