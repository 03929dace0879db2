"""Who begins a night's work? A job that starts a process and is done: learning may not hold up the shop's other jobs.

A worker often has one thread, and a job that holds it for minutes would hold up mails and chats; its lease (five minutes) would
run out, and a second worker would do it again. So the job only looks whether it is time, every ten minutes, and starts
``manage.py engage_learn``, which has a lease of its own (``lease``). A process that is killed is missed by a later look.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.learning.nightly.lease import learning_until
from oscar_engage.learning.nightly.night import find_wanted

KIND = "learning.night"
TEN_MINUTES = 600

PORT = "oscar_engage.learning.nightly.launch.begin_process"
"""Dotted path of ``callable(*arguments)``: starts a process that learns what is due, or what the arguments of the command say,
and does not wait for it."""


class NoSettingsError(RuntimeError):
    """The settings are in no module that another process could import."""


def look(payload: Mapping[str, Any], /, *, now: datetime) -> bool:
    """Return whether there is something to learn and nobody is at it."""
    until, _since = learning_until()
    return (until is None or until <= now) and bool(find_wanted(now=now))


def follow(is_time: bool, /, *, now: datetime) -> None:
    """Start the process, if it is time."""
    if is_time:
        import_string(PORT)()


def begin_process(*arguments: str) -> None:
    """Start ``engage_learn`` with ``arguments`` and this shop's settings.

    Somebody waits for it, so that nothing is left of it in the system.
    """
    module = getattr(settings, "SETTINGS_MODULE", None)
    if not module:
        raise NoSettingsError("DJANGO_SETTINGS_MODULE is not set")
    path = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(  # noqa: S603 - our own command; arguments are names of tasks
        (sys.executable, "-m", "django", "engage_learn", *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": module, "PYTHONPATH": path},
    )
    threading.Thread(target=process.wait, name="engage-learning", daemon=True).start()


in_two_steps(KIND, read=look, write=follow)
every(KIND, TEN_MINUTES)
