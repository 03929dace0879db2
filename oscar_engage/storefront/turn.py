"""May this thread of the shop write for us now? At most two wait at once, and none while our database is sick."""

import threading
import time
from collections.abc import Callable

from oscar_engage.signals.breaker import Breaker
from oscar_engage.signals.counters import count

BREAKER = Breaker()
"""Shared by all writes of this process on behalf of the storefront: flushes and beats."""

_SLOW = 1.0  # seconds; a write that took longer counts as a failure, so that the next ones are skipped
_WAIT_FOR_TURN = 0.05  # seconds; after the bytes are out, but the thread is the shop's
_TURNS = threading.BoundedSemaphore(2)  # at most two of the shop's threads wait for our tables at once


def write_in_turn(write: Callable[[], None]) -> None:
    """Call ``write``, or count it as dropped; what it raises passes through, and is the caller's to report to the breaker."""
    started = time.monotonic()
    if not BREAKER.admits(now=started):
        count("dropped", "breaker")
    elif not _TURNS.acquire(timeout=_WAIT_FOR_TURN):
        count("dropped", "busy")
    else:
        try:
            write()
        finally:
            _TURNS.release()
        _judge_duration(started, time.monotonic())


def _judge_duration(started: float, ended: float) -> None:
    if ended - started > _SLOW:
        BREAKER.record_failure(now=ended)
    else:
        BREAKER.record_success()
