"""Which challengers have had their day, and may they speak? Judged by the worker on the log: no shopper waits for it.

What it would have said is worked out afterwards, from the vectors that were logged since: they are what it would have been
asked. The first model of a task has its day, too; it is compared with the share that it learnt from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.features.tasks import read_for
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.rows import read_rows
from oscar_engage.learning.nightly.run import source_of
from oscar_engage.learning.nightly.state import SHADOW_DAY
from oscar_engage.learning.nightly.trial import Judged, judge_scores, judge_trial
from oscar_engage.learning.registry.live import read_models
from oscar_engage.learning.registry.models import ModelChange, ModelState, ModelVersion, Task
from oscar_engage.learning.registry.store import promote, refuse
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.score import prepare

LONGEST = timedelta(days=7)
"""How long a challenger may wait for enough visits; then it is refused, and a newer one has its turn."""

MOST = 20_000
"""Vectors looked at."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a version: ``code`` of ``registry.why``, with its numbers."""

    version: ModelVersion
    code: str
    numbers: dict[str, Any]


def judge_shadows(*, now: datetime) -> list[Verdict]:
    """Return a verdict on each challenger whose day is over; those with too few visits wait on, for :data:`LONGEST` at most."""
    return [verdict for version in _shadowed() if (verdict := _judge(version, now))]


def act(verdict: Verdict, *, now: datetime) -> None:
    """Let the challenger speak, or refuse it, with a row that says so. No-op where somebody has moved it meanwhile."""
    version = ModelVersion.objects.select_for_update().filter(pk=verdict.version.pk, state=ModelState.SHADOW).first()
    if version is None:
        return
    is_good = verdict.code == "shadow_passed"
    step = promote if is_good else refuse
    step(version, now=now, why=verdict.code, numbers=verdict.numbers)
    TrainingRun.objects.create(
        task=version.task,
        started_at=now,
        ended_at=now,
        cause="shadow",
        rung=version.rung,
        result=RunResult.PROMOTED if is_good else RunResult.KEPT,
        why=verdict.code,
        numbers=verdict.numbers,
        version=version,
    )


def _shadowed() -> Iterator[ModelVersion]:
    yield from ModelVersion.objects.filter(state=ModelState.SHADOW).order_by("pk")


def _judge(version: ModelVersion, now: datetime) -> Verdict | None:
    entered = ModelChange.objects.filter(version=version, after=ModelState.SHADOW).order_by("-at").values_list("at", flat=True)
    since = entered.first() or version.created_at
    if now - since < SHADOW_DAY:
        return None
    speaker = read_models(ModelState.SHADOW).get(Task(version.task))
    if speaker is None or speaker.version_id != version.pk:
        return Verdict(version, "damaged", {})
    task = Task(version.task)
    code, numbers = (_by_scores if task == Task.UPLIFT else _by_outcomes)(version, speaker.document, since, now)
    return None if code == "too_few" and now - since < LONGEST else Verdict(version, code, numbers)


def _by_outcomes(version: ModelVersion, document: Document, since: datetime, now: datetime) -> tuple[str, dict[str, Any]]:
    champion, say = read_models(ModelState.LIVE).get(Task(version.task)), prepare(document)
    usual = version.events / max(1, version.samples)
    rows = read_rows(source_of(Task(version.task), since=since, now=now), width=len(NAMES))
    return judge_trial(
        [
            Judged(
                row.outcome,
                row.weight,
                champion.score(tuple(row.values)).value if champion else usual,
                say(tuple(row.values)).value,
            )
            for row in islice(rows, MOST)
        ]
    )


def _by_scores(version: ModelVersion, document: Document, since: datetime, now: datetime) -> tuple[str, dict[str, Any]]:
    run = TrainingRun.objects.filter(version=version, numbers__has_key="scores").order_by("-pk").first()
    source = source_of(Task.UPLIFT, since=since, now=now)
    moments = source.taken().order_by("pk").values_list("values", "way")[:MOST]
    asked = (read_for(document, values, way) for values, way in moments if len(values) == len(NAMES))
    say = prepare(document)
    said = [say(vector).value for vector in asked]
    then = run.numbers["scores"] if run else {"edges": [], "shares": [0.0, 0.0]}
    return judge_scores(then["edges"], then["shares"], said)
