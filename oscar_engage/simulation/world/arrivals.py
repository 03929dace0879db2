"""When does who come? Arrivals of one day by hour and weekday, first visits and later ones alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.world.luck import pick, seeded
from oscar_engage.simulation.world.shopper import Shopper, draw_shopper

DAYS_A_WEEK = 7
LATEST_RETURN = 6
"""Days within which a shopper comes back: an order later than a week after is no invitation's any more."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Visit ``number`` (from 1) of a shopper begins at ``at``."""

    at: datetime
    shopper: Shopper
    number: int


def arrivals(
    begins: datetime, *, days: int, visits_per_day: float, seed: int, parameters: Parameters
) -> Iterator[list[Arrival]]:
    """Yield the arrivals of each of ``days`` days from ``begins`` (a midnight), in their order.

    About ``visits_per_day`` by the end of the first week: shoppers who come back fill the days. Who would come back after the
    last day does not.
    """
    chance = seeded(seed, "arrivals")
    mean = sum(parameters.minds[kind].share / (1 - manner.returning) for kind, manner in parameters.manners.items())
    later: dict[int, list[Arrival]] = {}
    number = 0
    for day in range(days):
        midnight = begins + timedelta(days=day)
        today = later.pop(day, [])
        expected = visits_per_day / mean * parameters.weekdays[midnight.weekday()]
        for _new in range(max(0, round(chance.gauss(expected, expected**0.5)))):
            shopper = draw_shopper(number, seed=seed, parameters=parameters)
            number += 1
            on = day
            for visit in range(1, shopper.visits + 1):
                at = begins + timedelta(days=on, seconds=_second(shopper, visit, seed, parameters))
                (today if on == day else later.setdefault(on, [])).append(Arrival(at, shopper, visit))
                on += 1 + seeded(seed, "gap", shopper.number, visit).randrange(max(1, LATEST_RETURN // shopper.visits))
        yield sorted(today, key=lambda one: (one.at, one.shopper.number))


def _second(shopper: Shopper, visit: int, seed: int, parameters: Parameters) -> float:
    chance = seeded(seed, "at", shopper.number, visit)
    hour = pick(chance, range(24), parameters.hours)
    return hour * 3600 + chance.random() * 3600
