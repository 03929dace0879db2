"""How far up may a task climb with the evidence there is, and what does it wait for? By counts; what wins is judged later.

At 62 orders a logistic regression ranked better than a rule written by hand (AUC .778 against .685), and it leads or ties with
trees until about 30 000 visits. The other steps are this design's choices: below them too few have answered in either arm.
Plain Python: the dashboard draws the rungs from here.
"""

from collections.abc import Mapping

from oscar_engage.learning.training.promote import LEAST_EVENTS

RULES = "rules"
Counts = Mapping[str, float]

RUNGS: Mapping[str, tuple[tuple[str, Counts], ...]] = {
    "propensity": (("logistic", {"orders": 50}), ("boosted", {"orders": 50, "visits": 20_000})),
    "exit": (("logistic", {"exits": 50}), ("boosted", {"exits": 50, "visits": 20_000})),
    "uplift": (("s_learner", {"treated": 100, "control": 100}), ("ensemble", {"treated": 350, "control": 350})),
}
"""For each task its rungs, lowest first, with the least counts: ``treated`` and ``control`` are conversions of an arm."""


TREATED_BY, CONTROL_BY = "treated_by_", "control_by_"
"""What the numbers of a run of uplift call the shoppers of a way who ordered, by their arm."""


def open_rungs(task: str, counts: Counts) -> tuple[str, ...]:
    """Return the rungs that ``counts`` allow, lowest first."""
    return tuple(name for name, least in RUNGS[task] if not _lacks(least, counts))


def find_needs(task: str, counts: Counts) -> dict[str, float | str]:
    """Return what is missing to the next rung with its name, ``{"orders": 37, "rung": "logistic"}``; empty at the top."""
    for name, least in RUNGS[task]:
        lacks = _lacks(least, counts)
        if lacks:
            return {**lacks, "rung": name}
    return {}


def find_way_needs(numbers: Counts) -> dict[str, dict[str, int]]:
    """Return of each way of helping in ``numbers`` what is missing, by arm, until a model speaks of it.

    Example: ``find_way_needs({"treated_by_chat": 20, "control_by_chat": 9})`` is ``{"chat": {"control": 6}}``.
    """
    ways = [name.removeprefix(TREATED_BY) for name in numbers if name.startswith(TREATED_BY)]
    found: dict[str, dict[str, int]] = {}
    for way in ways:
        there = {"treated": numbers.get(f"{TREATED_BY}{way}", 0), "control": numbers.get(f"{CONTROL_BY}{way}", 0)}
        found[way] = {arm: LEAST_EVENTS - int(won) for arm, won in there.items() if won < LEAST_EVENTS}
    return found


def _lacks(least: Counts, counts: Counts) -> dict[str, float]:
    return {kind: int(-(-(number - counts[kind]) // 1)) for kind, number in least.items() if counts[kind] < number}
