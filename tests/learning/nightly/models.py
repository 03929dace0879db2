"""Documents and verdicts of the tests' own: what training would have said."""

import json
from pathlib import Path
from typing import Any

from oscar_engage.learning.features.tasks import names_of, schema_of
from oscar_engage.learning.nightly.child import Ended, Train
from oscar_engage.learning.nightly.result import read_result
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.scoring.ways import CHAT


def document(task: str = Task.PROPENSITY, *, intercept: float = 0.0, first: float = 0.0, schema: str = "") -> str:
    """A linear model that looks at the first feature only; of uplift it knows the chat."""
    names = names_of(task)
    nothing = [0.0] * len(names)
    model = {
        "kind": "linear" if task == Task.UPLIFT else "logistic",
        "intercept": intercept,
        "coefficients": [first, *nothing[1:]],
        "fills": nothing,
        "logs": [False] * len(names),
        "means": nothing,
        "scales": [1.0] * len(names),
        "missing": nothing,
    }
    return json.dumps(
        {
            "format": 1,
            "task": task,
            "rung": "logistic",
            "schema": schema or schema_of(task),
            "features": list(names),
            "ways": [CHAT] if task == Task.UPLIFT else [],
            "model": model,
            "calibration": None,
            "window": {"from": "", "until": ""},
            "metrics": {},
        }
    )


def says(verdict: str, **more: Any) -> Train:
    """A training that says this of every task."""

    def train(folder: Path, task: Task, seconds: int) -> Ended:
        assert json.loads((folder / "header.json").read_text())["task"] == task
        text = json.dumps({"verdict": verdict, "rung": "logistic", **more}).encode()
        return Ended(result=read_result(text, task), cpu_seconds=2.5, peak_mb=180.0)

    return train


def better(task: str = Task.PROPENSITY, **how: Any) -> Train:
    """A training that has found a better one."""
    return says("better", document=document(task, **how), why="better", numbers={"auc": 0.8}, counts={"orders": 60})
