"""What does a history come to? Plain arithmetic over the rows of one rule, without a database.

The unit of analysis is the visitor, by intention to treat: a visitor belongs to the arm that was drawn, shown or not. The
clock of an arm starts when it was drawn, that is at the first moment that passed every other gate, in both arms alike.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from oscar_engage.analytics.interval import Rate, rate_or_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A visitor's arm in the rule, and when it was drawn."""

    visitor_id: UUID
    arm: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One eligible moment: why it did or did not lead to an offer, and what came of it."""

    visitor_id: UUID
    reason: str
    offered: bool = False
    seen: bool = False
    accepted: bool = False
    dismissed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of a visitor."""

    visitor_id: UUID
    total: Decimal
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmReport:
    """One arm: numbers of *visitors*, except ``orders``. ``revenue`` is a total per currency, in the order of the codes."""

    arm: str
    visitors: int = 0
    offered: int = 0
    seen: int = 0
    accepted: int = 0
    dismissed: int = 0
    buyers: int = 0
    orders: int = 0
    revenue: tuple[tuple[str, Decimal], ...] = ()

    @property
    def buying_rate(self) -> Rate | None:
        """Share of the arm's visitors who ordered; ``None``: not enough data yet."""
        return rate_or_nothing(self.buyers, self.visitors)

    def per_visitor(self) -> tuple[tuple[str, Decimal], ...]:
        """Return the revenue per visitor of the arm and currency; empty for an arm without visitors."""
        return tuple((code, total / self.visitors) for code, total in self.revenue if self.visitors)


def tally_arm(
    arm: str,
    *,
    drawn: Iterable[Drawn],
    moments: Mapping[UUID, Sequence[Moment]],
    orders: Mapping[UUID, Sequence[Order]],
    attribution: timedelta,
) -> ArmReport:
    """Return the figures of ``arm``.

    An order counts when it was placed in the half-open time ``[drawn, drawn + attribution)``; each counts once.
    """
    members = [entry for entry in drawn if entry.arm == arm]
    counted = [(entry.visitor_id, _counting(orders.get(entry.visitor_id, ()), entry.at, attribution)) for entry in members]
    placed = [order for _visitor, own in counted for order in own]

    def reached(step: str) -> int:
        return sum(any(getattr(moment, step) for moment in moments.get(entry.visitor_id, ())) for entry in members)

    return ArmReport(
        arm=arm,
        visitors=len(members),
        offered=reached("offered"),
        seen=reached("seen"),
        accepted=reached("accepted"),
        dismissed=reached("dismissed"),
        buyers=sum(bool(own) for _visitor, own in counted),
        orders=len(placed),
        revenue=_revenue(placed),
    )


def tally_reasons(moments: Iterable[Moment]) -> tuple[tuple[str, int], ...]:
    """Return how many moments had each reason, the most frequent first."""
    return tuple(Counter(moment.reason for moment in moments).most_common())


def _counting(orders: Sequence[Order], start: datetime, attribution: timedelta) -> list[Order]:
    return [order for order in orders if start <= order.at < start + attribution]


def _revenue(orders: Iterable[Order]) -> tuple[tuple[str, Decimal], ...]:
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for order in orders:
        totals[order.currency] += order.total
    return tuple(sorted(totals.items()))
