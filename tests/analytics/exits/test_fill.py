"""Is every ended visit counted once, whatever happens to the worker, and nothing else?"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from oscar_engage.analytics.exits import fill
from oscar_engage.analytics.exits.curve import Count
from oscar_engage.analytics.exits.fill import KIND, SETTLING, fill_exits
from oscar_engage.analytics.exits.kept import FILL_STATE, PURGE, WINDOW, read_counts
from oscar_engage.analytics.models import ExitCount
from oscar_engage.jobs.models import FillState, Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import RECURRING
from oscar_engage.jobs.run import LEASE, run_due, run_job
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.stored import read_state
from tests.analytics.exits.logs import START, added, idle, looked_at, opened
from tests.analytics.exits.stored import keep_visit, minutes
from tests.storefront.beats import body, known_shopper, send, signal

pytestmark = pytest.mark.django_db
LATER = START + timedelta(hours=2)
HOUR = timedelta(hours=1)


def counted(now: datetime = LATER) -> tuple[int, int]:
    """Return how many page views ended a visit, and how many did not."""
    total = sum(read_counts(now=now).values(), Count())
    return total.left, total.stayed


def sweep(now: datetime = LATER) -> None:
    """Do the job, and its continuations, until nothing is due."""
    enqueue(KIND, key=f"test:{now}", now=now)
    while Job.objects.filter(kind=KIND, state=JobState.DUE, run_at__lte=now).exists():
        for key in Job.objects.filter(kind=KIND, state=JobState.DUE).values_list("key", flat=True):
            run_job(key, now=now)


def test_fill__ended_visit__is_counted_at_its_stages() -> None:
    keep_visit([opened(0), *looked_at(10), added(20), opened(21, "basket"), idle(51, 30)])
    sweep()
    rows = ExitCount.objects.order_by("stage").values_list("day", "stage", "views", "idle", "left", "stayed")
    assert list(rows) == [
        (date(2026, 3, 2), "basket", 1, 300, 1, 0),
        (date(2026, 3, 2), "browsing", 1, 0, 0, 1),
        (date(2026, 3, 2), "product", 1, 0, 0, 1),
    ]


def test_fill__what_a_browser_told__is_what_a_rule_would_have_read() -> None:
    client = known_shopper()
    for page in (PageFacts(kind="product", product_id=7), PageFacts(kind="category", category_id=2)):
        send(client, body(signal(), page=page))
    send(client, body(signal("page.left", data={"idle": 61, "visible": 90}), page=PageFacts(kind="category", category_id=2)))
    state = read_state(Visit.objects.get())
    sweep(timezone.now() + HOUR)
    (last,) = ExitCount.objects.filter(left=1)
    assert (last.stage, last.views, last.idle) == (state.stage, state.stage_pages, 60)
    assert counted(timezone.now()) == (1, 2)


def test_fill__repeated__adds_nothing() -> None:
    keep_visit([opened(0)])
    for minute in range(3):
        sweep(LATER + minutes(minute))
    assert counted() == (1, 0)


def test_fill__running_visit__waits_until_it_has_ended() -> None:
    keep_visit([opened(0), opened(60)])
    sweep(START + minutes(31) + SETTLING - timedelta(seconds=1))
    assert counted() == (0, 0)
    sweep(START + minutes(31) + SETTLING)
    assert counted() == (1, 1)


def test_fill__visit_that_went_on__is_counted_as_it_ended() -> None:
    visit = keep_visit([opened(0)])
    sweep(START + minutes(20))
    SignalRecord.objects.create(
        event_id=visit.pk,
        visitor_id=visit.visitor_id,
        visit_id=visit.pk,
        kind="page.viewed",
        source="browser",
        at=START + minutes(25),
        received_at=START + minutes(25),
    )
    Visit.objects.update(last_at=START + minutes(25))
    sweep(START + minutes(50))
    assert counted() == (0, 0)
    sweep()
    assert counted() == (1, 1)


def test_fill__later_visits__are_added_to_the_same_rows() -> None:
    keep_visit([opened(0)])
    sweep()
    keep_visit([opened(0)], starts_at=LATER)
    sweep(LATER + 2 * HOUR)
    row = ExitCount.objects.get()
    assert (row.left, row.stayed) == (2, 0)


def test_fill__member_of_staff__is_not_counted() -> None:
    keep_visit([opened(0)], is_staff=True)
    sweep()
    assert counted() == (0, 0)


def test_fill__browser_run_by_a_program__is_not_counted() -> None:
    visit = keep_visit([opened(0)])
    Visitor.objects.filter(pk=visit.visitor_id).update(is_automaton=True)
    sweep()
    assert counted() == (0, 0)


def test_fill__log_with_what_nobody_knows_any_more__is_read_without_it() -> None:
    visit = keep_visit([opened(0), opened(5)])
    common = {"visitor_id": visit.visitor_id, "visit_id": visit.pk, "source": "server", "at": START, "received_at": START}
    SignalRecord.objects.create(event_id=visit.pk, kind="shop.gone", **common)
    SignalRecord.objects.create(event_id=visit.visitor_id, kind="product.viewed", payload={"product_id": "five"}, **common)
    sweep()
    assert counted() == (1, 1)


def test_fill__visit_without_a_page_view__says_nothing() -> None:
    keep_visit([added(0)])
    sweep()
    assert not ExitCount.objects.exists()


@pytest.mark.parametrize("stretch", [1, 2, 3, 7, 100])
def test_fill__log_of_any_length__is_walked_in_stretches(stretch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill, "STRETCH", stretch)
    for second in range(6):  # they overlap, and some signals of two visits come at the same time
        keep_visit([opened(0), opened(1), opened(3)], starts_at=START + timedelta(seconds=second))
    sweep()
    assert counted() == (6, 12)
    position = FillState.objects.get(name=FILL_STATE).position
    assert position == int((LATER - minutes(30) - SETTLING).timestamp()) * 1_000_000


def test_fill__one_stretch__takes_the_same_queries_for_any_number_of_visits(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    FillState.objects.create(name=FILL_STATE, filled_at=START)
    for round_, visits in enumerate((1, 3)):
        for _visit in range(visits):
            keep_visit([opened(0), opened(2)], starts_at=START + round_ * 3 * HOUR)
        # savepoint and its end, fill state, end of the stretch, visits, log, rows that are there, rows (new or old), fill state
        with django_assert_num_queries(9):
            fill_exits({}, now=LATER + round_ * 3 * HOUR)


def test_fill__worker_killed_in_the_middle__counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_visit([opened(0)])
    real, killed = fill.add_counts, []

    def die_after_counting(per_day: Any) -> None:
        real(per_day)
        if not killed:
            killed.append(1)
            raise SystemExit  # as SIGTERM does

    monkeypatch.setattr(fill, "add_counts", die_after_counting)
    enqueue(KIND, key="a", now=LATER)
    with pytest.raises(SystemExit):
        run_job("a", now=LATER)
    assert counted() == (0, 0)
    run_job("a", now=LATER + LEASE)
    run_job("a", now=LATER + 2 * LEASE)
    assert counted() == (1, 0)


@pytest.mark.everything_recurs
def test_fill__job_of_two_periods_at_once__counts_once() -> None:
    keep_visit([opened(0)])
    for key in ("a", "b"):
        enqueue(KIND, key=key, now=LATER)
    run_due(now=LATER)
    assert Job.objects.filter(kind=KIND, state=JobState.DONE).count() == 3  # and the recurring one
    assert counted() == (1, 0)


def test_fill__erased_visitor__counts_on_without_a_trace() -> None:
    visit = keep_visit([opened(0)])
    sweep()
    visit.visitor.delete()
    SignalRecord.objects.all().delete()
    sweep(LATER + HOUR)
    assert counted() == (1, 0)


def test_read_counts__older_than_the_window__count_no_more_and_are_removed() -> None:
    keep_visit([opened(0)])
    sweep()
    much_later = LATER + WINDOW
    assert counted(much_later - timedelta(days=1)) == (1, 0)
    assert counted(much_later) == (0, 0)
    enqueue(PURGE, key="a", now=much_later - timedelta(days=1))
    run_job("a", now=much_later - timedelta(days=1))
    assert ExitCount.objects.aggregate(all=Sum("left")) == {"all": 1}
    enqueue(PURGE, key="b", now=much_later)
    run_job("b", now=much_later)
    assert not ExitCount.objects.exists()


def test_jobs__both__recur() -> None:
    assert {KIND, PURGE} <= {recurring.kind for recurring in RECURRING}
