"""What do the models that speak say of this instant? Asked once a beat at most, and only where somebody wants to know.

Rules, gates and the log of vectors all have the same answer: what is kept is what was scored, and what was decided by.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from oscar_engage.decisions.advice import Advice
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.vector import take_vector
from oscar_engage.learning.leads.advise import advice_of, foretold_of
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.learning.leads.live import live_bars
from oscar_engage.learning.registry.live import Models, live_models
from oscar_engage.learning.vectors.write import Scored, foretell_nothing
from oscar_engage.rules.foretold import NOTHING_FORETOLD, Foretold
from oscar_engage.signals.breaker import Breaker
from oscar_engage.signals.faults import note_fault

BREAKER = Breaker()
"""Keeps a model that fails from costing every beat its time."""


def foretell(instant: Instant) -> Scored:
    """Return the vector of ``instant`` with the score and the version of every model that speaks; without a query."""
    return score_with(live_models(instant.now), instant)


def score_with(models: Models, instant: Instant) -> Scored:
    """Return what these models say."""
    vector = take_vector(instant)
    return Scored(
        vector,
        scores={task: speaker.score(vector) for task, speaker in models.items()},
        versions={task: speaker.version_id for task, speaker in models.items()},
    )


class Foreteller:
    """What is foretold of one instant. Whatever fails, nothing is foretold, and the shop goes on by its rules.

    ``ask`` scores, ``bars`` are those that count; else what speaks, and what counts, in this process.
    """

    def __init__(
        self, instant: Instant, *, may_ask: bool, ask: Callable[[Instant], Scored] | None = None, bars: Bars | None = None
    ) -> None:
        self._instant, self._may_ask, self._ask, self._bars = instant, may_ask, ask, bars

    def foretold(self) -> Foretold:
        """Return what rules read."""
        said = self._asked
        return foretold_of(said.scores, self._compared_with()) if said and said.scores else NOTHING_FORETOLD

    def advice(self) -> Advice | None:
        """Return what the gates are told."""
        said = self._asked
        return advice_of(said.scores, said.vector, self._compared_with()) if said and said.scores else None

    def scored(self, explored: frozenset[int] = frozenset()) -> Scored:
        """Return what is kept: the vector as it was scored, or alone. ``explored`` as in :class:`Scored`."""
        return replace(self._asked or foretell_nothing(self._instant), explored=explored)

    def _compared_with(self) -> Bars:
        return self._bars or live_bars(self._instant.now)

    @cached_property
    def _asked(self) -> Scored | None:
        """Return the vector with its scores; ``None`` where nobody may ask, or it failed."""
        if not self._may_ask or not BREAKER.admits(now=time.monotonic()):
            return None
        try:
            scored = (self._ask or foretell)(self._instant)
        except Exception:  # noqa: BLE001 - what a model says of a beat must not cost the beat
            BREAKER.record_failure(now=time.monotonic())
            note_fault("foretell")
            return None
        BREAKER.record_success()
        return scored
