"""What does a shop win that only has a button? Who would accept an invitation may find it, if an agent is free just then."""

from collections.abc import Iterable

from benchmarks.policy.passages import is_open
from benchmarks.policy.play import Played, effect_of
from benchmarks.policy.world import BUTTON
from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.world.agents import AgentPool
from oscar_engage.simulation.world.arrivals import Arrival
from oscar_engage.simulation.world.luck import seeded


def press(arrivals: Iterable[Arrival], *, seed: int, parameters: Parameters) -> tuple[float, Played]:
    """Return the orders won in a day and what it took. A button needs no consent: everybody is counted, who refused, too."""
    pool, played, won = AgentPool(parameters), Played(), 0.0
    for arrival in arrivals:
        shopper, chance = arrival.shopper, seeded(seed, "button", arrival.shopper.number, arrival.number)
        accepts = parameters.minds[shopper.kind].accepts
        if shopper.is_bot or chance.random() >= BUTTON * accepts or not is_open(arrival.at, parameters):
            continue
        if pool.free(arrival.at):
            pool.take(arrival.at, seeded(seed, "chat", shopper.number, arrival.number))
            won += max(0.0, effect_of(shopper, parameters)) / accepts
            played.invitations += 1
            played.accepted += 1
    played.seconds = pool.seconds
    return won, played
