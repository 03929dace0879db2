"""Which models speak in this process? Kept, compared with the database every few seconds by a thread, and never half changed.

A beat that asks waits for nothing: what is kept is given, and where it is old a thread compares (``rules.background``). After a
pause of three seconds the beat compares by itself. So what is promoted or silenced anywhere is heeded here within five seconds.
What cannot be read, was not signed by this shop, or was fitted to other features does not speak; where the same version was
read before, it goes on as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import QuerySet

from oscar_engage.learning.features.tasks import UPLIFT_SCHEMA, read_for, schemas_of
from oscar_engage.learning.registry.models import ModelState, ModelVersion
from oscar_engage.learning.registry.sign import is_ours
from oscar_engage.learning.scoring.document import BadDocumentError, Document, read_document
from oscar_engage.learning.scoring.reach import is_within
from oscar_engage.learning.scoring.score import Score, Scorer, Vector, prepare
from oscar_engage.rules.background import Background
from oscar_engage.signals.counters import count

FRESH_FOR = timedelta(seconds=2)
"""How long what is kept is taken as it is; with the thread's own time all processes agree within five seconds."""

STALE_AFTER = timedelta(seconds=3)
"""How long a beat relies on the thread; after a pause it compares by itself: nothing acts by what was silenced since."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A model that speaks: its version, what it is, and how it scores."""

    version_id: int
    document: Document
    score: Scorer = field(repr=False, compare=False)

    @property
    def first_way(self) -> str:
        """The way of helping that it is asked about where nobody says which; empty: it knows no ways, or reads none."""
        return self.document.ways[0] if self.document.ways else ""

    def knows(self, vector: Vector, way: str) -> bool:
        """Return whether it learnt from such as this; of one that does not say how far it reaches, that is taken to be so."""
        return is_within(self.document.reach, read_for(self.document, vector, way))

    def score_by(self, vector: Vector, way: str) -> Score | None:
        """Return what it says of helping in this way; ``None`` of one that it learnt too little of."""
        is_known = self.document.schema != UPLIFT_SCHEMA or way in self.document.ways
        return self.score(read_for(self.document, vector, way)) if is_known else None


Models = Mapping[str, Speaker]
"""By task; a task of which no model speaks is missing."""

NOBODY: Models = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Kept:
    """``stamps``: which version speaks for each task, as the database last said."""

    stamps: tuple[tuple[str, int, str], ...]
    models: Models
    checked_at: datetime

    def is_older(self, than: timedelta, now: datetime) -> bool:
        return abs(now - self.checked_at) >= than


_kept: list[_Kept] = []  # at most one entry, replaced as a whole: threads see the old or the new


def live_models(now: datetime) -> Models:
    """Return the models that speak at ``now``; nobody while this process has not looked yet, or not since another speaks.

    No query, except after a pause of three seconds: then one.
    """
    kept = _kept[0] if _kept else None
    if kept is None or kept.is_older(FRESH_FOR, now):
        BACKGROUND.ask(now)
        kept = _kept[0] if _kept else None
    if kept is None or not kept.is_older(STALE_AFTER, now):
        return NOBODY if kept is None else kept.models
    if _read_stamps() != kept.stamps:
        return NOBODY
    _kept[:] = [replace(kept, checked_at=now)]
    return kept.models


def kept_models(now: datetime) -> Models:
    """Return what this process keeps of the models that speak, for whoever explains and does not act: never a query.

    It may be seconds old, or nobody just after the process began; where it is old, a thread reads it anew.
    """
    if not _kept or _kept[0].is_older(FRESH_FOR, now):
        BACKGROUND.ask(now)
    return _kept[0].models if _kept else NOBODY


def read_models(state: ModelState) -> Models:
    """Return the models that speak (``LIVE``) or score beside (``SHADOW``), for the worker: one query, read anew each time."""
    return _read(ModelVersion.objects.filter(state=state), NOBODY)


def drop_live_models() -> None:
    """Be as a process that has just begun; between tests, and after a step in this process."""
    _kept.clear()


def _refresh(now: datetime) -> None:
    """Compare what is kept with the database (one query), and read what speaks now if that differs (another)."""
    live, stamps = ModelVersion.objects.filter(state=ModelState.LIVE), _read_stamps()
    kept = _kept[0] if _kept else None
    if kept is not None and kept.stamps == stamps:
        _kept[:] = [replace(kept, checked_at=now)]
        return
    _kept[:] = [_Kept(stamps, _read(live, kept.models if kept else NOBODY) if stamps else NOBODY, now)]


def _read_stamps() -> tuple[tuple[str, int, str], ...]:
    live = ModelVersion.objects.filter(state=ModelState.LIVE)
    return tuple(live.order_by("task").values_list("task", "pk", "sha256"))


def _read(rows: QuerySet[ModelVersion], before: Models) -> Models:
    """Return the speakers of ``rows``; of a version that was read before and is damaged since, as it was then."""
    found: dict[str, Speaker] = {}
    for version in rows:
        speaker = read_speaker(version)
        known = before.get(version.task)
        if speaker is not None:
            found[version.task] = speaker
        elif known is not None and version.schema in schemas_of(version.task):
            found[version.task] = known
    return MappingProxyType(found)


def read_speaker(version: ModelVersion) -> Speaker | None:
    """Return what ``version`` says and how it scores; ``None``, counted, for one that cannot speak here."""
    if version.schema not in schemas_of(version.task):
        count("skipped", "model", error="other features")
        return None
    if not is_ours(version.document, sha256=version.sha256, signature=version.signature):
        count("skipped", "model", error="signature")
        return None
    try:
        document = read_document(version.document)
    except BadDocumentError:
        count("skipped", "model", error="document")
        return None
    if (document.task, document.schema) != (version.task, version.schema):
        count("skipped", "model", error="mixed up")
        return None
    return Speaker(version.pk, document, prepare(document))


BACKGROUND = Background(_refresh, place="models")
"""Reads the models of this process."""
