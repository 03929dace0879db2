"""How does a model come to speak, and stop? Each step in one transaction, with a row that says why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.dateparse import parse_datetime

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.learning.features.tasks import schemas_of
from oscar_engage.learning.registry.models import ModelChange, ModelState, ModelVersion
from oscar_engage.learning.registry.sign import digest_of, is_ours, sign
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.scoring.document import Document, write_document

_SPEAKABLE = (ModelState.CANDIDATE, ModelState.SHADOW, ModelState.RETIRED)


class BadStepError(ValueError):
    """A step that a version cannot take from where it stands; the message says why."""


def keep(document: Document, *, samples: int, events: int, now: datetime) -> ModelVersion:
    """Write ``document`` down as a candidate, fitted on ``samples`` rows with ``events`` outcomes, and return its version.

    Raises ``BadDocumentError`` for one that could not be read again.
    """
    text = write_document(document)
    with transaction.atomic(using=get_settings().database):
        version = ModelVersion.objects.create(
            task=document.task,
            rung=document.rung,
            schema=document.schema,
            document=text,
            sha256=digest_of(text),
            signature=sign(text),
            metrics=dict(document.metrics),
            samples=samples,
            events=events,
            window_starts_at=parse_datetime(document.window.start) if document.window.start else None,
            window_ends_at=parse_datetime(document.window.until) if document.window.until else None,
            created_at=now,
        )
        ModelChange.objects.create(version=version, at=now, after=ModelState.CANDIDATE, why=Why.KEPT)
    return version


def shadow(
    version: ModelVersion, *, now: datetime, why: str, numbers: Mapping[str, Any] | None = None, user: Any = None
) -> ModelVersion:
    """Have a candidate score beside for a while; one that was in the shadow before steps back."""
    with transaction.atomic(using=get_settings().database):
        locked = _lock(version, (ModelState.CANDIDATE,))
        for other in _others(locked, ModelState.SHADOW):
            _step(other, ModelState.RETIRED, now=now, why=Why.REPLACED)
        return _step(locked, ModelState.SHADOW, now=now, why=why, numbers=numbers, user=user)


def promote(
    version: ModelVersion, *, now: datetime, why: str, numbers: Mapping[str, Any] | None = None, user: Any = None
) -> ModelVersion:
    """Let a version speak; the one that spoke retires. Raises :class:`BadStepError` for one that was refused or is damaged."""
    with transaction.atomic(using=get_settings().database):
        locked = _lock(version, _SPEAKABLE)
        if not is_ours(locked.document, sha256=locked.sha256, signature=locked.signature):
            raise BadStepError("The model was changed since it was written; it cannot speak.")
        for other in _others(locked, ModelState.LIVE):
            _step(other, ModelState.RETIRED, now=now, why=Why.REPLACED, user=user)
        return _step(locked, ModelState.LIVE, now=now, why=why, numbers=numbers, user=user)


def refuse(
    version: ModelVersion, *, now: datetime, why: str, numbers: Mapping[str, Any] | None = None, user: Any = None
) -> ModelVersion:
    """Say that a candidate, or one in the shadow, will not speak."""
    with transaction.atomic(using=get_settings().database):
        locked = _lock(version, (ModelState.CANDIDATE, ModelState.SHADOW))
        return _step(locked, ModelState.REFUSED, now=now, why=why, numbers=numbers, user=user)


def silence(
    task: str, *, now: datetime, why: str, numbers: Mapping[str, Any] | None = None, user: Any = None
) -> ModelVersion | None:
    """Have nobody speak for ``task``, so that rules decide alone; return the version that did, if one did."""
    with transaction.atomic(using=get_settings().database):
        live = ModelVersion.objects.select_for_update().filter(task=task, state=ModelState.LIVE).first()
        return _step(live, ModelState.RETIRED, now=now, why=why, numbers=numbers, user=user) if live else None


def roll_back(
    task: str, *, now: datetime, why: str, numbers: Mapping[str, Any] | None = None, user: Any = None
) -> ModelVersion | None:
    """Have the one speak that spoke before, and return it; ``None``: there is none that can, and rules decide alone.

    Whatever fell itself is not gone back to: only a version that another one replaced.
    """
    with transaction.atomic(using=get_settings().database):
        live = silence(task, now=now, why=why, numbers=numbers, user=user)
        if live is None:
            return None
        last = ModelChange.objects.filter(version=OuterRef("pk")).order_by("-pk").values("why")[:1]
        retired = ModelVersion.objects.filter(task=task, state=ModelState.RETIRED, live_at__isnull=False)
        retired = retired.filter(schema__in=schemas_of(task))
        replaced = retired.annotate(last=Subquery(last)).filter(last=Why.REPLACED)
        for version in replaced.order_by("-retired_at", "-pk"):
            if is_ours(version.document, sha256=version.sha256, signature=version.signature):
                return promote(version, now=now, why=why, numbers=numbers, user=user)
    return None


def _lock(version: ModelVersion, allowed: tuple[ModelState, ...]) -> ModelVersion:
    """Return the version as it stands, locked with every other of its task: two workers take turns."""
    locked = {one.pk: one for one in ModelVersion.objects.select_for_update().filter(task=version.task).order_by("pk")}
    found = locked.get(version.pk)
    if found is None or found.state not in allowed:
        raise BadStepError(f"Model {version.pk} is {found.get_state_display() if found else 'gone'}; it cannot take this step.")
    version.refresh_from_db()
    return version


def _others(version: ModelVersion, state: ModelState) -> list[ModelVersion]:
    return list(ModelVersion.objects.filter(task=version.task, state=state).exclude(pk=version.pk))


def _step(
    version: ModelVersion,
    after: ModelState,
    *,
    now: datetime,
    why: str,
    numbers: Mapping[str, Any] | None = None,
    user: Any = None,
) -> ModelVersion:
    before, version.state = version.state, after
    if after == ModelState.LIVE:
        version.live_at, version.retired_at = now, None
    elif before == ModelState.LIVE:
        version.retired_at = now
    version.save(update_fields=["state", "live_at", "retired_at"])
    ModelChange.objects.create(
        version=version, at=now, before=before, after=after, user=user, why=why, numbers=dict(numbers or {})
    )
    if user is not None:
        record_action(
            actor=user,
            action=f"model.{after}",
            object_kind="model",
            object_id=version.pk,
            now=now,
            detail={"before": str(before), "why": str(why)},
        )
    return version
