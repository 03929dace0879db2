"""How is an event told? A job posts it, signed, to an address that was looked at; what fails is tried again."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.wire import UnreachableError, post
from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.webhooks.models import WebhookDelivery, WebhookSubscription
from oscar_engage.webhooks.plan import KIND, message_name
from oscar_engage.webhooks.registry import EVENTS, PING
from oscar_engage.webhooks.secrets import secrets_at
from oscar_engage.webhooks.signature import sign

PATIENCE = 5
"""Tries in a row that may fail before the address rests: a worker waits up to five seconds for each."""

REST = timedelta(minutes=5)


class NotTakenError(OSError):
    """The other side did not take it: to be tried again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one try. ``trouble`` is empty if it was taken."""

    status: int | None
    trouble: str


def body_of(event: str, data: Mapping[str, Any], *, happened_at: datetime) -> bytes:
    """Return what is sent, as JSON in UTF-8: ``type``, ``timestamp`` (when it happened) and ``data``."""
    said = {"type": event, "timestamp": happened_at, "data": data}
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()


def send(subscription: WebhookSubscription, event: str, message: str, body: bytes, *, now: datetime) -> Told:
    """Post ``body``, write a line into the log, and return what came of it. Outside any transaction: it takes seconds."""
    headers = {"content-type": "application/json", **sign(secrets_at(subscription, now=now), message, body, at=now)}
    allows_private = urlsplit(subscription.url).hostname in get_settings().webhook_private_hosts
    began = time.monotonic()
    try:
        told = Told(post(subscription.url, body, headers, allows_private=allows_private), "")
    except UnreachableError as error:
        told = Told(error.status, str(error)[:80])
    WebhookDelivery.objects.create(
        subscription=subscription,
        message=message,
        event=event,
        at=now,
        status=told.status,
        trouble=told.trouble,
        milliseconds=round(1000 * (time.monotonic() - began)),
    )
    return told


def send_test(subscription: WebhookSubscription, *, now: datetime) -> Told:
    """Send an event that means nothing, at once, and return what came of it."""
    message = message_name(subscription.pk, PING, now.isoformat())
    return send(subscription, PING, message, body_of(PING, {"test": True}, happened_at=now), now=now)


def _read(payload: Mapping[str, Any], *, now: datetime) -> None:
    subscription = WebhookSubscription.objects.filter(pk=payload["subscription"], is_active=True).first()
    event, object_id = str(payload["event"]), str(payload["id"])
    if subscription is None or event not in EVENTS:
        return
    if subscription.rests_until is not None and now < subscription.rests_until:
        raise NotTakenError("the address rests")
    data = EVENTS.get(event).describe(object_id, subscription.has_texts)
    if data is None:  # deleted since, by its retention or for a person who asked for it
        return
    body = body_of(event, data, happened_at=datetime.fromisoformat(payload["at"]))
    told = send(subscription, event, message_name(subscription.pk, event, object_id), body, now=now)
    _count(subscription, told, now=now)
    if told.trouble:
        raise NotTakenError(told.trouble)


def _count(subscription: WebhookSubscription, told: Told, *, now: datetime) -> None:
    own = WebhookSubscription.objects.filter(pk=subscription.pk)
    if not told.trouble:
        own.exclude(failures=0).update(failures=0, rests_until=None)
        return
    own.update(failures=F("failures") + 1)
    own.filter(failures__gte=PATIENCE).update(rests_until=now + REST)


def _write(read: None, *, now: datetime) -> None:
    """Do nothing: the log was written with the request, also where that failed and the job is rolled back."""


in_two_steps(KIND, read=_read, write=_write)
