"""What do we do with our own failures inside the shop's request? Count each, log one line a minute, and go on."""

import logging
import sys
import time

from oscar_engage.signals.counters import count

logger = logging.getLogger("oscar_engage")

_LOG_EVERY = 60.0  # seconds between two log lines about one place: a missing table must not fill the shop's log
_last_logged: dict[str, float] = {}


def note_fault(place: str) -> None:
    """Count the exception that is being handled under ``fault:<place>`` and log it, once a minute for each place."""
    count("fault", place, error=type(sys.exception()).__name__)
    now = time.monotonic()
    if now - _last_logged.get(place, -_LOG_EVERY) >= _LOG_EVERY:
        _last_logged[place] = now
        logger.warning("Engage failed in %s; the shop's page is not affected.", place, exc_info=True)  # noqa: LOG014 - callers are except blocks
