"""Models, nights and visits in numbers, as training and the beat write them."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.registry.models import ModelVersion, Task
from oscar_engage.learning.registry.store import keep, promote, shadow
from oscar_engage.learning.scoring.document import read_document
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.visitors.models import Visit, Visitor
from tests.learning.nightly.models import document

CURVES: dict[str, dict[str, Any]] = {
    Task.PROPENSITY: {
        "learning": [[1000.0, 0.61], [2000.0, 0.66], [4000.0, 0.7], [7000.0, 0.73], [10_000.0, 0.74]],
        "calibration": [[0.004, 0.005, 2000.0], [0.02, 0.018, 2000.0], [0.1, 0.12, 2000.0], [0.3, 0.28, 1412.0]],
    },
    Task.EXIT: {"calibration": [[0.2, 0.22, 900.0], [0.8, 0.79, 900.0]]},
    Task.UPLIFT: {"qini": [[0.0, 0.0], [0.25, 0.004], [0.5, 0.006], [0.75, 0.0055], [1.0, 0.004]]},
}
NUMBERS: dict[str, dict[str, Any]] = {
    Task.PROPENSITY: {"auc": 0.741, "champion_auc": 0.702, "log_loss": 0.0831, "ece": 0.012, "sureness": 0.97, "reference": {}},
    Task.EXIT: {"challenger": {"auc": 0.68}, "champion": {"auc": 0.5}},
    Task.UPLIFT: {"qini": 0.06, "luck": 0.01, "newest": 0.04, "champion": 0.03},
}


def make_version(task: str = Task.PROPENSITY, *, days: float = 3, **text: Any) -> ModelVersion:
    """Return a candidate."""
    return keep(read_document(document(task, **text)), samples=7412, events=300, now=timezone.now() - timedelta(days=days))


def make_speak(task: str = Task.PROPENSITY, *, days: float = 2) -> ModelVersion:
    """Return a version that has stood its day in the shadow and speaks."""
    version, now = make_version(task, days=days + 1), timezone.now() - timedelta(days=days)
    shadow(version, now=now - timedelta(days=1), why="better", numbers=NUMBERS[task])
    return promote(version, now=now, why="shadow_passed", numbers={"visits": 900, "foretold": 0.02, "happened": 0.021})


def make_run(task: str = Task.PROPENSITY, *, days: float = 3, **columns: Any) -> TrainingRun:
    """Return a night's run, with pictures and numbers."""
    at = timezone.now() - timedelta(days=days)
    known = {
        "result": RunResult.SHADOWED,
        "why": "better",
        "rung": "logistic",
        "curves": CURVES[task],
        "numbers": NUMBERS[task],
    }
    counts = {"rows": 12_400, "visits": 7412, "orders": 300}
    return TrainingRun.objects.create(**{"task": task, "started_at": at, "ended_at": at, "counts": counts, **known, **columns})


def make_vector(*, visit: Visit | None = None, minutes: int = 30, **columns: Any) -> ScoredVector:
    """Return a look at a visit, of the last day by default."""
    at = timezone.now() - timedelta(minutes=minutes)
    if visit is None:
        visitor = Visitor.objects.create(created_at=at, last_seen_at=at, consent=3)
        visit = Visit.objects.create(visitor=visitor, started_at=at, last_at=at)
    known = {"occasion": "signal", "schema": SCHEMA, "values": [0.0] * len(NAMES), "visitor_id": uuid.uuid4()}
    return ScoredVector.objects.create(**{"visit": visit, "at": at, **known, **columns})
