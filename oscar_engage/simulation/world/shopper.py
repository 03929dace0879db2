"""Who is this shopper, and what would it do alone and when invited? Both outcomes are fixed before it comes.

One number, its resolve, decides in every world: it orders when its resolve is below the P(orders) of what befell it. So the
same shopper can be asked what it would have done otherwise, and two policies are compared on the same shoppers.
"""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from oscar_engage.simulation.parameters import Channel, Kind, Parameters
from oscar_engage.simulation.world.luck import amount, count, pick, seeded

MOST_VISITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """One shopper with its traits.

    ``resolve`` in [0, 1): see the module. ``bent`` in [0, 1): how readily it fills a basket and goes on; half of it is its
    resolve, so depth foretells an order as in real shops. ``busy``: how long its visits are, times the mean. ``visits``: how
    many it makes; the order, if there is one, ends the last. ``consent`` as ``ConsentLevel`` counts. ``worth``: its basket.
    """

    number: int
    kind: Kind
    resolve: float
    bent: float
    busy: float
    visits: int
    worth: float
    device: str
    consent: int
    is_bot: bool
    is_untracked: bool

    def orders(self, channels: Collection[Channel], parameters: Parameters) -> bool:
        """Whether it orders, once invited by ``channels`` (none: alone). Of several the stronger works; bots never order."""
        if self.is_bot:
            return False
        mind = parameters.minds[self.kind]
        wins = {channel: mind.invited(channel, parameters.effects) for channel in channels}
        best = wins.get(Channel.CHAT, wins.get(Channel.SHOWN, mind.alone))
        return self.resolve < best

    def gains(self, channel: Channel, others: Collection[Channel], parameters: Parameters) -> int:
        """Return what an invitation by ``channel`` changes for it, beside ``others``: an order more (1), less (-1), or 0."""
        return int(self.orders({channel, *others}, parameters)) - int(self.orders(others, parameters))


def draw_shopper(number: int, *, seed: int, parameters: Parameters) -> Shopper:
    """Return the ``number``-th shopper of the world with this seed; nothing else decides who it is."""
    chance = seeded(seed, "shopper", number)
    kind = pick(chance, list(Kind), [parameters.minds[kind].share for kind in Kind])
    resolve = chance.random()
    return Shopper(
        number=number,
        kind=kind,
        resolve=resolve,
        bent=resolve if chance.random() < 0.5 else chance.random(),  # noqa: PLR2004 - half of it, as the class says
        busy=amount(chance, 1.0, parameters.busy_spread),
        visits=1 + _returns(chance, parameters.manners[kind].returning),
        worth=max(5.0, round(amount(chance, parameters.basket_median, parameters.basket_spread), 2)),
        device=_device(chance, parameters),
        consent=_consent(chance, parameters),
        is_bot=chance.random() < parameters.bots,
        is_untracked=chance.random() < parameters.untracked,
    )


def shoppers(*, seed: int, parameters: Parameters, first: int = 0) -> Iterator[Shopper]:
    """Yield all shoppers of a world, without end, beginning with number ``first``."""
    number = first
    while True:
        yield draw_shopper(number, seed=seed, parameters=parameters)
        number += 1


def _returns(chance: random.Random, share: float) -> int:
    """Return how often it comes back, such that ``share`` of all visits are by somebody who has been here."""
    return min(MOST_VISITS - 1, count(chance, share / (1 - share)))


def _device(chance: random.Random, parameters: Parameters) -> str:
    rest = 1 - parameters.phones - parameters.tablets
    return pick(chance, ("phone", "tablet", "desktop"), (parameters.phones, parameters.tablets, rest))


def _consent(chance: random.Random, parameters: Parameters) -> int:
    luck = chance.random()
    if luck < parameters.refuses:
        return 0
    return 2 if luck < parameters.refuses + parameters.statistics_only else 3
