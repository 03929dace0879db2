"""What came of a vector? The answer that a model learns to foretell, and from when on it is known. Plain Python.

**Propensity** is an order between the vector and the end of its visit. Not one within a week: whoever is asked about now is in
this visit, a later one has reasons of its own, and so the answer is known the next morning. An order that came back counts:
that it would is another question. **Exit** is the last sign of the visit: nothing came for ``VISIT_MINUTES``. **Uplift** is an
order that the report on lift counts, too: within ``ATTRIBUTION_DAYS``, not come back. A shorter window would be known sooner,
but an invitation that only hurries an order would look like one that wins it: so uplift learns a week later, and the shop
meanwhile by propensity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oscar_engage.analytics.lift.tally import Order
from oscar_engage.learning.registry.models import Task


@dataclass(frozen=True, slots=True)
class Horizon:
    """How long an answer takes: ``visit`` after the last sign of a visit it has ended, ``attribution`` after a moment."""

    visit: timedelta
    attribution: timedelta

    def latest(self, task: str, now: datetime) -> datetime:
        """Return before when a vector must have been taken for its answer to be possible at ``now``."""
        return now - (self.attribution if task == Task.UPLIFT else self.visit)


def label(
    task: str, at: datetime, last_at: datetime, orders: Sequence[Order], *, horizon: Horizon, now: datetime
) -> float | None:
    """Return 1.0 or 0.0 for a vector of ``at`` in a visit last heard of at ``last_at``; ``None``: not known yet."""
    if task == Task.UPLIFT:
        until = at + horizon.attribution
        return float(_has_order(orders, at, until, even_returned=False)) if until <= now else None
    ends_at = max(at, last_at) + horizon.visit
    if ends_at > now:
        return None
    if task == Task.EXIT:
        return float(last_at <= at)
    return float(_has_order(orders, at, ends_at, even_returned=True))


def _has_order(orders: Sequence[Order], since: datetime, until: datetime, *, even_returned: bool) -> bool:
    return any(since <= one.at < until and (even_returned or one.returned_at is None) for one in orders)
