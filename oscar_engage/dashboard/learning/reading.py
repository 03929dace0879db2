"""What does the page "Learning" show? Where each task stands, what its model is like, what the last day was like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_engage.dashboard.learning.climb import Climb, draw_climb
from oscar_engage.dashboard.learning.day import Day, read_day
from oscar_engage.dashboard.learning.figures import Figure, list_figures
from oscar_engage.dashboard.learning.heeded import Heeded, read_heeded
from oscar_engage.dashboard.learning.offers import Offers, read_offers
from oscar_engage.dashboard.learning.phrases import name_feature
from oscar_engage.dashboard.learning.pictures import Picture, draw_pictures
from oscar_engage.dashboard.learning.running import Running, read_running
from oscar_engage.dashboard.learning.said import TITLES, say_day, say_drift, say_lead, say_moved
from oscar_engage.dashboard.learning.ways import WayLine, list_ways
from oscar_engage.dashboard.learning.weeks import Weeks, read_weeks
from oscar_engage.dashboard.templatetags.engage_numbers import number
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.state import Drifted, Ladder, Step, ladder
from oscar_engage.learning.nightly.words import say_why
from oscar_engage.learning.registry.models import Task


@dataclass(frozen=True, slots=True)
class Moved:
    """A feature in words, how far it moved, and the same as a number (PSI)."""

    what: str
    words: str
    index: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPart:
    """One task: ``whose`` says of which model the pictures are; ``drift`` is empty where nothing is known of it.

    ``ways``: how ways of helping stand, of uplift alone.
    """

    task: str
    title: str
    climb: Climb
    speaks: bool
    whose: str
    pictures: tuple[Picture, ...]
    figures: tuple[Figure, ...]
    drift: str
    is_broken: bool
    moved: tuple[Moved, ...]
    ways: tuple[WayLine, ...]
    offers: Offers


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPage:
    """The whole page; ``is_new``: nothing has been learnt and nobody speaks."""

    lead: str
    parts: tuple[TaskPart, ...]
    day: Day
    weeks: Weeks
    heeded: Heeded
    running: Running
    is_new: bool
    learnt_at: datetime | None


def read_page(*, now: datetime) -> LearningPage:
    """Return the page as of ``now``; the number of queries does not depend on how much there is."""
    told = ladder(now)
    runs, offers = _read_runs(told), read_offers(told)
    return LearningPage(
        lead=say_lead(told),
        parts=tuple(_part(step, runs.get(step.task), offers[step.task]) for step in told.steps),
        day=read_day(now=now),
        weeks=read_weeks(today=timezone.localdate(now)),
        heeded=read_heeded(now=now),
        running=read_running(told, now=now),
        is_new=not any(step.last_run or step.speaks or step.shadow or offers[step.task].speakable for step in told.steps),
        learnt_at=told.learnt_at,
    )


def _read_runs(told: Ladder) -> dict[str, TrainingRun]:
    """Return for each task the run that its pictures are of: of what speaks, else what is on trial, else the last trial."""
    ended = TrainingRun.objects.exclude(result__in=[RunResult.RUNNING, RunResult.FAILED]).exclude(curves={})
    latest = ended.order_by("-started_at", "-pk").values("pk")
    wanted = [Q(pk=Subquery(latest.filter(task=task)[:1])) for task in Task]
    spoken = [one.version_id for step in told.steps for one in (step.speaks, step.shadow) if one]
    found = list(ended.filter(reduce(or_, wanted, Q(version__in=spoken))).order_by("-pk"))
    chosen = {step.task: _choose(step, [run for run in found if run.task == step.task]) for step in told.steps}
    return {task: run for task, run in chosen.items() if run is not None}


def _choose(step: Step, runs: Sequence[TrainingRun]) -> TrainingRun | None:
    for one in (step.speaks, step.shadow):
        of_it = next((run for run in runs if one and run.version_id == one.version_id), None)
        if of_it is not None:
            return of_it
    return runs[0] if runs else None


def _part(step: Step, run: TrainingRun | None, offers: Offers) -> TaskPart:
    return TaskPart(
        task=str(step.task),
        title=str(TITLES[step.task]),
        climb=draw_climb(step),
        speaks=step.speaks is not None,
        whose=_say_whose(step, run) if run else "",
        pictures=draw_pictures(step.task, run.curves) if run else (),
        figures=list_figures(run.numbers) if run else (),
        drift=say_drift(step.drift),
        is_broken=step.drift.verdict == "broken",
        moved=_moved(step.drift),
        ways=list_ways(step),
        offers=offers,
    )


def _say_whose(step: Step, run: TrainingRun) -> str:
    words = {"day": say_day(run.started_at), "why": say_why(run.why) if run.why else run.get_result_display()}
    if step.speaks and run.version_id == step.speaks.version_id:
        said = _("Of the model that speaks, learnt on %(day)s.") % words
    elif step.shadow and run.version_id == step.shadow.version_id:
        said = _("Of the challenger on trial, learnt on %(day)s.") % words
    else:
        said = _("Of the last attempt, on %(day)s: %(why)s.") % words
    counted = _say_counted(run.counts)
    return f"{said} {counted}" if counted else said


def _say_counted(counts: object) -> str:
    """Say what there was to learn from."""
    visits = counts.get("visits") if isinstance(counts, Mapping) else None
    if not isinstance(visits, int | float):
        return ""
    return _("It knew %(visits)s visits.") % {"visits": number(round(visits))}


def _moved(drift: Drifted) -> tuple[Moved, ...]:
    return tuple(Moved(name_feature(name), say_moved(value), number(round(value, 2))) for name, value in drift.worst)
