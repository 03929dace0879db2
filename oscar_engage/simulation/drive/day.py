"""How does a simulated day pass? All visits of the day, look by look, in the order of their times."""

import heapq
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from oscar_engage.simulation.drive.person import Person, meet
from oscar_engage.simulation.drive.rows import Rows
from oscar_engage.simulation.drive.shop import DayOfShop
from oscar_engage.simulation.drive.walk import Walk
from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.world.agents import AgentPool
from oscar_engage.simulation.world.arrivals import Arrival
from oscar_engage.visitors.consent import ConsentLevel


class People:
    """Everybody who was ever in the simulated shop; ``known``: whose visitor has a row."""

    def __init__(self, *, seed: int) -> None:
        self._seed = seed
        self.met: dict[int, Person] = {}
        self.known: set[UUID] = set()

    def find(self, arrival: Arrival) -> Person:
        """Return who arrives."""
        person = self.met.get(arrival.shopper.number)
        if person is None:
            person = self.met[arrival.shopper.number] = meet(arrival.shopper, seed=self._seed)
        return person


def pass_day(
    arrivals: Iterable[Arrival],
    people: People,
    *,
    pool: AgentPool,
    day: DayOfShop,
    seed: int,
    week: float,
    parameters: Parameters,
    is_logged: bool = False,
    until: datetime | None = None,
) -> Rows:
    """Walk all visits of the day and return their rows; who refused is not seen, and orders or not as if alone.

    ``until``: when the day breaks off; who comes later has not come yet, and visits that go on then are written as they stand.
    """
    rows = Rows(is_logged=is_logged, known=people.known)
    running: list[tuple[float, int, Walk | Arrival]] = []
    for place, arrival in enumerate(arrivals):
        heapq.heappush(running, (arrival.at.timestamp(), place, arrival))
    while running:
        at, place, one = heapq.heappop(running)
        if until is not None and at >= until.timestamp():
            if isinstance(one, Walk):
                one.leave_open(until, rows)
            continue
        if isinstance(one, Arrival):
            rows.arrived += 1
            if one.shopper.consent < ConsentLevel.FUNCTIONAL:
                rows.orders += one.number == one.shopper.visits and one.shopper.orders((), parameters)
                continue
            walk = Walk(one, people.find(one), seed=seed, week=week, parameters=parameters, day=day)
        else:
            walk = one
        due = walk.due
        if due is None:
            continue
        walk.step(due, rows, pool)
        after = walk.due
        if after is not None:
            heapq.heappush(running, (after.timestamp(), place, walk))
    return rows
