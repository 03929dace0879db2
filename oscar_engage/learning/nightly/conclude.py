"""What follows from what training said? The run's row, and a challenger that goes into the shadow or a champion that falls."""

from collections import Counter
from datetime import datetime
from typing import Any

from oscar_engage.learning.features.schema import FEATURES
from oscar_engage.learning.features.tasks import names_of, schema_of
from oscar_engage.learning.features.units import CYCLE
from oscar_engage.learning.nightly.child import Ended
from oscar_engage.learning.nightly.dataset import Written
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.result import Result
from oscar_engage.learning.nightly.stability import find_edges, find_shares, take_reference, write_reference
from oscar_engage.learning.registry.models import ModelState, ModelVersion
from oscar_engage.learning.registry.store import keep, refuse, roll_back, shadow
from oscar_engage.learning.scoring.document import BadDocumentError, Document, read_document
from oscar_engage.learning.scoring.score import prepare
from oscar_engage.learning.training.ladder import find_needs

COMPARED = tuple(feature.name for feature in FEATURES if feature.unit is not CYCLE)
"""The features whose drift is looked at: what time it is differs between a day and three months, and means nothing."""


def conclude(run: TrainingRun, written: Written, ended: Ended | None, *, now: datetime) -> None:
    """Write what came of the run, and do what its verdict says; in the caller's transaction. ``ended=None``: no rows."""
    run.ended_at, run.counts = now, {"rows": written.rows, "visits": written.visits, "events": written.events}
    if ended is None:
        run.result, run.needs = RunResult.WAITING, dict(find_needs(run.task, Counter()))
        run.counts |= {kind: 0 for kind in run.needs if kind != "rung"}
    elif ended.result is None:
        run.result, run.why, run.numbers = RunResult.FAILED, ended.why, {"said": ended.said}
    else:
        _take(run, ended.result)
        _act(run, ended.result, written, now)
    if ended is not None:
        run.cpu_seconds, run.peak_mb = ended.cpu_seconds, ended.peak_mb
    run.save()


def _take(run: TrainingRun, result: Result) -> None:
    run.rung, run.why, run.needs, run.numbers, run.curves = (
        result.rung,
        result.why,
        dict(result.needs),
        dict(result.numbers),
        dict(result.curves),
    )
    run.counts = {**run.counts, **result.counts}


def _act(run: TrainingRun, result: Result, written: Written, now: datetime) -> None:
    if result.verdict == "better":
        _challenge(run, result, written, now)
    elif result.verdict == "fall":
        roll_back(run.task, now=now, why=result.why or "wins_no_more", numbers=result.numbers)
        run.result = RunResult.DEMOTED
    else:
        run.result = RunResult.WAITING if result.verdict == "waiting" else RunResult.KEPT


def _challenge(run: TrainingRun, result: Result, written: Written, now: datetime) -> None:
    """Put the challenger into the shadow; of one that cannot speak (another task, other features) the run failed."""
    try:
        document = read_document(result.document or "")
    except BadDocumentError:
        run.result, run.why = RunResult.FAILED, "garbage"
        return
    if (document.task, document.schema, tuple(document.features)) != (run.task, schema_of(run.task), names_of(run.task)):
        run.result, run.why = RunResult.FAILED, "garbage"
        return
    for other in ModelVersion.objects.filter(task=run.task, state=ModelState.SHADOW):
        refuse(other, now=now, why="not_better", numbers={})
    run.version = keep(document, samples=written.rows, events=written.events, now=now)
    shadow(run.version, now=now, why=result.why or "better", numbers=result.numbers)
    run.result = RunResult.SHADOWED
    run.numbers = {**run.numbers, **_learnt_from(document, written)}


def _learnt_from(document: Document, written: Written) -> dict[str, Any]:
    """Return what later days are compared with: the features that it learnt from, and what it says of them."""
    rate = written.rows / written.hours if written.hours else 0.0
    say = prepare(document)
    said = [say(tuple(vector)).value for vector in written.sample]
    edges = find_edges(said)
    reference = take_reference(names_of(document.task), written.sample, rate=rate)
    return {
        "reference": write_reference(reference),
        "scores": {"edges": list(edges), "shares": list(find_shares(said, edges))},
    }
