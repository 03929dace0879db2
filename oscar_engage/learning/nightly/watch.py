"""Does what is seen still look like what was learnt from? Each hour, in the worker; a broken sensor silences models.

Two steps: reading comes before the transaction, and what follows is a few rows. **Drifting**: learnt again without waiting for
the night (``night.find_wanted``). **Broken** (a feature is suddenly missing, or hardly anything comes in): the models are asked
no more, only rules speak, until a night has learnt from what comes in now and its challenger has stood its day. The same
where the moments in which the model was not heeded say that its refusals cost orders (``refusals``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.learning.features.schema import NAMES, PLACES
from oscar_engage.learning.nightly.conclude import COMPARED
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.refusals import look_at_refusals
from oscar_engage.learning.nightly.run import source_of
from oscar_engage.learning.nightly.shadow import Verdict, act, judge_shadows
from oscar_engage.learning.nightly.stability import compare, read_reference
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task
from oscar_engage.learning.registry.store import silence
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.vectors.models import ScoredVector

KIND = "learning.watch"
HOUR = 60 * 60
A_DAY = timedelta(days=1)

BLOCKS, BLOCK = 30, 100
"""Vectors of the last day that are compared: so many in so many places, evenly over the day."""

_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found out before the transaction: drift by task, and verdicts on challengers.

    ``wrong``: the version whose refusals turned out to cost orders, with the numbers (``refusals``).
    """

    drift: Mapping[Task, dict[str, Any]]
    verdicts: Sequence[Verdict]
    wrong: tuple[ModelVersion, dict[str, Any]] | None = None


def look(payload: Mapping[str, Any], /, *, now: datetime) -> Seen:
    """Return how the last day looks to each model that speaks, and what becomes of challengers; writes nothing."""
    if not get_settings().has("learning"):
        return Seen({}, ())
    live = ModelVersion.objects.filter(state=ModelState.LIVE).defer("document")
    drift = {Task(version.task): said for version in live if (said := _drift(version, now))}
    return Seen(drift, judge_shadows(now=now), _wrong(live, now))


def follow(seen: Seen, /, *, now: datetime) -> None:
    """Keep what was seen, silence what rests on broken tracking, and move challengers on."""
    for task, said in seen.drift.items():
        if said["verdict"] == "broken":
            _silence(task, said, now)
        else:
            _remember(task, said)
    if seen.wrong is not None:
        _stop(*seen.wrong, now)
    for verdict in seen.verdicts:
        broken = seen.drift.get(Task(verdict.version.task), {}).get("verdict") == "broken"
        if not broken:
            act(verdict, now=now)


def _wrong(live: Iterable[ModelVersion], now: datetime) -> tuple[ModelVersion, dict[str, Any]] | None:
    """Return the model of uplift, if the moments in which it was not heeded say that it does harm."""
    version = next((one for one in live if one.task == Task.UPLIFT), None)
    said = look_at_refusals(version, now) if version else None
    return (version, said) if version and said and said["are_wrong"] else None


def _stop(version: ModelVersion, said: dict[str, Any], now: datetime) -> None:
    """Have nobody speak in its place: an earlier one learnt from the same shop, and rules are what it is measured against."""
    if not ModelVersion.objects.filter(pk=version.pk, state=ModelState.LIVE).exists():
        return
    silence(version.task, now=now, why=Why.REFUSALS_COST, numbers={"refusals": said})
    TrainingRun.objects.create(
        task=version.task,
        started_at=now,
        ended_at=now,
        cause="watch",
        result=RunResult.DEMOTED,
        why=Why.REFUSALS_COST,
        numbers={"refusals": said},
    )


def _drift(version: ModelVersion, now: datetime) -> dict[str, Any] | None:
    run = TrainingRun.objects.filter(version=version, numbers__has_key="reference").order_by("-pk").first()
    reference = read_reference(run.numbers["reference"]) if run else None
    if reference is None:
        return None
    task = Task(version.task)
    taken = source_of(task, since=now - A_DAY, now=now).taken()
    bounds = taken.aggregate(first=Min("pk"), last=Max("pk"))
    recent = _spread(taken, bounds["first"], bounds["last"])
    # uplift's moments depend on agents and rules: only for what every visit has, silence means that something is broken
    rate = reference.rate if task == Task.UPLIFT else taken.count() / _HOURS_A_DAY
    narrowed = [[vector[PLACES[name]] for name in COMPARED] for vector in recent]
    return {**compare(reference, COMPARED, narrowed, rate=rate), "at": now.isoformat()}


def _spread(taken: QuerySet[ScoredVector], first: int | None, last: int | None) -> list[list[float | None]]:
    """Return vectors from all over the day, in a fixed number of short reads."""
    if first is None or last is None:
        return []
    found: dict[int, list[float | None]] = {}
    step = max(1, (last - first + 1) // BLOCKS)
    for begin in range(first, last + 1, step):
        rows = taken.filter(pk__gte=begin, pk__lt=begin + step).order_by("pk").values_list("pk", "values")[:BLOCK]
        found.update((pk, values) for pk, values in rows if len(values) == len(NAMES))
    return list(found.values())


def _remember(task: Task, said: dict[str, Any]) -> None:
    """Keep the last look beside the last run, where the dashboard finds it."""
    run = TrainingRun.objects.filter(task=task).exclude(result=RunResult.RUNNING).order_by("-started_at", "-pk").first()
    if run is not None:
        run.numbers = {**run.numbers, "drift": said}
        run.save(update_fields=["numbers"])


def _silence(task: Task, said: dict[str, Any], now: datetime) -> None:
    """Have nobody speak for ``task``: an earlier model would read the same broken numbers."""
    silence(task, now=now, why="broken_tracking", numbers={"drift": said})
    TrainingRun.objects.create(
        task=task,
        started_at=now,
        ended_at=now,
        cause="watch",
        result=RunResult.DEMOTED,
        why="broken_tracking",
        numbers={"drift": said},
    )


in_two_steps(KIND, read=look, write=follow)
every(KIND, HOUR)
