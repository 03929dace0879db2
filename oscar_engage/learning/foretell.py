"""What do the models that speak say of this instant? Asked once a beat at most, and only where somebody wants to know.

Rules, gates and the log of vectors all have the same answer: what is kept is what was scored, and what was decided by. How much
help would do hangs on the way in which it comes, so the gates ask for the action that they judge, and once for each.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache

from oscar_engage.decisions.advice import Advice
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.vector import take_vector
from oscar_engage.learning.leads.advise import ALONE, advice_of, foretold_of
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.learning.leads.live import live_bars
from oscar_engage.learning.registry.live import Models, live_models
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.vectors.write import Scored, foretell_nothing
from oscar_engage.learning.ways import way_of
from oscar_engage.rules.foretold import NOTHING_FORETOLD, Foretold
from oscar_engage.signals.breaker import Breaker
from oscar_engage.signals.faults import note_fault

BREAKER = Breaker()
"""Keeps a model that fails from costing every beat its time."""


Says = Callable[[str], Scored]
"""Says what is foretold where help comes in a way (``scoring.ways``; empty: the way that the model is asked about first)."""


def foretell(instant: Instant) -> Says:
    """Return who says what every model that speaks foretells of ``instant``; without a query."""
    return score_with(live_models(instant.now), instant)


def score_with(models: Models, instant: Instant) -> Says:
    """Return who says what these models foretell; what does not hang on the way is worked out once, and now."""
    vector = take_vector(instant)
    chances = {task: speaker.score(vector) for task, speaker in models.items() if task != Task.UPLIFT}
    versions = {task: models[task].version_id for task in chances}
    uplift = models.get(Task.UPLIFT)
    if uplift is None:
        return lambda way: Scored(vector, chances, versions, way=way)
    speaker = uplift

    @lru_cache(maxsize=16)  # of one beat; there are fewer ways
    def say_by(way: str) -> Scored:
        said = speaker.score_by(vector, way)
        if said is None:  # too little is known of this way
            return Scored(vector, chances, versions, way=way)
        scores, spoke = {**chances, Task.UPLIFT: said}, {**versions, Task.UPLIFT: speaker.version_id}
        is_far, may_outrank = not speaker.knows(vector, way), speaker.document.rung not in ALONE
        return Scored(vector, scores, spoke, way=way, is_far=is_far, may_outrank=may_outrank)

    return lambda way: say_by(way or speaker.first_way)


class Foreteller:
    """What is foretold of one instant. Whatever fails, nothing is foretold, and the shop goes on by its rules.

    ``ask`` scores, ``bars`` are those that count; else what speaks, and what counts, in this process.
    """

    def __init__(
        self, instant: Instant, *, may_ask: bool, ask: Callable[[Instant], Says] | None = None, bars: Bars | None = None
    ) -> None:
        self._instant, self._may_ask, self._ask, self._bars = instant, may_ask, ask, bars
        self._said: dict[str, Scored | None] = {}

    def foretold(self) -> Foretold:
        """Return what rules read."""
        said = self._of("")
        return foretold_of(said.scores, self._compared_with()) if said and said.scores else NOTHING_FORETOLD

    def advice(self, action: str) -> Advice | None:
        """Return what the gates are told of helping by the action of this name."""
        said = self._of(way_of(action))
        if said is None or not said.scores:
            return None
        bars = self._compared_with()
        return advice_of(said.scores, said.vector, bars, is_far=said.is_far, may_outrank=said.may_outrank)

    def scored(self, action: str = "", explored: frozenset[int] = frozenset()) -> Scored:
        """Return what is kept: the vector as it was scored for this action (empty: for none), or alone.

        ``explored`` as in :class:`Scored`.
        """
        said = self._of(way_of(action) if action else "")
        return replace(said or foretell_nothing(self._instant, action), explored=explored)

    def _compared_with(self) -> Bars:
        return self._bars or live_bars(self._instant.now)

    def _of(self, way: str) -> Scored | None:
        """Return the vector with its scores for a way, worked out once; ``None`` where nobody may ask, or it failed."""
        if way not in self._said:
            self._said[way] = self._guarded(way)
        return self._said[way]

    @cached_property
    def _says(self) -> Says:
        return (self._ask or foretell)(self._instant)

    def _guarded(self, way: str) -> Scored | None:
        if not self._may_ask or not BREAKER.admits(now=time.monotonic()):
            return None
        try:
            scored = self._says(way)
        except Exception:  # noqa: BLE001 - what a model says of a beat must not cost the beat
            self._may_ask = False  # nor by another way: it is one failure
            BREAKER.record_failure(now=time.monotonic())
            note_fault("foretell")
            return None
        BREAKER.record_success()
        return scored
