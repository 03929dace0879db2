"""Does the predictive dialer keep agents busier than strict holding, at the wait it promises? Both on the same seeded days.

What is judged is the ratio of the mean utilisations, day by day, with its 95 % interval (Student's t over the days).
"""

import math
import statistics
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product

from benchmarks.bars import Line, report
from benchmarks.dialer_day import Day, Scenario, run_day, strict
from benchmarks.dialer_policy import Predictive

AGENTS = (1, 2, 3, 5, 10, 20, 50)
ACCEPTANCE = (0.2, 0.4, 0.6)
ABOVE, BELOW = 3.0, 0.6
"""Loads: more than the agents can take in every hour, and less."""

DAYS = 6
RATIO = 1.2
SHARE = 0.03
TEAM = 3
"""From so many agents on, the ratio has to hold."""

_T = 2.571
"""Of Student's distribution with five degrees of freedom: 95 % lie within."""

Pair = tuple[Day, Day]
"""One day under the strict dialer, and under the predictive one."""


def measure() -> bool:
    """Run all days under both dialers; return whether every bar holds."""
    scenarios = [Scenario(agents=a, acceptance=p, load=load) for load, a, p in product((ABOVE, BELOW), AGENTS, ACCEPTANCE)]
    jobs = [(scenario, day) for scenario in scenarios for day in range(DAYS)]
    with ProcessPoolExecutor() as pool:
        pairs = list(pool.map(run_both, jobs, chunksize=1))
    found: dict[Scenario, list[Pair]] = {}
    for (scenario, _day), pair in zip(jobs, pairs, strict=True):
        found.setdefault(scenario, []).append(pair)
    return report("dialer: predictive beside strict, on the same shoppers", [*_bars(found), *_teams(found), *_elsewhere(found)])


def run_both(job: tuple[Scenario, int]) -> Pair:
    """Return one day under both dialers."""
    scenario, day = job
    return run_day(scenario, day, strict), run_day(scenario, day, Predictive(SHARE))


def _bars(found: dict[Scenario, list[Pair]]) -> Iterable[Line]:
    teams = [days for scenario, days in found.items() if _is_judged(scenario)]
    ratio = _ratio(teams)
    yield Line(what="3 agents or more, demand above: utilisation", measured=ratio[0], unit="x", floor=RATIO, interval=ratio[1])
    yield Line(what="the same: accepted that waited over 20 s", measured=_late(teams), bar=SHARE)
    yield Line(what="the same: worst scenario", measured=max(_late([days]) for days in teams), bar=SHARE)
    yield Line(
        what="the same: utilisation, strict", measured=statistics.fmean(pair[0].utilisation for d in teams for pair in d)
    )
    yield Line(what="the same: utilisation, predictive", measured=statistics.fmean(p[1].utilisation for d in teams for p in d))


def _teams(found: dict[Scenario, list[Pair]]) -> Iterable[Line]:
    for agents in AGENTS:
        days = [days for scenario, days in found.items() if scenario.agents == agents and scenario.load == ABOVE]
        value, interval = _ratio(days)
        yield Line(what=f"{agents} agents, demand above", measured=value, unit="x", interval=interval)
    for acceptance in ACCEPTANCE:
        days = [d for s, d in found.items() if s.acceptance == acceptance and _is_judged(s)]
        value, interval = _ratio(days)
        yield Line(what=f"{acceptance:.0%} accept, 3 agents or more, demand above", measured=value, unit="x", interval=interval)


def _elsewhere(found: dict[Scenario, list[Pair]]) -> Iterable[Line]:
    """Yield one line for each team elsewhere; it fails where the predictive dialer is shown to be worse."""
    for load, agents in product((ABOVE, BELOW), AGENTS):
        days = [d for s, d in found.items() if s.load == load and s.agents == agents and not _is_judged(s)]
        if days:
            value, interval = _ratio(days)
            what = f"{agents} agents, demand {'above' if load == ABOVE else 'below'}: not worse"
            yield Line(what=what, measured=value, unit="x", floor=1.0, interval=interval, is_lenient=True)
    others = [days for scenario, days in found.items() if not _is_judged(scenario)]
    yield Line(what="elsewhere: accepted that waited over 20 s", measured=_late(others), bar=SHARE)


def _is_judged(scenario: Scenario) -> bool:
    return scenario.agents >= TEAM and scenario.load == ABOVE


def _ratio(scenarios: Sequence[Sequence[Pair]]) -> tuple[float, tuple[float, float]]:
    """Return how the mean utilisations of all scenarios relate, over the days, with the interval."""
    logs = [
        math.log(sum(days[day][1].utilisation for days in scenarios) / sum(days[day][0].utilisation for days in scenarios))
        for day in range(DAYS)
    ]
    mean, half = statistics.fmean(logs), _T * statistics.stdev(logs) / math.sqrt(DAYS)
    return math.exp(mean), (math.exp(mean - half), math.exp(mean + half))


def _late(scenarios: Iterable[Sequence[Pair]]) -> float:
    days = [pair[1] for days in scenarios for pair in days]
    return sum(day.late for day in days) / sum(day.opened for day in days)
