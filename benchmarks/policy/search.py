"""Which rules are good ones? Found by search on worlds that are compared in nowhere: ``python -m benchmarks.policy.search``.

What a merchant would say by hand: up to four conditions that all have to hold, each a variable of rules with a bound. From
"everybody" on, that condition is added, or bound moved, by which the agents win the most orders; until nothing helps. It knows
the truth of its worlds, which no merchant does: so these rules are better than those of any shop.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import django
import numpy as np

from benchmarks.policy.world import BEGINS, FIRST_TUNED, VISITS, WORLD

WORLDS = 4
LOOKED_AT = 2
"""The day of each world that is judged: a Wednesday; who came on the days before comes back."""

MOST = 4
VARIABLES: dict[str, tuple[str, tuple[float, ...]]] = {
    "pages": ("visit.pages", (2, 3, 4, 6, 8, 12)),
    "product_views": ("visit.product_views", (1, 2, 3, 4, 6)),
    "visit_seconds": ("visit.seconds", (30, 60, 120, 240, 480)),
    "idle_seconds": ("page.idle_seconds", (5, 10, 20, 30, 45, 60)),
    "visible_seconds": ("page.visible_seconds", (10, 20, 40, 60)),
    "exit_intents": ("visit.exit_intents", (1,)),
    "searches": ("visit.searches", (1, 2)),
    "stage": ("visit.stage", (1, 2, 3)),
    "visit_number": ("visitor.visits", (2, 3)),
}
"""Of each feature the variable that rules read and the bounds that are tried."""

OPERATORS = (">=", "<=")
Condition = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Table:
    """A day in numbers: looks in the order of their times, whose they are, and per visit what it takes and gives."""

    values: np.ndarray
    visit: np.ndarray
    at: np.ndarray
    gain: np.ndarray
    takes: np.ndarray


def main() -> None:
    """Search and print each step."""
    django.setup()
    from oscar_engage.learning.features.schema import PLACES

    tables = [_table(FIRST_TUNED + number) for number in range(WORLDS)]
    chosen: tuple[Condition, ...] = ()
    best = _won(chosen, tables, PLACES)
    print(f"everybody: {best:.2f} orders a day", flush=True)
    while True:
        tried = {one: _won(one, tables, PLACES) for one in _next(chosen)}
        found = max(tried, key=lambda one: tried[one])
        if tried[found] <= best + 1e-9:
            break
        chosen, best = found, tried[found]
        said = " and ".join(f"{VARIABLES[name][0]} {operator} {bound:g}" for name, operator, bound in chosen)
        print(f"{said}: {best:.2f} orders a day", flush=True)


def _next(chosen: Sequence[Condition]) -> list[tuple[Condition, ...]]:
    every = [(name, operator, bound) for name, (_v, bounds) in VARIABLES.items() for operator in OPERATORS for bound in bounds]
    moved = [(*chosen[:place], one, *chosen[place + 1 :]) for place in range(len(chosen)) for one in every]
    dropped = [(*chosen[:place], *chosen[place + 1 :]) for place in range(len(chosen))]
    return [*([(*chosen, one) for one in every] if len(chosen) < MOST else []), *moved, *dropped]


def _won(conditions: Sequence[Condition], tables: Sequence[Table], places: dict[str, int]) -> float:
    return sum(_play(conditions, table, places) for table in tables) / len(tables)


def _play(conditions: Sequence[Condition], table: Table, places: dict[str, int]) -> float:
    """Return the orders won in a day: who meets the conditions while a place is free is invited, once."""
    holds = np.ones(len(table.visit), dtype=bool)
    for name, operator, bound in conditions:
        column = table.values[:, places[name]]
        holds &= (column >= bound) if operator == ">=" else (column <= bound)
    rows = np.flatnonzero(holds)
    until: list[float] = []
    asked: set[int] = set()
    won = 0.0
    size = WORLD.agents * WORLD.chats_at_once
    for visit, at in zip(table.visit[rows].tolist(), table.at[rows].tolist(), strict=True):
        while until and until[0] <= at:
            heapq.heappop(until)
        if len(until) >= size or visit in asked:
            continue
        asked.add(visit)
        heapq.heappush(until, at + table.takes[visit])
        won += table.gain[visit]
    return won


def _table(seed: int) -> Table:
    from benchmarks.policy.passages import Passages
    from benchmarks.policy.play import gain_of
    from benchmarks.policy.shops import make_day
    from oscar_engage.simulation.parameters import Channel
    from oscar_engage.simulation.world.agents import OFFERED_PLACE, AgentPool
    from oscar_engage.simulation.world.answer import answer_of
    from oscar_engage.simulation.world.arrivals import arrivals
    from oscar_engage.simulation.world.luck import seeded

    passages = Passages(seed=seed, parameters=WORLD, day=make_day((("visit.pages", ">=", 1),)))
    found = []
    days = arrivals(BEGINS, days=LOOKED_AT + 1, visits_per_day=VISITS, seed=seed, parameters=WORLD)
    for number, today in enumerate(days):
        found = list(passages.walk(today, week=0, is_walked=number == LOOKED_AT))
    gain, takes = [], []
    for one in found:
        gain.append(gain_of(one.shopper, WORLD))
        answer = answer_of(one.shopper, Channel.CHAT, one.number, seed=seed, parameters=WORLD)
        talk = AgentPool(WORLD).take(BEGINS, seeded(seed, "chat", one.shopper.number, one.number))
        takes.append(talk if answer == "accepted" else OFFERED_PLACE)
    quiet = 2.0  # ``QUIET_SECONDS``: nothing is offered so soon after a page was opened
    looks = sorted(
        (seen.at.timestamp(), place, number, seen)
        for place, one in enumerate(found)
        for number, seen in enumerate(one.seen)
        if seen.look.visible >= quiet and not seen.look.page.is_payment()
    )
    values = np.array([[np.nan if value is None else value for value in seen.vector] for *_rest, seen in looks])
    return Table(
        values=values,
        visit=np.array([place for _at, place, *_rest in looks]),
        at=np.array([at for at, *_rest in looks]),
        gain=np.array(gain),
        takes=np.array(takes),
    )


if __name__ == "__main__":
    main()
