"""What did inviting truly change? The mean difference of both latent outcomes, over whoever came into an experiment."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from oscar_engage.simulation.parameters import Channel, Kind, Parameters
from oscar_engage.simulation.world.shopper import Shopper


@dataclass(slots=True)
class Truth:
    """The truth of one rule: sums over those drawn into its experiment, each once.

    ``treated_*`` are the same over the treated alone: what reports compare themselves with, for they say what help *did*.
    """

    units: int = 0
    alone: int = 0
    invited: int = 0
    treated_units: int = 0
    treated_alone: int = 0
    treated_invited: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def add(
        self, shopper: Shopper, channel: Channel, others: Collection[Channel], *, is_treated: bool, world: Parameters
    ) -> None:
        """Count one who was drawn, beside ``others``: by what other rules invited it."""
        alone, invited = shopper.orders(others, world), shopper.orders({channel, *others}, world)
        self.units += 1
        self.alone += alone
        self.invited += invited
        if is_treated:
            self.treated_units += 1
            self.treated_alone += alone
            self.treated_invited += invited
        self.kinds[shopper.kind.value] = self.kinds.get(shopper.kind.value, 0) + 1

    @property
    def effect(self) -> float | None:
        """The true effect in points of P(orders) over all drawn; ``None`` without anybody."""
        return (self.invited - self.alone) / self.units if self.units else None

    @property
    def gained(self) -> int:
        """Orders that came in addition, over the treated."""
        return self.treated_invited - self.treated_alone


def effect_of(shoppers: Iterable[Shopper], channel: Channel, world: Parameters) -> float:
    """Return the mean effect of inviting all of ``shoppers`` (one at least) by ``channel``."""
    gains = [shopper.gains(channel, (), world) for shopper in shoppers]
    return sum(gains) / len(gains)


def expected_effect(channel: Channel, world: Parameters) -> float:
    """Return the same for a shopper drawn at random, from the parameters alone."""
    return sum(
        mind.share * (mind.invited(channel, world.effects) - mind.alone) * (1 - world.bots)
        for mind in (world.minds[kind] for kind in Kind)
    )
