"""What may a rule ask about the time of day and of week, by the shop's own clock?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_engage.conf import get_settings
from oscar_engage.core.opening import DAYS, edges, is_open
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.choices import WEEKDAYS
from oscar_engage.rules.shipped.groups import TIME
from oscar_engage.rules.turns import turns_at
from oscar_engage.rules.types import Boolean, Integer
from oscar_engage.rules.variables import variable

_HOUR = timedelta(hours=1)


def _local(moment: Moment) -> datetime:
    """Return the moment by the shop's clock: Django's ``TIME_ZONE``, wherever the shopper is."""
    return moment.now.astimezone(timezone.get_default_timezone())


@variable("time.weekday", type=WEEKDAYS, label=_("day of the week"), group=TIME)
def time_weekday(moment: Moment) -> Value:
    """Return the day of the week, where the shop is."""
    return DAYS[_local(moment).weekday()]


@variable("time.hour", type=Integer(), label=_("hour of the day (0 to 23)"), group=TIME)
def time_hour(moment: Moment) -> Value:
    """Return the hour that has begun, where the shop is."""
    return _local(moment).hour


@variable("time.is_open", type=Boolean(), label=_("in opening hours"), group=TIME)
def time_is_open(moment: Moment) -> Value:
    """Return whether it is within ``OPENING_HOURS``; not known where the shop has not set any."""
    hours = get_settings().opening_hours
    return is_open(hours, _local(moment)) if hours else UNKNOWN


def _full_hours(moment: Moment, span: timedelta) -> Iterator[float]:
    local = _local(moment)
    begun = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    wait = _HOUR - begun
    while wait <= span:
        yield wait.total_seconds()
        wait += _HOUR


def _openings(moment: Moment, span: timedelta) -> Iterator[float]:
    # In UTC: between two times of one zone Python counts what the clocks show, not what passes when they are put forward.
    waits = (edge.astimezone(UTC) - moment.now for edge in edges(get_settings().opening_hours, _local(moment)))
    return (wait.total_seconds() for wait in sorted(waits) if timedelta() < wait <= span)


turns_at("time.weekday", _full_hours)
turns_at("time.hour", _full_hours)
turns_at("time.is_open", _openings)
