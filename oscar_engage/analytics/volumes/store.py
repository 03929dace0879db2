"""How do imported volumes get in, and out? Whole days at a time: what a file says of a day replaces what was there of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import Count, Max, Min, Sum

from oscar_engage.analytics.volumes.check import VolumeRow
from oscar_engage.analytics.volumes.models import ContactVolume
from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.core.chunks import chunks

User = AbstractBaseUser | AnonymousUser | None
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Replaced:
    """What an import takes the place of: so many days, with so many contacts."""

    days: int = 0
    contacts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is there: days with their first and last, contacts in all, and when the latest came."""

    days: int
    contacts: int
    first: date | None
    last: date | None
    imported_at: datetime | None


def what_is_held() -> Held:
    """Return what was imported so far; one query."""
    told = ContactVolume.objects.aggregate(
        days=Count("day", distinct=True), contacts=Sum("contacts"), first=Min("day"), last=Max("day"), at=Max("imported_at")
    )
    return Held(
        days=told["days"], contacts=told["contacts"] or 0, first=told["first"], last=told["last"], imported_at=told["at"]
    )


def would_replace(days: Collection[date]) -> Replaced:
    """Return what an import of these days would take the place of."""
    known: dict[date, int] = {}
    for some in chunks(sorted(days)):
        rows = ContactVolume.objects.filter(day__in=some).values_list("day").annotate(number=Sum("contacts")).order_by()
        known.update(rows)
    return Replaced(len(known), sum(known.values()))


def import_volumes(rows: Sequence[VolumeRow], *, user: User, now: datetime) -> Replaced:
    """Write the rows of a file in the place of all that was there of their days, or nothing; return what that was."""
    days = sorted({row.day for row in rows})
    with transaction.atomic(using=get_settings().database):
        replaced = would_replace(days)
        for some in chunks(days):
            ContactVolume.objects.filter(day__in=some).delete()
        kept = (
            ContactVolume(
                day=row.day,
                channel=row.channel.value,
                topic=row.topic,
                contacts=row.contacts,
                minutes=row.minutes,
                imported_at=now,
            )
            for row in rows
        )
        ContactVolume.objects.bulk_create(kept, batch_size=CHUNK)
        detail = {"rows": len(rows), "replaced_days": replaced.days, "replaced_contacts": replaced.contacts}
        span = f"{days[0]}/{days[-1]}" if days else ""
        record_action(actor=user, action="volumes.imported", object_kind="volumes", object_id=span, now=now, detail={**detail})
    return replaced


def delete_volumes(since: date, last: date, *, user: User, now: datetime) -> int:
    """Delete what was imported of the days from ``since`` to ``last``, both included; return how many rows that were."""
    with transaction.atomic(using=get_settings().database):
        number, _by_model = ContactVolume.objects.filter(day__gte=since, day__lte=last).delete()
        detail = {"rows": number}
        record_action(
            actor=user,
            action="volumes.deleted",
            object_kind="volumes",
            object_id=f"{since}/{last}",
            now=now,
            detail=detail,
        )
    return number


def read_volumes(since: date, until: date) -> dict[date, int]:
    """Return contacts by day of ``[since, until)``, all channels and topics together; one query."""
    rows = ContactVolume.objects.filter(day__gte=since, day__lt=until).order_by("day")
    return dict(rows.values_list("day").annotate(number=Sum("contacts")))
