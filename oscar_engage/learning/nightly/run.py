"""How is one night's work done? Each task in its turn: what there is, a process that trains, and what follows from its verdict.

Nobody watches. One process learns at a time (``lease``); what a killed one left running is closed as failed by the next; a task
that came to an end is not learnt again in the same night. Whatever fails becomes a row, and the model that speaks goes on.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.jobs.reason import reason_of
from oscar_engage.learning.features.schema import SCHEMA
from oscar_engage.learning.nightly.child import Train, own_folder, run_child
from oscar_engage.learning.nightly.conclude import conclude
from oscar_engage.learning.nightly.dataset import Written, write_dataset
from oscar_engage.learning.nightly.label import Horizon
from oscar_engage.learning.nightly.lease import give_back, take_lease
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.night import find_wanted
from oscar_engage.learning.nightly.rows import Source
from oscar_engage.learning.registry.live import read_models
from oscar_engage.learning.registry.models import ModelState, Task
from oscar_engage.learning.scoring.document import write_document

logger = logging.getLogger(__name__)

ASIDE = 900
"""Seconds beyond training itself (reading the log, judging) after which a night counts as lost."""

MOST_ROWS = 60_000
"""Vectors read for one task, about: as many as training takes (``training.learn.MOST_ROWS``). More of them say little more, and
reading took most of a night's time."""

Clock = Callable[[], datetime]


def learn_tonight(
    *, clock: Clock, tasks: Collection[Task] | None = None, but: Collection[Task] = (), train: Train = run_child
) -> Iterator[TrainingRun]:
    """Learn what is due, ``but`` some, and give each run as it ends; ``tasks``: learn these, due or not.

    Gives nothing if another is at it.
    """
    now = clock()
    due = find_wanted(now=now) if tasks is None else dict.fromkeys(tasks, "by_hand")
    wanted = {task: cause for task, cause in due.items() if task not in but}
    seconds = get_settings().learning_max_seconds
    lease = take_lease(now=now, seconds=len(wanted) * (seconds + ASIDE)) if wanted else None
    if lease is None:
        return
    _close_lost(now)
    is_done = True
    try:
        for task, cause in wanted.items():
            run = learn(task, cause=cause, clock=clock, train=train)
            is_done = is_done and run.result != RunResult.FAILED
            yield run
    finally:
        give_back(lease, now=clock(), is_done=is_done)


def learn(task: Task, *, cause: str, clock: Clock, train: Train = run_child) -> TrainingRun:
    """Learn one task and return its row. Never raises for what training does; what it decided is written in one transaction."""
    now = clock()
    run = TrainingRun.objects.create(task=task, started_at=now, cause=cause)
    try:
        with own_folder() as folder:
            written = _prepare(folder, task, now, seed=_seed_of(task, now))
            ended = train(folder, task, get_settings().learning_max_seconds) if written.rows else None
        with transaction.atomic(using=get_settings().database):
            conclude(run, written, ended, now=clock())
    except Exception as error:  # noqa: BLE001 - a night that fails is a row, and the shop goes on
        _fail(run, reason_of(error), clock())
    logger.info("engage learning run=%s task=%s result=%s why=%s", run.pk, run.task, run.result, run.why)
    return run


def source_of(task: Task, *, since: datetime, now: datetime) -> Source:
    """Return the part of the log that ``task`` learns from, by the shop's settings."""
    settings = get_settings()
    horizon = Horizon(timedelta(minutes=settings.visit_minutes), timedelta(days=settings.attribution_days))
    return Source(task, SCHEMA, since, now, horizon)


def _prepare(folder: Path, task: Task, now: datetime, *, seed: int) -> Written:
    """Write all that training reads: the rows, the champion, and what it may not choose itself."""
    since = now - timedelta(days=get_settings().retention_days)
    source = _draw(source_of(task, since=since, now=now), seed)
    written = write_dataset(folder, source, salt=folder.name.encode()[-16:])
    speaker = read_models(ModelState.LIVE).get(task)
    if speaker is not None:
        (folder / "champion.json").write_text(write_document(speaker.document), encoding="utf-8")
    options: dict[str, Any] = {"seed": seed, "now": now.isoformat(), "share": source.share}
    (folder / "options.json").write_text(json.dumps(options), encoding="utf-8")
    return written


def _seed_of(task: Task, now: datetime) -> int:
    """Return the seed of a task's night: another one each night, and the same if it is tried again."""
    return int.from_bytes(sha256(f"{task}{now:%Y%m%d}".encode()).digest()[:4], "big")


def _draw(source: Source, seed: int) -> Source:
    """Take so many people that :data:`MOST_ROWS` rows are read; each night others."""
    rows = source.vectors().count()
    return replace(source, begin=seed / 2**32, share=min(1.0, MOST_ROWS / max(1, rows)))


def _fail(run: TrainingRun, said: str, now: datetime) -> None:
    """Close the run as failed; the database itself may be what failed, so even this may not raise."""
    try:
        TrainingRun.objects.filter(pk=run.pk).update(
            result=RunResult.FAILED, why="crashed", ended_at=now, numbers={"said": said}
        )
        run.refresh_from_db()
    except Exception:  # the next run closes what was left open
        logger.exception("engage learning run could not be closed")


def _close_lost(now: datetime) -> None:
    """Close what a process that was killed left open: whoever holds the lease knows that nobody is at it."""
    TrainingRun.objects.filter(result=RunResult.RUNNING).update(result=RunResult.FAILED, why="lost", ended_at=now)
