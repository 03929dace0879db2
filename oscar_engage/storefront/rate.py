"""Does this browser, or its network, send more than people would? Counted per process; nothing is stored."""

import threading
from collections.abc import Hashable

BEATS_PER_MINUTE = 120
"""Beats of one visitor in a minute, per process: ten times what our script sends when every wake-up is due."""

_MINUTE, _HOUR = 60.0, 3600.0  # seconds
_MOST_KEYS = 20_000  # about 4 MB; past it newcomers are let through uncounted until the window is over


class Rate:
    """Counts by key within a window of ``seconds`` that begins with its first call. The clock (monotonic) is passed in."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._counts: dict[Hashable, int] = {}
        self._until = 0.0

    def allows(self, key: Hashable, *, limit: int, now: float) -> bool:
        """Count one for ``key`` and return whether it is within ``limit``."""
        with self._lock:
            if now >= self._until:
                self._counts.clear()
                self._until = now + self._seconds
            if key not in self._counts and len(self._counts) >= _MOST_KEYS:
                return True
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= limit


BEATS = Rate(seconds=_MINUTE)
"""The beats of this process, by visitor."""

BEATS_OF_NETWORK = Rate(seconds=_MINUTE)
"""The beats of this process, by network: whoever throws our cookie away is counted there."""

VISITORS = Rate(seconds=_MINUTE)
"""The visitors that began in this process, by network."""

NEWCOMERS = Rate(seconds=_HOUR)
"""The questions asked of this process without our cookie, by network."""

FINDERS = Rate(seconds=_HOUR)
"""The links to one's own questions that this process was asked for, by network."""

CALLERS = Rate(seconds=_HOUR)
"""The calls that this process was asked for, by network."""

SUGGESTIONS_PER_MINUTE = 120
"""Looks for answers while somebody writes, of one network in a minute, per process: some ten people who write at once."""

SUGGESTIONS = Rate(seconds=_MINUTE)
"""Those looks, by network."""

UPLOADS = Rate(seconds=_HOUR)
"""The requests with files that this process read, by network."""

OUTSIDE = Rate(seconds=_MINUTE)
"""What this process was told by an outside desk, by network."""
