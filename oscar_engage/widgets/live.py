"""Which engagements may be offered now? Asked by every beat, so remembered for a second in each process."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from oscar_engage.widgets.models import Engagement

KEPT_SECONDS = 1.0
"""How long an edit may go unseen."""


@dataclass(frozen=True, slots=True)
class _Remembered:
    """What was read at ``at``: engagements that stand always, and those that have a time, by slug."""

    at: float
    always: Mapping[str, Engagement]
    timed: Mapping[str, Engagement]


_remembered: _Remembered | None = None


def active_engagements(*, now: datetime, clock: Callable[[], float] = time.monotonic) -> Mapping[str, Engagement]:
    """Return the engagements that are switched on and in their time at ``now``, by slug; no query within a second of the last.

    Their times are looked at each time: one begins and ends at its moment, whatever is remembered.
    """
    global _remembered  # noqa: PLW0603 - one value for the process, replaced as a whole: no lock is needed
    kept, at = _remembered, clock()
    if kept is None or not 0 <= at - kept.at < KEPT_SECONDS:
        _remembered = kept = _read(at)
    if not kept.timed:
        return kept.always
    return MappingProxyType({**kept.always, **{slug: one for slug, one in kept.timed.items() if is_in_time(one, now=now)}})


def is_in_time(engagement: Engagement, *, now: datetime) -> bool:
    """Whether ``now`` is not before the engagement's start, and before its end."""
    return (engagement.starts_at is None or engagement.starts_at <= now) and (
        engagement.ends_at is None or now < engagement.ends_at
    )


def forget_engagements() -> None:
    """Ask the database the next time; for whoever has just changed an engagement, and for tests."""
    global _remembered  # noqa: PLW0603 - see above
    _remembered = None


def _read(at: float) -> _Remembered:
    always: dict[str, Engagement] = {}
    timed: dict[str, Engagement] = {}
    for engagement in Engagement.objects.filter(is_active=True):
        has_time = engagement.starts_at is not None or engagement.ends_at is not None
        (timed if has_time else always)[engagement.slug] = engagement
    return _Remembered(at, MappingProxyType(always), timed)
