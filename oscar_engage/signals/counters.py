"""How often did something go wrong in this process, and when last? Named counters for the health page; no ids, no storage."""

import threading
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

_MOST_NAMES = 200  # names come from our own code; the bound keeps a mistake there from growing without end
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often, when last, and the name of the exception that was raised, if one was."""

    count: int
    last_at: datetime
    error: str = ""


_lock = threading.Lock()
_tallies: dict[str, Tally] = {}


def count(name: str, reason: str = "", *, error: str = "") -> None:
    """Add one to the counter ``name:reason``, e.g. ``count("rejected", "poison")``; ``error`` names an exception's class."""
    key = f"{name}:{reason}" if reason else name
    with _lock:
        if key not in _tallies and len(_tallies) >= _MOST_NAMES:
            key = _OTHER
        so_far = _tallies[key].count if key in _tallies else 0
        _tallies[key] = Tally(so_far + 1, timezone.now(), error)


def snapshot() -> dict[str, int]:
    """Return all counts, by name."""
    return {name: tally.count for name, tally in tallies().items()}


def tallies() -> dict[str, Tally]:
    """Return all counters, by name."""
    with _lock:
        return dict(_tallies)
