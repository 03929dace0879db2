"""How is the ladder kept and changed? One row a step, made when it is first looked at, each change with a line in the trail."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import Step, completed

User = AbstractBaseUser | AnonymousUser | None


def read_ladder() -> list[LadderStep]:
    """Return all steps in their order, those of which no row is kept as they are at the beginning; one query."""
    rows = {row.step: row for row in LadderStep.objects.order_by("place", "pk")}
    known = (Step(name) for name in rows if name in set(Step))
    return [rows.get(step) or LadderStep(step=step) for step in completed(known)]


def move_step(step: Step, *, by: int, user: User, now: datetime) -> None:
    """Move ``step`` up (``by`` = -1) or down (1) by one place; at the end of the ladder it stays."""
    with transaction.atomic(using=get_settings().database):
        ladder = _kept()
        at = next(place for place, row in enumerate(ladder) if row.step == step)
        to = min(max(at + by, 0), len(ladder) - 1)
        ladder.insert(to, ladder.pop(at))
        for place, row in enumerate(ladder):
            row.place = place
        LadderStep.objects.bulk_update(ladder, ["place"])
        _note(ladder[to], "moved", user, now, {"to": to + 1})


def save_step(row: LadderStep, *, user: User, now: datetime) -> None:
    """Write ``row``, checked by the caller; the others keep their places."""
    with transaction.atomic(using=get_settings().database):
        kept = {other.step: other for other in _kept()}
        row.pk, row.place = kept[row.step].pk, kept[row.step].place
        row.save()
        _note(row, "changed", user, now, {})


def _kept() -> list[LadderStep]:
    """Return the ladder, a row for each step, locked against who changes it at the same moment."""
    ladder = read_ladder()
    for place, row in enumerate(ladder):
        if row._state.adding:
            LadderStep.objects.get_or_create(step=row.step, defaults={"place": place})
    locked = {row.step: row for row in LadderStep.objects.select_for_update().order_by("pk")}
    return [locked[row.step] for row in ladder]


def _note(row: LadderStep, what: str, user: User, now: datetime, detail: dict[str, Any]) -> None:
    record_action(
        actor=user,
        action=f"ladder.{what}",
        object_kind="ladder_step",
        object_id=row.pk,
        now=now,
        detail={"step": row.step, **detail},
    )
