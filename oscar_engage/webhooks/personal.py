"""What do webhooks keep about people? Nothing: addresses of systems, and when which kind of event was told."""

from oscar_engage.personal.registry import impersonal_data
from oscar_engage.webhooks.models import WebhookDelivery, WebhookSubscription

impersonal_data(
    WebhookSubscription,
    *("id", "name", "url", "events", "has_texts", "is_active", "version", "rotated_at", "failures", "rests_until"),
    "created_at",
    why="addresses of the shop's own systems, and what they want to hear",
)
impersonal_data(
    WebhookDelivery,
    *("id", "subscription", "message", "event", "at", "status", "trouble", "milliseconds"),
    why="that something of a kind was told, and what HTTP said; not of whom, for a message's name is a hash",
)
