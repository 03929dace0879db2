"""Is it learning just now, and what? For the button "Learn now" and what stands there meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from oscar_engage.dashboard.learning.said import TITLES
from oscar_engage.learning.nightly.by_hand import find_asked
from oscar_engage.learning.nightly.models import RunResult
from oscar_engage.learning.nightly.state import Ladder


@dataclass(frozen=True, slots=True)
class Running:
    """``is_going_on``: asked for, beginning or at it; ``lines`` say how far it is."""

    is_going_on: bool
    lines: tuple[str, ...]


def read_running(told: Ladder, *, now: datetime) -> Running:
    """Return how learning stands at ``now``; one query."""
    asked = find_asked(now=now)
    begun_at = max((step.last_run.started_at for step in told.steps if step.last_run), default=None)
    is_beginning = asked.is_beginning(now, begun_at=begun_at)
    is_going_on = asked.is_waiting or is_beginning or told.is_learning
    return Running(is_going_on, tuple(_say(told, is_waiting=asked.is_waiting)) if is_going_on else ())


def _say(told: Ladder, *, is_waiting: bool) -> Iterator[str]:
    if not told.is_learning:
        yield _("It waits for the worker.") if is_waiting else _("It begins.")
        return
    running = [step.last_run for step in told.steps if step.last_run and step.last_run.result == RunResult.RUNNING]
    if not running:
        yield _("Between two tasks.")
    for run in running:
        words = {"what": str(TITLES[run.task]), "at": time_format(timezone.localtime(run.started_at), "TIME_FORMAT")}
        yield _("Being learnt since %(at)s: %(what)s.") % words
