"""What would not have come without us, for those who ask what a unit of money brought? The lift of the whole shop."""

from datetime import date

from django.utils import timezone

from oscar_engage.analytics.costs.ports import INCREMENTS
from oscar_engage.analytics.costs.ratio import Increment
from oscar_engage.analytics.lift.cells import ORDERS, REVENUE
from oscar_engage.analytics.lift.overview import count_buyers
from oscar_engage.analytics.lift.read import LiftReport, read_lift


class LiftIncrements:
    """The lift as a source of increments; see :class:`oscar_engage.analytics.costs.ports.Increments`."""

    def read(self, since: date, until: date) -> Increment | None:
        """Return what the days ``[since, until)`` brought in addition, as it stands today; one query."""
        return increment_of(read_lift(since=since, until=until, today=timezone.localdate()))


def increment_of(report: LiftReport) -> Increment | None:
    """Return the orders and the revenue that came in addition; ``None`` while nobody is compared, or may be.

    Revenue in the currency in which most have bought: sums of several are never made one.
    """
    shop = report.shop
    if shop.sample_ratio.is_alarm:
        return None
    money = max(shop.by_currency(REVENUE), key=count_buyers, default=None)
    orders = shop.outcome(ORDERS).lift
    if money is None or (orders is None and money.lift is None):
        return None
    return Increment(
        orders=orders.gained if orders else None,
        revenue=money.lift.gained if money.lift else None,
        currency=money.currency,
        until=report.closed_until,
    )


INCREMENTS.register("lift", LiftIncrements())
