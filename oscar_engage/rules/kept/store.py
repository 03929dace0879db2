"""Where is what slow variables were worth? In a table, so that erasure finds it, and never in a cache that nobody searches."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from django.utils.crypto import salted_hmac

from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler
from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.kept.patience import ask_patiently
from oscar_engage.rules.kept.values import NOTHING_KEPT, Kept, KeptRow, Whom, encode
from oscar_engage.rules.models import KeptValue
from oscar_engage.rules.parameters import bare_name
from oscar_engage.rules.variables import Variable, find_variable, split_key
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor

KIND = "variables.ask"
PURGE = "variables.purge"
KEPT_FOR = timedelta(days=7)
"""How long a value stays that no rule asks for any more."""

_UNIQUE = ("visitor_id", "is_customer", "digest")


def read_kept(visitor_id: uuid.UUID, *, is_customer: bool, now: datetime) -> Kept:
    """Return the values kept of a visitor as what they now are (a customer or not), with one query.

    Having one asked anew writes a row and a job, in the caller's transaction.
    """
    return replace(
        look_at_kept(visitor_id, is_customer=is_customer),
        refresh=partial(_refresh, visitor_id, is_customer=is_customer, now=now),
    )


def look_at_kept(visitor_id: uuid.UUID, *, is_customer: bool) -> Kept:
    """Return the same for somebody who only looks on: nothing is asked anew."""
    found = KeptValue.objects.filter(visitor_id=visitor_id, is_customer=is_customer)
    columns = found.values_list("digest", "value", "told_at", "asked_at")
    rows = {digest: KeptRow(value=value, told_at=told_at, asked_at=asked_at) for digest, value, told_at, asked_at in columns}
    return replace(NOTHING_KEPT, get=lambda key: rows.get(_digest(key)))


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _refresh(visitor_id: uuid.UUID, key: str, *, is_customer: bool, now: datetime) -> None:
    _write(visitor_id, key, is_customer=is_customer, asked_at=now)
    asked = f"{visitor_id.hex}:{is_customer}:{key}"
    name = salted_hmac(KIND, asked, algorithm="sha256").hexdigest()  # a broker keeps it: it does not tell the id
    payload = {"visitor": visitor_id.hex, "key": key}
    enqueue(KIND, key=f"{KIND}:{name}:{now:%Y%m%d%H%M}", payload=payload, now=now)


def _write(visitor_id: uuid.UUID, key: str, *, is_customer: bool, **changes: Any) -> None:
    row = KeptValue(visitor_id=visitor_id, variable=bare_name(key), digest=_digest(key), is_customer=is_customer, **changes)
    KeptValue.objects.bulk_create([row], update_conflicts=True, unique_fields=_UNIQUE, update_fields=list(changes))


@handler(KIND)
def ask_variable(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Ask the source of one variable about one visitor and keep what it says; what fails leaves what was known.

    Nothing is asked about who was erased or no longer agrees.
    """
    visitor = Visitor.objects.filter(pk=payload["visitor"]).first() if "visitor" in payload else None
    entry = find_variable(payload.get("key", ""))
    if visitor is None or entry is None or not entry.ttl or visitor.consent < ConsentLevel.PERSONALISATION:
        return
    answer = _ask(entry, payload["key"], Whom(visitor.pk, visitor.customer_id))
    if answer is None:
        return
    if Visitor.objects.select_for_update().filter(pk=visitor.pk).first() is None:
        return  # erased meanwhile: with this lock nobody is while it is written
    is_customer = visitor.customer_id is not None
    _write(visitor.pk, payload["key"], is_customer=is_customer, asked_at=now, told_at=now, value=answer[0])


def _ask(entry: Variable, key: str, whom: Whom) -> tuple[Any] | None:
    """Return what the source says as JSON, or ``None`` when it failed."""

    def ask() -> tuple[Any]:
        value: Value = entry.reading(whom, **split_key(key)[1])
        return (encode(entry, value),)

    return ask_patiently(entry.name, ask)


@handler(PURGE)
def purge_values(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove values that nobody asked for in :data:`KEPT_FOR`, a chunk a job."""
    purge_chunk(KeptValue.objects.filter(asked_at__lt=now - KEPT_FOR), kind=PURGE, payload=payload, now=now)


every(PURGE, DAY)
