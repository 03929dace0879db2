"""What does a model say about helping this shopper now? Plain numbers, and the two refusals that may follow of them.

The advice is of whoever knows about models: this package only reads it. All of it is about *uplift*, by how much the chance of
an order changes where help is offered. A propensity alone refuses nothing: who buys anyway may still be glad of help.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What is foretold of helping one shopper at one moment.

    ``low`` and ``high`` are the ends of the uplift's interval, in chances of an order; ``cost`` is what an invitation costs, in
    the same unit. ``gain`` is the most that helping may be expected to bring, by the interval's high end, and ``price`` what an
    agent's place brings elsewhere, both in the shop's currency; ``price`` is ``None`` where agents are not scarce.
    """

    low: float
    high: float
    cost: float = 0.0
    gain: float = 0.0
    price: float | None = None

    def is_against(self, *, needs_agent: bool) -> bool:
        """Whether help would do harm, or cost more than it can bring: even the interval's high end says so.

        What is shown costs next to nothing.
        """
        return self.high < (max(self.cost, 0.0) if needs_agent else 0.0)

    @property
    def is_outranked(self) -> bool:
        """Whether an agent's place is surely worth more to others."""
        return self.price is not None and self.gain < self.price
