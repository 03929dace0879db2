"""Are we switched on? Answered from memory; the row is looked up after a response, or in a request of our own."""

import threading
from datetime import datetime

from django.db import connections

from oscar_engage.conf import get_settings
from oscar_engage.statements.limits import limited_transaction
from oscar_engage.switch.models import Switch

FRESH_FOR = 3.0
"""Seconds for which a process goes on with what it read, on or off: with two until the next request comes, those five in which
switching reaches every process."""

_lock = threading.Lock()
_kept: list[tuple[bool, float]] = []  # what was read and when (monotonic), at most one


def is_on() -> bool:
    """Whether setting and switch say so; never queries. Unusable settings raise."""
    return get_settings().enabled and (not _kept or _kept[0][0])


def look_up(*, now: float) -> None:
    """Read the row if what is kept is too old; ``now`` is monotonic. One query in :data:`FRESH_FOR` seconds and process.

    Whatever the database raises passes through, and what was read last stays; the next look comes in its time.
    """
    if not get_settings().enabled or not _is_my_turn(now):
        return
    alias = get_settings().database
    with limited_transaction(connections[alias], lock_ms=100, statement_ms=300):
        found = Switch.objects.filter(pk=1).values_list("is_on", flat=True).first()
    _kept[:] = [(found is not False, now)]


def _is_my_turn(now: float) -> bool:
    """Whether this thread is the one to look; the others go on with what is kept."""
    with _lock:
        if _kept:
            was_on, read_at = _kept[0]
            if now - read_at < FRESH_FOR:
                return False
            _kept[:] = [(was_on, now)]
        else:
            _kept[:] = [(True, now)]
        return True


def turn(*, is_on: bool, now: datetime) -> bool:
    """Turn the switch and return whether that changed it; this process knows at once, the others within seconds."""
    switch, created = Switch.objects.get_or_create(pk=1, defaults={"is_on": is_on, "changed_at": now})
    changed = created and not is_on
    if not created:
        changed = bool(Switch.objects.filter(pk=switch.pk, is_on=not is_on).update(is_on=is_on, changed_at=now))
    forget()
    return changed


def forget() -> None:
    """Forget what was read, so that the next look reads anew."""
    _kept.clear()
