"""How long may the costly variables of one beat take together? A purse of milliseconds, for each reader one.

Nothing can stop a Python function that runs. So a beat is late by one variable at most, the one that emptied the purse. What
may hang (another system) is not asked in a beat at all; see ``rules.kept.values``.
"""

import logging
from collections.abc import Callable

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.signals.counters import count

logger = logging.getLogger(__name__)


class Purse:
    """Holds ``milliseconds``; ``clock`` gives seconds that only grow."""

    def __init__(self, milliseconds: float, *, clock: Callable[[], float]) -> None:
        self._most = self._left = milliseconds / 1000
        self._clock = clock

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked any more."""
        return self._left <= 0

    def spend(self, ask: Callable[[], Value], *, name: str) -> Value:
        """Return what ``ask`` gives, at the cost of its time; unknown, and counted, when the purse is empty.

        One that took the whole budget alone is counted as slow, under its ``name``.
        """
        if self.is_empty:
            count("dropped", "costly", error=name)
            return UNKNOWN
        began = self._clock()
        value = ask()
        took = self._clock() - began
        self._left -= took
        if took >= self._most:
            count("slow", "variable", error=f"{name}: {round(took * 1000)} ms")
            logger.warning("The variable %s took %d ms in a beat.", name, round(took * 1000))
        return value
