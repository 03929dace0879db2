"""What did tonight teach? The one call: rows and the one that speaks in, a verdict out. Same rows and seed, same document."""

from datetime import datetime

from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.training.champion import fits
from oscar_engage.learning.training.data import Data
from oscar_engage.learning.training.export import ParityError
from oscar_engage.learning.training.ladder import RULES, find_needs, open_rungs
from oscar_engage.learning.training.learn_chance import count_chance, learn_chance
from oscar_engage.learning.training.learn_uplift import count_uplift, count_ways, learn_uplift
from oscar_engage.learning.training.outcome import Outcome
from oscar_engage.learning.training.propensity import NotConvergedError
from oscar_engage.learning.training.split import thin

MOST_ROWS = 60_000
"""Rows learnt from, at most, of visitors drawn at random: a night has two minutes."""


def learn(task: str, data: Data, champion: Document | None = None, *, seed: int, now: datetime, share: float = 1.0) -> Outcome:
    """Learn ``task`` (propensity, exit or uplift) from ``data`` and say whether there is something better than ``champion``.

    ``share``: which part of the shop's visitors ``data`` are; the rungs of the ladder are open by what there is in all. Rows
    after ``now`` are left out. Never raises for what the data are like; ``data.BadDataError`` where arms are not what a trial
    has.
    """
    known = data.take((data.at <= now.timestamp()).nonzero()[0])
    seen = count_uplift(known) if task == "uplift" else count_chance(task, known)
    counts = {kind: float(round(number / share)) for kind, number in seen.items()}
    needs = find_needs(task, counts)
    if not open_rungs(task, counts):
        ways = count_ways(known) if task == "uplift" else {}
        if champion is None:
            return Outcome(verdict="waiting", why="too_few", rung=RULES, counts=counts, needs=needs, numbers=ways)
        return Outcome(verdict="fall", why="evidence_gone", rung=RULES, counts=counts, needs=needs, numbers=ways)
    speaking = fits(champion, task, known)
    some = thin(known, most=MOST_ROWS, seed=seed)
    try:
        if task == "uplift":
            return learn_uplift(some, speaking, counts=counts, seed=seed)
        return learn_chance(task, some, speaking, counts=counts, seed=seed)
    except (ParityError, NotConvergedError) as error:
        why = "damaged" if isinstance(error, ParityError) else "not_better"
        return Outcome(verdict="kept", why=why, rung=speaking.rung if speaking else RULES, counts=counts, needs=needs)
