"""Which day is counted next? A sweep for each rollup, a day a job: a crash costs the count of one day, and loses nothing.

Counting reads, and may take seconds; it happens before the transaction, which then only writes one row. So on SQLite no
shopper's request waits for a count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.days import Kept, find_due, is_closed, make_day
from oscar_engage.analytics.rollups.declare import ROLLUPS, Rollup
from oscar_engage.analytics.rollups.document import Document, digest_of, write_cells
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import in_two_steps

SECONDS_BETWEEN = 600


@dataclass(frozen=True, slots=True)
class Counted:
    """A day that was counted but not yet written; ``has_more``: the sweep goes on."""

    day: date
    document: Document
    is_closed: bool
    has_more: bool
    sweep_at: datetime


def declare(rollup: Rollup) -> Rollup:
    """Register ``rollup`` and have it filled every ten minutes."""
    ROLLUPS.register(rollup.name, rollup)
    kind = kind_of(rollup.name)
    in_two_steps(kind, read=partial(_read, rollup), write=partial(_write, rollup))
    every(kind, SECONDS_BETWEEN)
    return rollup


def kind_of(name: str) -> str:
    """Return the kind of job that fills the rollup ``name``."""
    return f"rollup.{name}"


def fill(rollup: Rollup, *, now: datetime) -> int:
    """Count every day that is due, at once and without jobs, and return how many that were: for commands and tests."""
    number, counted = 0, count_next(rollup, sweep_at=now, now=now)
    while counted is not None:
        keep(rollup, counted, now=now)
        number += 1
        counted = count_next(rollup, sweep_at=now, now=now) if counted.has_more else None
    return number


def count_next(rollup: Rollup, *, sweep_at: datetime, now: datetime) -> Counted | None:
    """Count the newest day that is due; ``None``: there is none."""
    begins_at = rollup.begins()
    if begins_at is None:
        return None
    zone, open_days = timezone.get_default_timezone(), rollup.open_days()
    due = find_due(
        _kept(rollup.name), begins_at=begins_at, version=rollup.version, open_days=open_days, sweep_at=sweep_at, zone=zone
    )
    if not due:
        return None
    day = make_day(due[0], zone)
    document = write_cells(rollup, rollup.count(day, now=now))
    return Counted(day.date, document, is_closed(day, open_days=open_days, now=now), len(due) > 1, sweep_at)


def keep(rollup: Rollup, counted: Counted, *, now: datetime) -> None:
    """Write what was counted, unless somebody else has frozen the day since."""
    columns = _columns(rollup, counted, now)
    row, is_new = RollupDay.objects.get_or_create(rollup=rollup.name, day=counted.day, defaults=columns)
    if not is_new:
        RollupDay.objects.filter(pk=row.pk, frozen_at=None).update(**columns)


def _columns(rollup: Rollup, counted: Counted, now: datetime) -> dict[str, Any]:
    return {
        "version": rollup.version,
        "cells": counted.document,
        "digest": digest_of(rollup.name, counted.day, rollup.version, counted.document),
        "filled_at": now,
        "frozen_at": now if counted.is_closed else None,
    }


def _kept(name: str) -> dict[date, Kept]:
    rows = RollupDay.objects.filter(rollup=name).values_list("day", "filled_at", "version", "frozen_at")
    return {
        day: Kept(filled_at=filled_at, version=version, is_frozen=frozen_at is not None)
        for day, filled_at, version, frozen_at in rows
    }


def _read(rollup: Rollup, payload: Mapping[str, Any], *, now: datetime) -> Counted | None:
    began = payload.get("sweep_at")
    return count_next(rollup, sweep_at=datetime.fromisoformat(began) if began else now, now=now)


def _write(rollup: Rollup, counted: Counted | None, *, now: datetime) -> None:
    if counted is None:
        return
    keep(rollup, counted, now=now)
    if counted.has_more:
        kind, sweep_at = kind_of(rollup.name), counted.sweep_at.isoformat()
        enqueue(kind, key=f"{kind}:{counted.day}:{sweep_at}", payload={"sweep_at": sweep_at}, now=now)
