"""How does a shopper take an invitation? Accepts, closes or ignores it; what it orders is decided elsewhere."""

from typing import Literal

from oscar_engage.simulation.parameters import Channel, Parameters
from oscar_engage.simulation.world.luck import seeded
from oscar_engage.simulation.world.shopper import Shopper

Answer = Literal["accepted", "dismissed", "ignored"]


def answer_of(shopper: Shopper, channel: Channel, visit: int, *, seed: int, parameters: Parameters) -> Answer:
    """Return what the shopper does with an invitation in its ``visit``-th visit; only a chat can be accepted."""
    chance = seeded(seed, "answer", shopper.number, visit)
    mind = parameters.minds[shopper.kind]
    if channel is Channel.CHAT and chance.random() < mind.accepts:
        return "accepted"
    return "dismissed" if chance.random() < mind.dismisses else "ignored"
