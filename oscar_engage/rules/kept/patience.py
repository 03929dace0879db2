"""How long does a worker wait for another system? For ``COSTLY_PATIENCE_MS``; then it goes on, and asks less often.

Python cannot stop a thread. So whoever hangs is left to hang, on a daemon thread of its own, and at most
:data:`MOST_HANGING` do at once in one process: until one of them ends, nobody else is asked. A breaker for each variable
keeps a system that is down from being asked over and over.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

from oscar_engage.conf import get_settings
from oscar_engage.signals.breaker import Breaker
from oscar_engage.signals.counters import count

logger = logging.getLogger(__name__)

MOST_HANGING = 4
"""Threads that may wait for other systems at once, in one process."""

Answer = TypeVar("Answer")

_slots = threading.BoundedSemaphore(MOST_HANGING)
_breakers: dict[str, Breaker] = {}


def ask_patiently(name: str, ask: Callable[[], Answer], *, clock: Callable[[], float] = time.monotonic) -> Answer | None:
    """Return what ``ask`` gives, or ``None`` when it raises, takes too long or is not asked; each is counted under ``name``."""
    breaker = _breakers.setdefault(name, Breaker())
    if not breaker.admits(now=clock()) or not _slots.acquire(blocking=False):
        count("dropped", "source", error=name)
        return None
    answers: list[Answer] = []
    faults: list[Exception] = []
    asker = threading.Thread(target=_run, args=(ask, answers, faults), name=f"engage-ask-{name}", daemon=True)
    began = clock()
    asker.start()
    asker.join(get_settings().costly_patience_ms / 1000)
    if answers:
        breaker.record_success()
        return answers[0]
    breaker.record_failure(now=clock())
    if faults:
        count("fault", "source", error=f"{name}: {type(faults[0]).__name__}")
        logger.warning("The source of the variable %s failed.", name, exc_info=faults[0])
    else:
        took = round((clock() - began) * 1000)
        count("slow", "source", error=f"{name}: {took} ms")
        logger.warning("The source of the variable %s gave no answer in %d ms.", name, took)
    return None


def forget_breakers() -> None:
    """Ask everybody again; called between tests."""
    _breakers.clear()


def _run(ask: Callable[[], Answer], answers: list[Answer], faults: list[Exception]) -> None:
    try:
        answers.append(ask())
    except Exception as error:  # noqa: BLE001 - the shop's own code: counted by who waits for it
        faults.append(error)
    finally:
        connections.close_all()  # of this thread: a source may ask the shop's database
        _slots.release()
