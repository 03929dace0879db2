"""How far is a run, and what was learnt in its nights? Lines for whoever waits for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from oscar_engage.learning.nightly.state import Ladder, Step, ladder
from oscar_engage.learning.registry.models import Task
from oscar_engage.simulation.world.arrivals import DAYS_A_WEEK

A_MINUTE = 60.0
LATELY = 3
"""Days by whose time the days to come are judged; nights take longer the more there is to learn from."""

RULES_ALONE = "rules alone"
QUESTIONS = {Task.PROPENSITY: "who buys anyway", Task.EXIT: "who is about to leave", Task.UPLIFT: "whom help makes buy"}


def say_left(took: Sequence[float], left: int) -> str:
    """Return how long ``left`` days will take about, judged by the seconds that the days so far ``took``."""
    lately = took[-LATELY:]
    seconds = left * sum(lately) / len(lately)
    if seconds < A_MINUTE:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / A_MINUTE)} min left"


class Nights:
    """Tells of each task what changed on its ladder since the night before, and once a week what it waits for."""

    def __init__(self) -> None:
        self._said: dict[Task, str] = {}
        self._nights = 0

    def tell(self, now: datetime) -> Iterator[str]:
        """Yield a line for each task of which there is news after the night of ``now``."""
        self._nights += 1
        for line in news(ladder(now), self._said, is_week=self._nights % DAYS_A_WEEK == 0):
            yield f"  night: {line}"


def news(told: Ladder, said: dict[Task, str], *, is_week: bool) -> Iterator[str]:
    """Yield what ``said`` does not have yet, and remember it there; with ``is_week`` also what is waited for."""
    for step in told.steps:
        where = _where(step)
        waits = " and ".join(step.waits_for)
        if where != said.get(step.task, RULES_ALONE):
            yield f"{QUESTIONS[step.task]}: {where}"
        elif is_week and where == RULES_ALONE and waits:
            yield f"{QUESTIONS[step.task]}: {waits}"
        said[step.task] = where


def _where(step: Step) -> str:
    speaks = f"{step.name} speaks" if step.speaks else RULES_ALONE
    return f"{speaks}, {step.shadow.name} is on trial for a day" if step.shadow else speaks
