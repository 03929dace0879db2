"""What does a policy come to? Durations of open time as a plain value, and the times that follow from them."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from oscar_engage.conf import get_settings
from oscar_engage.desk.promises.clock import NeverOpenError, Opening, add_open, open_between
from oscar_engage.desk.promises.hours import build_opening
from oscar_engage.desk.promises.models import OpeningHours, Policy

logger = logging.getLogger(__name__)

WARNED_AT = 0.75
"""Share of a promise's open time after which it is warned of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is promised: ``first`` to an answer, ``resolve`` (``None``: nothing) to the solution, both in open time."""

    first: timedelta
    resolve: timedelta | None = None
    opening: Opening | None = None
    policy_id: int | None = None

    def after(self, start: datetime, duration: timedelta) -> datetime:
        """Return when ``duration`` of open time after ``start`` is over.

        Where the shop never opens for so long, closed time counts: a promise must have an end.
        """
        try:
            return add_open(start, duration, self.opening)
        except NeverOpenError:
            logger.exception("The hours of policy %s never open for long enough.", self.policy_id)
            return add_open(start, duration)

    def answer_by(self, asked_at: datetime) -> datetime:
        """Return when the first answer to what is asked at ``asked_at`` is due."""
        return self.after(asked_at, self.first)

    def warn_of_answer_at(self, asked_at: datetime) -> datetime:
        """Return when to warn of that."""
        return self.after(asked_at, self.first * WARNED_AT)

    def resolve_by(self, asked_at: datetime) -> datetime | None:
        """Return when what is asked at ``asked_at`` is to be solved."""
        return None if self.resolve is None else self.after(asked_at, self.resolve)

    def warn_of_solution_at(self, resolve_by: datetime, *, now: datetime) -> datetime:
        """Return when to warn of ``resolve_by``, not before ``now``; pauses have moved it, so it is counted from its end."""
        left = open_between(now, resolve_by, self.opening)
        last_part = (self.resolve or timedelta()) * (1 - WARNED_AT)
        return self.after(now, left - last_part) if left > last_part else now

    def resumed(self, resolve_by: datetime, *, paused_at: datetime, now: datetime) -> datetime:
        """Return ``resolve_by`` moved by the pause: as much open time is left at ``now`` as was at ``paused_at``.

        What was late already stays so.
        """
        left = open_between(paused_at, resolve_by, self.opening)
        return self.after(now, left) if left > timedelta() else resolve_by


def terms_of(policy: Policy | None) -> Terms:
    """Return the terms of ``policy``; without one, an answer within ``PROMISED_MINUTES`` at any hour."""
    if policy is None:
        return Terms(first=timedelta(minutes=get_settings().promised_minutes))
    return Terms(
        first=timedelta(minutes=policy.first_minutes),
        resolve=None if policy.resolve_minutes is None else timedelta(minutes=policy.resolve_minutes),
        opening=opening_of(policy.opening_hours),
        policy_id=policy.pk,
    )


def opening_of(hours: OpeningHours | None) -> Opening | None:
    """Return the hours as the clock takes them; what cannot be read is logged and counts as always open."""
    if hours is None:
        return None
    try:
        return build_opening(hours.time_zone, hours.weekly, hours.holidays, hours.special_days)
    except ValidationError:
        logger.exception("The opening hours %s cannot be read; every hour counts.", hours.pk)
        return None
