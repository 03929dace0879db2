"""What happened, night by night? Every run and every step of a model, the newest first."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, QuerySet, Value
from django.utils.translation import gettext as _

from oscar_engage.dashboard.learning.figures import Figure, list_figures
from oscar_engage.dashboard.learning.points import read_number
from oscar_engage.dashboard.learning.said import TITLES
from oscar_engage.dashboard.rules.standing import people
from oscar_engage.learning.nightly.models import TrainingRun
from oscar_engage.learning.nightly.words import name_rung, say_why
from oscar_engage.learning.registry.models import ModelChange, ModelState
from oscar_engage.learning.registry.why import name_why

ROWS_A_PAGE = 30
MOST_ROWS = 10_000
"""Rows of the file: some years of nights."""

HEAD = ("at", "what", "task", "rung", "model", "before", "after", "cause", "why", "by", "numbers", "counts", "needs")

_STEP, _RUN = "step", "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row, in words; ``who`` is empty where it happened by itself."""

    at: datetime
    what: str
    title: str
    rung: str
    why: str
    who: str
    figures: tuple[Figure, ...]


def read_history(page: str | None) -> tuple[Page[Any], tuple[Event, ...]]:
    """Return one page of the history: the paginator's page, and its rows; five queries, however many rows."""
    shown = Paginator(_all(), ROWS_A_PAGE).get_page(page)
    rows = list(shown)
    changes, runs = _fetch(rows)
    names = people([change.user_id for change in changes.values()])
    return shown, tuple(
        _say_step(changes[pk], names) if kind == _STEP else _say_run(runs[pk])
        for _at, kind, pk in rows
        if pk in (changes if kind == _STEP else runs)
    )


def history_rows() -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the file, codes instead of words and numbers as JSON."""
    rows = list(_all()[:MOST_ROWS])
    changes, runs = _fetch(rows)
    for at, kind, pk in rows:
        if kind == _STEP and pk in changes:
            change = changes[pk]
            one = change.version
            yield (
                *(at.isoformat(), kind, one.task, one.rung, one.pk, change.before, change.after, "", change.why),
                *(change.user_id or "", _plain(change.numbers), "", ""),
            )
        elif kind == _RUN and pk in runs:
            run = runs[pk]
            yield (
                *(at.isoformat(), kind, run.task, run.rung, run.version_id or "", "", run.result, run.cause, run.why, ""),
                *(_plain(run.numbers), _plain(run.counts), _plain(run.needs)),
            )


def _all() -> QuerySet[Any, Any]:
    """Return (at, kind, pk) of both tables, the newest first."""
    columns = ("when", "kind", "pk")
    steps = ModelChange.objects.annotate(when=F("at"), kind=Value(_STEP, output_field=CharField()))
    runs = TrainingRun.objects.annotate(when=F("started_at"), kind=Value(_RUN, output_field=CharField()))
    return steps.values_list(*columns).union(runs.values_list(*columns), all=True).order_by("-when", "kind", "-pk")


def _fetch(rows: Iterable[Sequence[Any]]) -> tuple[Mapping[int, ModelChange], Mapping[int, TrainingRun]]:
    keys: dict[str, list[int]] = {_STEP: [], _RUN: []}
    for _at, kind, pk in rows:
        keys[kind].append(pk)
    changes = ModelChange.objects.select_related("version").defer("version__document")
    return changes.in_bulk(keys[_STEP]), TrainingRun.objects.defer("curves").in_bulk(keys[_RUN])


def _say_step(change: ModelChange, names: Mapping[int, str]) -> Event:
    version = change.version
    words = {"model": version.pk, "state": str(dict(ModelState.choices).get(change.after, change.after))}
    return Event(
        at=change.at,
        what=_("Model %(model)s: %(state)s") % words,
        title=str(TITLES.get(version.task, version.task)),
        rung=name_rung(version.rung),
        why=name_why(change.why),
        who=names.get(change.user_id or 0, _("a member of staff")) if change.user_id else "",
        figures=list_figures(change.numbers),
    )


def _say_run(run: TrainingRun) -> Event:
    return Event(
        at=run.started_at,
        what=_("Run: %(result)s") % {"result": run.get_result_display()},
        title=str(TITLES.get(run.task, run.task)),
        rung=name_rung(run.rung) if run.rung else "",
        why=say_why(run.why) if run.why else "",
        who="",
        figures=list_figures(run.numbers),
    )


def _plain(numbers: object) -> str:
    """Return the plain numbers as JSON: what later days are compared with is long, and means nothing in a table."""
    if not isinstance(numbers, Mapping):
        return ""
    kept = {name: value for name, value in numbers.items() if isinstance(value, str) or read_number(value) is not None}
    for side in ("champion", "challenger"):
        if isinstance(numbers.get(side), Mapping):
            kept[side] = numbers[side]
    return json.dumps(kept, sort_keys=True) if kept else ""
