"""Was anything missed? Each minute the tables are looked through for events of the last minutes; what is planned stays planned.

So an event is told also when the process died that would have said it sooner (``hear``), and when the worker was away.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.jobs import purge
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.webhooks.models import WebhookDelivery
from oscar_engage.webhooks.plan import active_subscriptions, plan, wanted_events

KIND, PURGE = "webhooks.sweep", "webhooks.purge"
SWEEP_SECONDS = 60

OVERLAP = timedelta(minutes=10)
"""How far each sweep looks back behind the last: a transaction that took that long is still found."""

LONGEST = timedelta(days=3)
"""How far a sweep looks back at most. Keys of jobs that were done are known for seven days: nothing is told twice."""


@handler(KIND)
def sweep(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Plan what is not planned yet; one query where nobody subscribed."""
    subscriptions = active_subscriptions()
    state, _is_new = FillState.objects.get_or_create(name=KIND, defaults={"filled_at": now})
    if subscriptions:
        since = max(state.filled_at - OVERLAP, now - LONGEST)
        for event in wanted_events(subscriptions):
            for object_id, at in event.find(since, now):
                plan(subscriptions, event.name, object_id, happened_at=at, now=now)
    FillState.objects.filter(pk=state.pk).update(filled_at=now)


@handler(PURGE)
def purge_log(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Remove lines of the log that are older than ``WEBHOOK_LOG_DAYS``."""
    horizon = now - timedelta(days=get_settings().webhook_log_days)
    purge.purge_chunk(WebhookDelivery.objects.filter(at__lt=horizon), kind=PURGE, payload=payload, now=now)


every(KIND, SWEEP_SECONDS)
every(PURGE, purge.DAY)
