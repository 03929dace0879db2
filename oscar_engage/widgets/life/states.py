"""Where does an engagement stand? Never published, offered, still to come, over, or switched off; in words, with its times."""

from datetime import datetime
from enum import Enum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_engage.widgets.life.publish import is_unborn
from oscar_engage.widgets.models import Engagement


class Standing(Enum):
    """An engagement's switch, seen together with its times."""

    DRAFT = "draft"
    LIVE = "live"
    SCHEDULED = "scheduled"
    ENDED = "ended"
    OFF = "off"


def standing_of(engagement: Engagement, *, now: datetime) -> Standing:
    """Return where ``engagement`` stands at ``now``; its end is the first moment at which it is over."""
    if not engagement.is_active:
        return Standing.DRAFT if is_unborn(engagement) else Standing.OFF
    if engagement.starts_at is not None and now < engagement.starts_at:
        return Standing.SCHEDULED
    if engagement.ends_at is not None and engagement.ends_at <= now:
        return Standing.ENDED
    return Standing.LIVE


def describe_standing(engagement: Engagement, *, now: datetime) -> str:
    """Return it in words, with the times it hangs on in the shop's time zone."""
    standing = standing_of(engagement, now=now)
    if standing is Standing.DRAFT:
        return _("draft")
    if standing is Standing.OFF:
        return _("switched off")
    if standing is Standing.ENDED:
        return _("over since %(time)s") % {"time": _say(engagement.ends_at)}
    if standing is Standing.SCHEDULED:
        return _("from %(time)s on") % {"time": _say(engagement.starts_at)}
    if engagement.ends_at is not None:
        return _("live until %(time)s") % {"time": _say(engagement.ends_at)}
    return _("live")


def _say(moment: datetime | None) -> str:
    return "" if moment is None else date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
