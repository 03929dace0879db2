"""Of what does a day of the lift consist? The names in its cells, and who came into an experiment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

KEYS = ("rule", "arm", "share", "measure", "currency")
VALUES = ("units", "positives", "sum_y", "sum_yy", "sum_x", "sum_xx", "sum_xy")
"""The parts of :class:`~oscar_engage.analytics.stats.moments.Moments`, in its order."""

BUYERS, ORDERS, SATISFIED = "buyers", "orders", "satisfied"
"""Measures of every unit. Those who bought (x: bought before); orders (x: before); ratings that were good (x: ratings)."""

REVENUE, TAKINGS, ORDER_VALUE = "revenue", "takings", "order_value"
"""Measures by currency. A unit's revenue, capped (x: capped revenue before); not capped; capped (x: orders in the currency)."""

STAFF, AUTOMATA, TEST_ORDERS, CAP = "staff", "automata", "test_orders", "cap"
"""What is no measure: units left out, orders left out, and where revenue was capped (``sum_y``)."""

TREATED, CONTROL = "treated", "control"
"""The arms that are compared; ``decisions.models.Arm`` calls them so too."""

WHOLE_SHOP = "shop"
"""What stands for a rule where the product as a whole is measured."""

LEFT_ALONE = "left_alone"
"""The arm, in a rule's figures, of those of the shop's hold-out for whom the rule held too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that came into the experiment of ``rule`` (its id as text, or :data:`WHOLE_SHOP`) at ``at``.

    ``share``: the probability with which it became treated there.
    """

    unit: UUID
    rule: str
    arm: str
    share: float
    at: datetime


def write_share(share: float) -> str:
    """Return ``share`` as it stands in a key: six digits, as far as shares are told apart."""
    return f"{share:.6f}"
