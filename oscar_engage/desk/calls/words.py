"""When do we call? In words for the shopper, in the language that is active and by the queue's own clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_engage.desk.calls.models import CallState, PhoneCall
from oscar_engage.desk.calls.offered import opening_for, terms_of_queue


def zone_of(call: PhoneCall) -> ZoneInfo:
    """Return the zone by whose clock the queue of ``call`` promises; one query."""
    return opening_for(terms_of_queue(call.queue_id)).zone


def say_when(call: PhoneCall, *, zone: ZoneInfo | None = None) -> str:
    """Return when we call next, such as "Friday, 27 November, between 10:00 and 10:15"."""
    zone = zone or zone_of(call)
    if call.starts_at is not None and call.ends_at is not None and call.call_at <= call.starts_at:
        return say_slot(call.starts_at, call.ends_at, zone)
    if call.state == CallState.PLANNED and call.opened_at is not None:
        day, time = _day(call.call_at, zone), date_format(timezone.localtime(call.call_at, zone), "H:i")
        return _("%(day)s, from %(time)s on") % {"day": day, "time": time}
    return _("as soon as somebody is free")


def say_slot(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """Return day and times of a slot, in one sentence's part."""
    begins, ends = timezone.localtime(starts_at, zone), timezone.localtime(ends_at, zone)
    times = {"from": date_format(begins, "H:i"), "to": date_format(ends, "H:i")}
    return _("%(day)s, between %(from)s and %(to)s") % {"day": _day(starts_at, zone), **times}


def say_day(at: datetime, zone: ZoneInfo) -> str:
    """Return the day of a slot, for a list of them."""
    return _day(at, zone)


def _day(at: datetime, zone: ZoneInfo) -> str:
    local = timezone.localtime(at, zone)
    return f"{date_format(local, 'l')}, {date_format(local, 'MONTH_DAY_FORMAT')}"
