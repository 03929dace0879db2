"""How often did something go wrong in this process? Named counters for the health page; no ids, no storage."""

import threading

_MOST_NAMES = 200  # names come from our own code; the bound keeps a mistake there from growing without end
_OTHER = "other"

_lock = threading.Lock()
_counts: dict[str, int] = {}


def count(name: str, reason: str = "") -> None:
    """Add one to the counter ``name:reason``, e.g. ``count("rejected", "poison")``."""
    key = f"{name}:{reason}" if reason else name
    with _lock:
        if key not in _counts and len(_counts) >= _MOST_NAMES:
            key = _OTHER
        _counts[key] = _counts.get(key, 0) + 1


def snapshot() -> dict[str, int]:
    """Return a copy of all counters, by name."""
    with _lock:
        return dict(_counts)
