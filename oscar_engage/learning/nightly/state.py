"""How far up its ladder is each task, what speaks since when, what is waited for? Read by the dashboard, four queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.dateparse import parse_datetime

from oscar_engage.learning.nightly.lease import learning_until
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.words import RULES, name_rung, say_needs
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task

SHADOW_DAY = timedelta(days=1)
"""How long a challenger is scored beside the one that speaks before it is judged."""

MOST_RUNS = 60
"""Runs that are looked through for the last one of each task: twenty nights of three tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A version that speaks, or is in the shadow, since ``since``. ``samples``, ``events``: what it was fitted on."""

    version_id: int
    rung: str
    since: datetime
    samples: int
    events: int
    metrics: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What its rung is called."""
        return name_rung(self.rung)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """How far what is seen now is from what was learnt from. ``verdict``: ``steady``, ``drifting``, ``broken`` or ``unknown``.

    ``worst``: the features that moved most, largest first, with their PSI; ``missing``: those that are missing much more often
    than they were; ``rate``: vectors per hour now as a share of then (``None``: not known).
    """

    at: datetime | None = None
    verdict: str = "unknown"
    worst: tuple[tuple[str, float], ...] = ()
    missing: tuple[str, ...] = ()
    rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where one task stands. ``rung``: ``"rules"`` while nothing speaks; ``waits_for``: sentences, empty when for nothing.

    ``tried``: why the last run that had enough to learn from changed nothing (a code), empty where it did or had too little.
    ``numbers``: what the last run that counted anything came to, plain numbers alone.
    """

    task: Task
    rung: str
    speaks: Speaking | None
    shadow: Speaking | None
    next_rung: str
    waits_for: tuple[str, ...]
    needs: Mapping[str, Any]
    counts: Mapping[str, Any]
    last_run: TrainingRun | None
    tried: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    drift: Drifted = field(default_factory=Drifted)

    @property
    def name(self) -> str:
        """What the rung it stands on is called."""
        return name_rung(self.rung)

    @property
    def next_name(self) -> str:
        """What the next rung is called; empty on the highest."""
        return name_rung(self.next_rung) if self.next_rung else ""

    @property
    def shadow_until(self) -> datetime | None:
        """From when on the challenger may be judged."""
        return self.shadow.since + SHADOW_DAY if self.shadow else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Every task's step, in the order of :class:`Task`; ``is_learning``: just now; ``learnt_at``: last time."""

    steps: tuple[Step, ...]
    is_learning: bool
    learnt_at: datetime | None

    def step(self, task: str) -> Step:
        """Return the step of one task."""
        return next(one for one in self.steps if one.task == task)


def ladder(now: datetime) -> Ladder:
    """Return how learning stands at ``now``."""
    versions = _read_versions()
    runs = _read_last_runs()
    until, _since = learning_until()
    return Ladder(
        steps=tuple(_step(task, versions, runs) for task in Task),
        is_learning=until is not None and until > now,
        learnt_at=max((run.ended_at for of_task in runs.values() for run in of_task if run.ended_at), default=None),
    )


def _read_versions() -> dict[tuple[str, str], Speaking]:
    rows = ModelVersion.objects.filter(state__in=[ModelState.LIVE, ModelState.SHADOW]).annotate(entered_at=Max("changes__at"))
    columns = rows.values_list(
        "task", "state", "pk", "rung", "entered_at", "created_at", "live_at", "samples", "events", "metrics"
    )
    return {
        (task, state): Speaking(
            version_id=pk,
            rung=rung,
            since=(live_at if state == ModelState.LIVE else entered_at) or entered_at or created_at,
            samples=samples,
            events=events,
            metrics=metrics,
        )
        for task, state, pk, rung, entered_at, created_at, live_at, samples, events, metrics in columns
    }


def _read_last_runs() -> dict[str, list[TrainingRun]]:
    """Return the latest runs of each task, the last one first, without their pictures."""
    found: dict[str, list[TrainingRun]] = {}
    for run in TrainingRun.objects.defer("curves").order_by("-started_at", "-pk")[:MOST_RUNS]:
        found.setdefault(run.task, []).append(run)
    return found


def _step(task: Task, versions: Mapping[tuple[str, str], Speaking], runs: Mapping[str, Sequence[TrainingRun]]) -> Step:
    of_task = runs.get(task, ())
    speaks, trained = versions.get((task, ModelState.LIVE)), _last_trained(of_task)
    needs = trained.needs if trained else {}
    return Step(
        task=task,
        rung=speaks.rung if speaks else RULES,
        speaks=speaks,
        shadow=versions.get((task, ModelState.SHADOW)),
        next_rung=str(needs.get("rung", "")),
        waits_for=say_needs(needs),
        needs=needs,
        counts=trained.counts if trained else {},
        last_run=of_task[0] if of_task else None,
        tried=trained.why if trained and trained.result == RunResult.KEPT else "",
        numbers=_plain(trained.numbers) if trained else {},
        drift=_drift(of_task),
    )


def _plain(numbers: Mapping[str, Any]) -> Mapping[str, float]:
    return {name: value for name, value in numbers.items() if isinstance(value, int | float)}


def _last_trained(runs: Sequence[TrainingRun]) -> TrainingRun | None:
    """Return the last run that came to an end and counted what there is."""
    done = (run for run in runs if run.result not in {RunResult.RUNNING, RunResult.FAILED} and run.counts)
    return next(done, None)


def _drift(runs: Sequence[TrainingRun]) -> Drifted:
    """Return what the last look at drift said; each run and each look keeps it in its numbers."""
    for run in runs:
        said = run.numbers.get("drift")
        if isinstance(said, dict):
            return Drifted(
                at=parse_datetime(str(said.get("at", ""))) or run.ended_at,
                verdict=str(said.get("verdict", "unknown")),
                worst=tuple((str(name), float(value)) for name, value in said.get("worst", ())),
                missing=tuple(str(name) for name in said.get("missing", ())),
                rate=said.get("rate"),
            )
    return Drifted()
