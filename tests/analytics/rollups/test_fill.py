"""Is each day counted until it is closed, then never again, whatever becomes of the worker?"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS, Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import count_next, fill, keep, kind_of
from oscar_engage.analytics.rollups.read import find_altered, read_counts
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import HANDLERS, in_two_steps
from oscar_engage.jobs.run import run_job

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("UTC")
NOON = datetime(2026, 6, 10, 12, tzinfo=ZONE)
ONE_DAY = timedelta(days=1)


class Facts:
    """Raw rows for the trial: when each happened."""

    def __init__(self, *rows: datetime) -> None:
        self.rows = list(rows)
        self.in_transaction: list[bool] = []

    def count(self, day: Day, *, now: datetime) -> Iterable[tuple[Key, Values]]:
        self.in_transaction.append(connection.in_atomic_block)
        yield ("all",), (sum(day.starts_at <= at < day.ends_at for at in self.rows),)

    def begins(self) -> datetime | None:
        return min(self.rows, default=None)


@pytest.fixture(autouse=True)
def utc(settings: object) -> None:
    settings.TIME_ZONE = "UTC"  # type: ignore[attr-defined]  # pytest-django's


@pytest.fixture
def facts() -> Facts:
    return Facts(*(NOON - days * ONE_DAY for days in (0, 1, 1, 3)))


@pytest.fixture
def rollup(facts: Facts) -> Iterator[Rollup]:
    """Return a rollup whose days stay open for one day, alone in the registry."""
    made = Rollup(name="trial", keys=("of",), values=("rows",), count=facts.count, open_days=lambda: 1, begins=facts.begins)
    with ROLLUPS.only("trial", made):
        yield made


def rows_by_day(since: date = date(2026, 6, 1)) -> list[int | float]:
    counts = read_counts("trial", since=since, until=date(2026, 7, 1))
    return [cells.get(("all",), (0,))[0] for cells in counts.days.values()]


def test_fill__history__is_counted_day_by_day_and_frozen_where_it_is_over(rollup: Rollup) -> None:
    assert fill(rollup, now=NOON) == 4
    assert rows_by_day() == [1, 0, 2, 1]
    assert list(RollupDay.objects.order_by("day").values_list("frozen_at", flat=True)) == [NOON, NOON, None, None]


def test_fill__row_that_came_late__counts_while_the_day_is_open(rollup: Rollup, facts: Facts) -> None:
    fill(rollup, now=NOON)
    facts.rows += [NOON - ONE_DAY, NOON - 3 * ONE_DAY]
    fill(rollup, now=NOON + timedelta(minutes=10))
    assert rows_by_day() == [1, 0, 3, 1]


def test_fill__nothing_raw__writes_nothing(rollup: Rollup, facts: Facts) -> None:
    facts.rows.clear()
    assert fill(rollup, now=NOON) == 0
    assert not RollupDay.objects.exists()


def test_keep__frozen_since_it_was_counted__stays(rollup: Rollup, facts: Facts) -> None:
    counted = count_next(rollup, sweep_at=NOON, now=NOON)
    assert counted is not None
    keep(rollup, counted, now=NOON)
    RollupDay.objects.update(frozen_at=NOON)
    facts.rows.append(NOON)
    late = count_next(rollup, sweep_at=NOON, now=NOON)
    assert late is not None
    keep(rollup, counted, now=NOON + ONE_DAY)
    assert RollupDay.objects.get(day=NOON.date()).filled_at == NOON


@pytest.mark.django_db(transaction=True)
def test_jobs__sweep__counts_outside_a_transaction_a_day_a_job(rollup: Rollup, facts: Facts) -> None:
    kind = kind_of("trial")
    with HANDLERS.only(kind, object()):  # type: ignore[arg-type]  # replaced at once
        HANDLERS._entries.clear()
        from oscar_engage.analytics.rollups import fill as module  # noqa: PLC0415 - the two steps, as declare() joins them

        in_two_steps(
            kind,
            read=lambda payload, *, now: module._read(rollup, payload, now=now),
            write=lambda counted, *, now: module._write(rollup, counted, now=now),
        )
        enqueue(kind, key="first", now=NOON)
        for _try in range(9):
            for key in Job.objects.filter(kind=kind, state=JobState.DUE).values_list("key", flat=True):
                run_job(key, now=NOON)
    assert rows_by_day() == [1, 0, 2, 1]
    assert facts.in_transaction == [False] * 4
    assert Job.objects.filter(kind=kind, state=JobState.DONE).count() == 4


def test_read_counts__several_days__one_query_and_one_total(rollup: Rollup, django_assert_num_queries: object) -> None:
    fill(rollup, now=NOON)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's
        counts = read_counts("trial", since=date(2026, 6, 9), until=date(2026, 6, 11))
    assert counts.total() == {("all",): (3,)}
    assert counts.column(counts.total(), "rows") == {("all",): 3}
    assert counts.filled_at == NOON


def test_read_counts__day_of_another_version__is_left_out(rollup: Rollup) -> None:
    fill(rollup, now=NOON)
    RollupDay.objects.filter(day=date(2026, 6, 7)).update(version=7)
    assert rows_by_day() == [0, 2, 1]


def test_command__names__counts_them_and_says_so(rollup: Rollup) -> None:
    out = StringIO()
    call_command("engage_rollups", "trial", stdout=out)
    assert out.getvalue().startswith("trial: ")
    with pytest.raises(CommandError, match="There is no rollup 'trail'"):
        call_command("engage_rollups", "trail")


def test_command__verify__finds_what_was_written_by_hand(rollup: Rollup) -> None:
    fill(rollup, now=NOON)
    out = StringIO()
    call_command("engage_rollups", "--verify", stdout=out)
    assert "Every day is what was counted" in out.getvalue()
    RollupDay.objects.filter(day=date(2026, 6, 9)).update(cells=[["all", 7]])
    assert find_altered() == [("trial", date(2026, 6, 9))]
    with pytest.raises(CommandError, match="1 altered"):
        call_command("engage_rollups", "--verify", stdout=StringIO())


def test_run_job__two_steps__are_done_like_any_handler() -> None:
    seen: list[str] = []
    kind = "trial.steps"

    def write(found: str, *, now: datetime) -> None:
        seen.append(found)

    in_two_steps(kind, read=lambda payload, *, now: "read", write=write)
    try:
        enqueue(kind, key="steps", now=NOON)
        run_job("steps", now=NOON)
        HANDLERS.get(kind)({}, now=NOON)
    finally:
        HANDLERS._entries.pop(kind)
    assert seen == ["read", "read"]
