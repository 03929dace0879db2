"""What does the product remember of one simulated shopper from visit to visit? What its tables would hold, in memory."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from oscar_engage.decisions.caps import Spent
from oscar_engage.simulation.parameters import Channel
from oscar_engage.simulation.world.luck import seeded
from oscar_engage.simulation.world.shopper import Shopper


@dataclass(slots=True)
class Person:
    """One shopper as the product knows it.

    ``arms``: by rule the arm and its probability, once drawn. ``drawn``: by rule the channel, whether treated, and when;
    ``invited``: by rule the channel by which it was really invited. ``is_settled``: its last visit is over.
    """

    shopper: Shopper
    id: UUID
    spent: list[Spent] = field(default_factory=list)
    arms: dict[int, tuple[str, float]] = field(default_factory=dict)
    drawn: dict[int, tuple[Channel, bool, datetime]] = field(default_factory=dict)
    invited: dict[int, Channel] = field(default_factory=dict)
    left_alone: bool = False
    visits: int = 0
    seen_at: datetime | None = None
    is_automaton: bool = False
    is_settled: bool = False

    def channels(self, *, but: int | None = None) -> set[Channel]:
        """Return by what it was invited, ``but`` by this rule."""
        return {channel for rule_id, channel in self.invited.items() if rule_id != but}


def new_id(*parts: object) -> UUID:
    """Return an id as ``uuid4`` makes them: the same for the same parts."""
    return UUID(int=seeded("id", *parts).getrandbits(128), version=4)


def meet(shopper: Shopper, *, seed: int) -> Person:
    """Return a shopper nobody has seen yet."""
    return Person(shopper, new_id(seed, shopper.number))
