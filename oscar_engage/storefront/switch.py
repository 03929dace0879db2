"""How does a process follow the switch? By a look after a response, or in a request of ours; never in the shop's own.

A worker or a command serves no requests: it looks when it is about to write for us.
"""

import threading
import time

from django.http.response import HttpResponseBase

from oscar_engage.signals.faults import note_fault
from oscar_engage.switch.state import is_on, look_up

_REQUESTS_COME = threading.Event()
"""Set in a process where the middleware stands: there each request that comes by has the switch looked up."""


def is_switched_on() -> bool:
    """Whether we are on; unusable settings count as off (the system checks name the mistake)."""
    try:
        return is_on()
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("settings")
        return False


def follow_switch() -> None:
    """Look the switch up when it is time. Never raises: where it cannot be read, it stays as it was."""
    try:
        look_up(now=time.monotonic())
    except Exception:  # noqa: BLE001 - the shop's thread, which must go on to its next request
        note_fault("switch")


def expect_requests() -> None:
    """Say that this process serves requests; from then on :func:`follow_without_requests` does nothing here."""
    _REQUESTS_COME.set()


def follow_without_requests() -> None:
    """Look the switch up when it is time, in a process that serves no requests: nobody else would. Never raises."""
    if not _REQUESTS_COME.is_set():
        follow_switch()


def follow_after(response: HttpResponseBase) -> None:
    """Have the switch looked up once ``response`` is out."""
    try:
        response._resource_closers.append(follow_switch)  # type: ignore[attr-defined]  # not in the stubs
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("switch")
