"""What does the list say of each webhook? What it is told, when that last went well, and whether it fails now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from oscar_engage.jobs.models import Job, JobState
from oscar_engage.webhooks.models import WebhookDelivery, WebhookSubscription
from oscar_engage.webhooks.plan import KIND
from oscar_engage.webhooks.registry import EVENTS, PING

SHOWN = 50
"""Lines of the log on a webhook's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """One line of the list."""

    webhook: WebhookSubscription
    events: Sequence[str]
    taken_at: datetime | None
    taken: int
    refused: int


def read_webhooks() -> list[WebhookRow]:
    """Return all webhooks with what the log says of them, with one query."""
    no_test = ~Q(deliveries__event=PING)
    rows = WebhookSubscription.objects.annotate(
        taken_at=Max("deliveries__at", filter=Q(deliveries__trouble="")),
        taken=Count("deliveries", filter=no_test & Q(deliveries__trouble="")),
        refused=Count("deliveries", filter=no_test & ~Q(deliveries__trouble="")),
    )
    return [
        WebhookRow(
            webhook=row,
            events=[str(EVENTS.get(name).label) if name in EVENTS else name for name in row.events],
            taken_at=row.taken_at,
            taken=row.taken,
            refused=row.refused,
        )
        for row in rows.order_by("name", "pk")
    ]


def read_log(webhook: WebhookSubscription) -> list[WebhookDelivery]:
    """Return the latest tries, the newest first."""
    return list(webhook.deliveries.order_by("-at", "-pk")[:SHOWN])


def count_dead() -> int:
    """Return how many events were given up after all tries; the health page can try them again."""
    return Job.objects.filter(kind=KIND, state=JobState.DEAD).count()
