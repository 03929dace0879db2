"""What has the shop in the picture learnt? Models that speak, nights, and a day of visits, the same each time."""

import json
import random
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.registry.models import ModelVersion, Task
from oscar_engage.learning.registry.store import keep, promote, shadow
from oscar_engage.learning.scoring.document import read_document
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.visitors.models import Visit, Visitor

VISITS = 160
RUNGS = {Task.PROPENSITY: "logistic", Task.EXIT: "logistic", Task.UPLIFT: "s_learner"}
CURVES: Mapping[str, dict[str, list[list[float]]]] = {
    Task.PROPENSITY: {
        "learning": [[1240, 0.612], [2480, 0.661], [4960, 0.704], [8680, 0.733], [12_400, 0.741]],
        "calibration": [
            [0.002, 0.003, 1480],
            [0.006, 0.005, 1480],
            [0.014, 0.016, 1480],
            [0.05, 0.046, 1480],
            [0.3, 0.28, 1492],
        ],
    },
    Task.EXIT: {
        "learning": [[1240, 0.58], [2480, 0.61], [4960, 0.632], [8680, 0.641], [12_400, 0.642]],
        "calibration": [[0.12, 0.13, 1850], [0.31, 0.3, 1850], [0.52, 0.55, 1850], [0.8, 0.78, 1862]],
    },
    Task.UPLIFT: {"qini": [[share / 20, 0.006 * (share / 20) ** 0.5 * (1.7 - share / 20)] for share in range(21)]},
}
NUMBERS: Mapping[str, dict[str, Any]] = {
    Task.PROPENSITY: {
        **{
            "auc": 0.741,
            "champion_auc": 0.702,
            "log_loss": 0.0831,
            "champion_log_loss": 0.0852,
            "ece": 0.012,
            "sureness": 0.97,
        },
        "drift": {"verdict": "drifting", "worst": [["idle_seconds", 0.31], ["searches", 0.12], ["pages", 0.04]], "missing": []},
    },
    Task.EXIT: {
        **{"auc": 0.642, "champion_auc": 0.5, "ece": 0.014, "sureness": 0.99},
        "drift": {"verdict": "broken", "worst": [["deepest_scroll", 2.4]], "missing": ["deepest_scroll", "struggles"]},
    },
    Task.UPLIFT: {
        **{"qini": 0.061, "luck": 0.012, "newest": 0.044, "champion": 0.03},
        **{"treated_by_chat": 84, "control_by_chat": 66, "treated_by_note": 44, "control_by_note": 9},
    },
}


def fill_learning() -> None:
    """Invent two models that speak, one on trial, a week of nights and a day of visits."""
    now, chance = timezone.now(), random.Random(6)  # noqa: S311 - pictures, not secrets
    for task in Task:
        for night in range(7, 1, -1):
            _run(task, now - timedelta(days=night), RunResult.KEPT, "not_better")
    for task in Task:
        first = _speak(task, now - timedelta(days=20)) if task == Task.PROPENSITY else None
        version = _keep(task, now - timedelta(days=2 if first else 0.5))
        shadow(version, now=version.created_at, why="better", numbers=NUMBERS[task])
        _run(task, version.created_at, RunResult.SHADOWED, "better", version=version)
        if task != Task.UPLIFT:
            promote(version, now=now - timedelta(days=1 if first else 0), why="shadow_passed", numbers={"visits": 912})
    for _visit in range(VISITS):
        _look(now - timedelta(minutes=chance.randrange(5, 1400)), chance)


def _speak(task: Task, at: datetime) -> ModelVersion:
    version = _keep(task, at)
    shadow(version, now=at, why="better", numbers={})
    return promote(version, now=at + timedelta(days=1), why="shadow_passed", numbers={})


def _keep(task: Task, at: datetime) -> ModelVersion:
    nothing = [0.0] * len(NAMES)
    model = {
        "kind": "linear" if task == Task.UPLIFT else "logistic",
        **{"intercept": -3.0, "coefficients": nothing, "fills": nothing, "logs": [False] * len(NAMES), "means": nothing},
        **{"scales": [1.0] * len(NAMES), "missing": nothing},
    }
    document = {
        **{"format": 1, "task": task, "rung": RUNGS[task], "schema": SCHEMA, "features": list(NAMES), "model": model},
        **{"calibration": None, "window": {"from": "", "until": ""}, "metrics": {}},
    }
    return keep(read_document(json.dumps(document)), samples=12_400, events=310, now=at)


def _run(task: Task, at: datetime, result: RunResult, why: str, **columns: Any) -> None:
    known = {"counts": {"visits": 7412, "orders": 310, "treated": 128, "control": 104}, "rung": RUNGS[task]}
    needs = (
        {"treated": 222, "control": 246, "rung": "ensemble"} if task == Task.UPLIFT else {"visits": 12_588, "rung": "boosted"}
    )
    numbers, curves = NUMBERS[task], CURVES[task]
    TrainingRun.objects.create(
        **{
            "task": task,
            "started_at": at,
            "ended_at": at + timedelta(seconds=48),
            "result": result,
            "why": why,
            "needs": needs,
        },
        **{**known, "numbers": numbers, "curves": curves, **columns},
    )


def _look(at: datetime, chance: random.Random) -> None:
    visitor = Visitor.objects.create(created_at=at, last_seen_at=at, consent=3)
    visit = Visit.objects.create(visitor=visitor, started_at=at, last_at=at)
    uplift = chance.gauss(0.004, 0.01)
    is_moment = chance.random() < 0.3  # noqa: PLR2004 - a third, about
    ScoredVector.objects.create(
        visit=visit,
        visitor_id=uuid.UUID(int=chance.getrandbits(128)),
        at=at,
        occasion=Occasion.MOMENT if is_moment else Occasion.PRODUCT,
        schema=SCHEMA,
        values=[0.0] * len(NAMES),
        propensity=min(0.95, chance.expovariate(5)),
        uplift=uplift,
        uplift_low=uplift - 0.01,
        uplift_high=uplift + 0.01,
        is_explored=is_moment and chance.random() < 0.1,  # noqa: PLR2004 - one in ten
    )
