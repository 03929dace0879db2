"""Who is to be told of this? A job for each subscription and event, whose key lets it exist once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from oscar_engage.jobs.outbox import enqueue
from oscar_engage.modules import is_on
from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.webhooks.registry import EVENTS, Event

KIND = "webhooks.deliver"


def message_name(subscription_id: int, event: str, object_id: str) -> str:
    """Return by what a receiver knows this event again, however often it is sent: it tells nothing of what it is about."""
    name = f"{subscription_id}:{event}:{object_id}"
    return f"msg_{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def active_subscriptions() -> list[WebhookSubscription]:
    """Return the subscriptions in use; one query."""
    return list(WebhookSubscription.objects.filter(is_active=True).order_by("pk"))


def wanted_events(subscriptions: Iterable[WebhookSubscription]) -> Iterator[Event]:
    """Give the events that somebody is told of, of the modules that are on."""
    wanted = {name for one in subscriptions for name in one.events}
    for event in EVENTS:
        if event.name in wanted and (not event.module or is_on(event.module)):
            yield event


def plan(
    subscriptions: Iterable[WebhookSubscription], event: str, object_id: str, *, happened_at: datetime, now: datetime
) -> None:
    """Have those of ``subscriptions`` told that want ``event`` and were there when it happened, each once."""
    for one in subscriptions:
        if event in one.events and happened_at >= one.created_at:
            message = message_name(one.pk, event, object_id)
            enqueue(KIND, key=f"{KIND}:{message}", payload=payload_of(one.pk, event, object_id, happened_at), now=now)


def payload_of(subscription_id: int, event: str, object_id: str, happened_at: datetime) -> Mapping[str, Any]:
    """Return what the job carries: ids, no texts."""
    return {"subscription": subscription_id, "event": event, "id": object_id, "at": happened_at.isoformat()}
