"""Does this browser send more than a browser would? Counted per process and minute; nothing is stored."""

import threading
import uuid

BEATS_PER_MINUTE = 120
"""Beats of one visitor in a minute, per process: ten times what our script sends when every wake-up is due."""

_MINUTE = 60.0  # seconds
_MOST_VISITORS = 20_000  # about 4 MB; past it newcomers are let through uncounted until the minute is over


class Rate:
    """Counts by key within a window of a minute that begins with its first call. The clock (monotonic) is passed in."""

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._counts: dict[uuid.UUID, int] = {}
        self._until = 0.0

    def allows(self, key: uuid.UUID, *, now: float) -> bool:
        """Count one for ``key`` and return whether it is within the limit."""
        with self._lock:
            if now >= self._until:
                self._counts.clear()
                self._until = now + _MINUTE
            if key not in self._counts and len(self._counts) >= _MOST_VISITORS:
                return True
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= self._limit


BEATS = Rate(limit=BEATS_PER_MINUTE)
"""The beats of this process."""
