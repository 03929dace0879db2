"""Who is told that work is waiting? A port: the job is safe in its table, so nothing may fail, or wait, because of a nudge."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

PORT = "oscar_engage.tasks.nudge"
"""Dotted path of ``callable(key)``; resolved at the first nudge, because it may connect to a broker."""

PATIENCE = 0.05
"""Seconds that whoever asks waits for the broker: it answers within one thousandth, or it hangs for five seconds."""

_asking = threading.Lock()
_failures: list["NudgeFailure"] = []  # at most one


@dataclass(frozen=True, slots=True)
class NudgeFailure:
    """When the broker could not be told last, how often since the process began, and what was raised."""

    at: datetime
    count: int
    error: str


def last_failure() -> NudgeFailure | None:
    """Return the last time that nobody could be nudged, for the health page."""
    return _failures[0] if _failures else None


def nudge(key: str) -> None:
    """Ask a worker to run the job ``key`` soon; when nobody can be asked, the sweep finds it within a minute.

    The broker is asked on a thread of its own, because no client of one can be relied on to give up in time; while that
    thread hangs, nobody else asks.
    """
    if not _asking.acquire(timeout=PATIENCE):
        _note("no answer")
        return
    asker = threading.Thread(target=_ask, args=(key,), name="engage-nudge", daemon=True)
    asker.start()
    asker.join(PATIENCE)
    if asker.is_alive():
        _note("no answer")


def _ask(key: str) -> None:
    try:
        import_string(PORT)(key)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a broker that is down, or djhuey's sys.exit(1), must not reach a request
        _note(type(error).__name__)
    finally:
        connections.close_all()  # of this thread: a task backend may keep its queue in the database
        _asking.release()


def _note(error: str) -> None:
    logger.warning("engage nudge failed: %s", error)
    before = last_failure()
    _failures[:] = [NudgeFailure(timezone.now(), before.count + 1 if before else 1, error)]
