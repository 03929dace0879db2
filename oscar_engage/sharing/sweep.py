"""What if nobody asks any more? Once a minute, sessions whose both sides are gone are ended, and old rows go each day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.sharing.finish import end_if_over
from oscar_engage.sharing.models import LiveCode, LiveMessage, LiveSession, LiveState

KIND_END = "sharing.end_dead"
KIND_PURGE = "sharing.purge"
SWEEP_SECONDS = 60
_AT_ONCE = 200


@handler(KIND_END)
def end_dead(payload: Mapping[str, Any], *, now: datetime) -> None:
    """End what is over, and forget codes whose time has passed."""
    going_on = LiveSession.objects.exclude(state=LiveState.ENDED).select_related("conversation", "agent")
    for session in going_on.order_by("asked_at")[:_AT_ONCE]:
        end_if_over(session, now=now)
    LiveCode.objects.filter(until__lte=now).delete()


@handler(KIND_PURGE)
def purge_recordings(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove a chunk of what shoppers let us keep for ``SHARED_PAGE_DAYS``; that there was one stays with its transcript."""
    horizon = now - timedelta(days=get_settings().shared_page_days)
    old = LiveMessage.objects.filter(session__ended_at__lt=horizon)
    purge.purge_chunk(old, kind=KIND_PURGE, payload=payload, now=now)


every(KIND_END, SWEEP_SECONDS)
every(KIND_PURGE, purge.DAY)
