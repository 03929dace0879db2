"""What does the clock of a sitting show? Seconds since it began, without pauses and without the time when nobody looked."""

from datetime import datetime, timedelta

from oscar_engage.desk.practice.models import Practice

AWAY = timedelta(minutes=2)
"""From so long without a word from its page on, a sitting stood still: the page was closed. A hidden tab asks each minute."""

SEEN_STEP = timedelta(seconds=20)
"""How exact it is kept when the page asked last: one write in so long."""


def second_of(practice: Practice, *, now: datetime) -> float:
    """Return what the clock shows at ``now``."""
    until = practice.paused_at or practice.ended_at or now
    if _was_away(practice, now):
        until = practice.seen_at
    return max((until - practice.started_at).total_seconds() - practice.waited, 0.0)


def keep_clock(practice: Practice, *, now: datetime) -> None:
    """Note that the page asks at ``now``; the caller saves ``seen_at`` and ``waited``."""
    if _was_away(practice, now):
        practice.waited += (now - practice.seen_at).total_seconds()
    practice.seen_at = now


def is_stale(practice: Practice, *, now: datetime) -> bool:
    """Whether it is time to note that the page asked."""
    return now - practice.seen_at > SEEN_STEP


def pause(practice: Practice, *, now: datetime) -> None:
    """Have the clock stand still; the caller saves. What is paused already stays so."""
    keep_clock(practice, now=now)
    practice.paused_at = practice.paused_at or now


def go_on(practice: Practice, *, now: datetime) -> None:
    """Have the clock run on; the caller saves."""
    if practice.paused_at is not None:
        practice.waited += (now - practice.paused_at).total_seconds()
        practice.paused_at = None
    practice.seen_at = now


def _was_away(practice: Practice, now: datetime) -> bool:
    return practice.paused_at is None and practice.ended_at is None and now - practice.seen_at > AWAY
