"""With which secret is a subscription signed? One that follows from the shop's key: no table and no backup holds it."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.webhooks.signature import write_secret

_SALT = "oscar_engage.webhooks"

OVERLAP = timedelta(hours=24)
"""How long the secret before the last is signed with as well: time enough to type the new one in on the other side."""


def secret_of(subscription: WebhookSubscription, *, version: int | None = None) -> str:
    """Return the secret of the subscription, or that of an earlier ``version``."""
    name = f"{subscription.pk}:{version or subscription.version}"
    return write_secret(salted_hmac(_SALT, name, algorithm="sha256").digest())


def secrets_at(subscription: WebhookSubscription, *, now: datetime) -> list[str]:
    """Return what is signed with at ``now``: the secret, and for a day after a change the one before."""
    both = subscription.version > 1 and subscription.rotated_at is not None and now - subscription.rotated_at < OVERLAP
    return [secret_of(subscription), *([secret_of(subscription, version=subscription.version - 1)] if both else [])]


def rotate(subscription: WebhookSubscription, *, now: datetime) -> str:
    """Give the subscription another secret and return it."""
    subscription.version, subscription.rotated_at = subscription.version + 1, now
    subscription.save(update_fields=["version", "rotated_at"])
    return secret_of(subscription)
