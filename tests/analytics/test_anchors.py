"""Are marked places counted, each page once, and is nothing else?"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from oscar_engage.analytics import anchor_counts
from oscar_engage.analytics.anchor_counts import SETTLED, read_anchor, run_sweep, sweep_anchors, tally
from oscar_engage.analytics.anchor_report import (
    AnchorReport,
    order_by_lost,
    report_all_baskets,
    report_anchors,
    report_things,
)
from oscar_engage.analytics.models import AnchorCount
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.open import open_conversation
from oscar_engage.signals.counters import snapshot
from oscar_engage.signals.ingest import RejectedSignalError, check_signal
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visitor

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOW + SETTLED + timedelta(seconds=1)
DAY = date(2026, 5, 4)


def looked(at: datetime, *, visitor_id: uuid.UUID | None = None, **payload: list[str]) -> None:
    SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=visitor_id or uuid.uuid4(),
        kind="page.anchors",
        source="browser",
        payload=payload,
        at=at,
        received_at=at,
    )


def counts() -> dict[tuple[str, str], tuple[int, int]]:
    rows = AnchorCount.objects.values_list("slot", "thing", "seen", "clicked")
    return {(slot, thing): (seen, clicked) for slot, thing, seen, clicked in rows}


@pytest.mark.django_db
def test_sweep__signals_of_two_pages__added_up_by_place() -> None:
    looked(NOW, seen=["price|product:7", "reviews"], clicked=["reviews"])
    looked(NOW, seen=["price|product:7", "price|product:7"])

    assert sweep_anchors(LATER) == 2
    assert counts() == {("price", "product:7"): (2, 0), ("reviews", ""): (1, 1)}
    assert AnchorCount.objects.first().day == DAY


@pytest.mark.django_db
def test_sweep__again_and_again__counts_each_signal_once() -> None:
    looked(NOW, seen=["price"])
    run_sweep({}, now=LATER)
    looked(NOW + timedelta(minutes=20), seen=["price", "stock"])
    run_sweep({}, now=LATER)
    run_sweep({}, now=LATER + timedelta(minutes=30))
    run_sweep({}, now=LATER + timedelta(minutes=30))

    assert counts() == {("price", ""): (2, 0), ("stock", ""): (1, 0)}


@pytest.mark.django_db
def test_sweep__received_just_now__waits_for_what_is_still_being_written() -> None:
    looked(NOW, seen=["price"])

    assert sweep_anchors(NOW + timedelta(seconds=5)) == 0
    assert sweep_anchors(LATER) == 1


@pytest.mark.django_db
def test_sweep__long_arrears__are_worked_off_a_day_at_a_time() -> None:
    looked(NOW, seen=["price"])
    looked(NOW + timedelta(hours=30), seen=["price"])

    assert [sweep_anchors(NOW + timedelta(hours=40)) for _time in range(3)] == [1, 1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["is_staff", "is_automaton"])
def test_sweep__who_is_no_shopper__is_left_out(mark: str) -> None:
    staff = Visitor.objects.create(created_at=NOW, last_seen_at=NOW, **{mark: True})
    looked(NOW, visitor_id=staff.pk, seen=["price"])

    assert sweep_anchors(LATER) == 0
    assert counts() == {}


@pytest.mark.django_db
def test_sweep__names_without_end__are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchor_counts, "MOST_PER_DAY", 2)
    before = snapshot().get("dropped:anchors", 0)
    looked(NOW, seen=["one", "two", "three"])
    sweep_anchors(LATER)
    looked(NOW + timedelta(minutes=10), seen=["one", "two", "three", "four"])
    sweep_anchors(LATER + timedelta(minutes=10))

    assert AnchorCount.objects.count() == 2
    assert sum(seen for seen, _clicked in counts().values()) == 4
    assert snapshot()["dropped:anchors"] - before == 3


@pytest.mark.django_db
@pytest.mark.parametrize("pages", [1, 3])
def test_sweep__any_number_of_signals__takes_the_same_queries(
    pages: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sweep_anchors(NOW)
    for page in range(pages):
        looked(NOW - SETTLED + timedelta(seconds=page), seen=["price", f"slot-{page}"])
    # Two savepoints, the oldest signal, the watermark read and moved, signals, ends, staff, counts of the day, new counts.
    with django_assert_num_queries(10):
        assert sweep_anchors(NOW + timedelta(minutes=5)) == pages


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("price", ("price", "")),
        ("price|product:12", ("price", "product:12")),
        ("price|", None),
        ("", None),
        ("<script>", None),
        ("price|product:x", None),
        ("prïce", None),
        ("x" * 65, None),
        (7, None),
    ],
)
def test_read_anchor__proper_or_not(name: object, read: tuple[str, str] | None) -> None:
    assert read_anchor(name) == read


@given(pages=st.lists(st.lists(st.sampled_from(["price", "stock|product:1", "<b>", ""]), max_size=6), max_size=8))
def test_tally__any_pages__is_the_number_of_pages_with_the_place_in_any_order(pages: list[list[str]]) -> None:
    signals: list[tuple[dict[str, Any], datetime]] = [({"seen": page}, NOW) for page in pages]
    found = tally(signals)

    assert {place: count.seen for place, count in found.items()} == {
        (timezone.localdate(NOW), *read): sum(name in page for page in pages)
        for name in ("price", "stock|product:1")
        if (read := read_anchor(name)) and any(name in page for page in pages)
    }
    assert tally(reversed(signals)) == found


def test_kind__hostile_lists__are_refused() -> None:
    for data in ({"seen": ["x" * 131]}, {"seen": ["x"] * 41}, {"seen": "x"}, {"clicked": [1]}):
        with pytest.raises(RejectedSignalError):
            check_signal("page.anchors", data, from_browser=True)


@pytest.mark.django_db
def test_report__places__most_asked_first_with_a_rate_where_there_is_enough(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    AnchorCount.objects.create(day=DAY, slot="price", seen=80, clicked=8)
    AnchorCount.objects.create(day=DAY, slot="price", thing="product:7", seen=20, clicked=2)
    AnchorCount.objects.create(day=DAY - timedelta(days=40), slot="old", seen=9)
    AnchorCount.objects.create(day=DAY, slot="reviews", seen=49, clicked=11)
    Conversation.objects.create(kind="note", visitor_id=uuid.uuid4(), anchor="size-table", created_at=NOW, due_at=NOW)
    Conversation.objects.create(kind="note", visitor_id=uuid.uuid4(), anchor="", created_at=NOW, due_at=NOW)

    with django_assert_num_queries(2):
        reports = report_anchors(since=NOW - timedelta(days=7), until=NOW + timedelta(hours=1))

    found = [(report.slot, report.seen, report.clicked, report.asked) for report in reports]
    assert found == [("size-table", 0, 0, 1), ("reviews", 49, 11, 0), ("price", 100, 10, 0)]
    assert reports[2].click_rate is not None
    assert reports[2].click_rate.value == 0.1
    assert reports[1].click_rate is None


@pytest.mark.django_db
def test_report__things_of_a_place__without_those_on_no_thing() -> None:
    AnchorCount.objects.create(day=DAY, slot="price", seen=80)
    AnchorCount.objects.create(day=DAY, slot="price", thing="product:7", seen=20, clicked=2)
    AnchorCount.objects.create(day=DAY - timedelta(days=1), slot="price", thing="product:8", seen=30, clicked=3)

    reports = report_things("price", since=NOW - timedelta(days=7), until=NOW)

    assert [(report.thing, report.seen, report.clicked) for report in reports] == [("product:8", 30, 3), ("product:7", 20, 2)]


def ended(kind: str, visitor_id: uuid.UUID, at: datetime) -> None:
    SignalRecord.objects.create(
        event_id=uuid.uuid4(), visitor_id=visitor_id, kind=kind, source="server", payload={}, at=at, received_at=at
    )


def ends() -> dict[tuple[str, str], tuple[int, int]]:
    rows = AnchorCount.objects.exclude(lost=0, ordered=0).values_list("slot", "thing", "lost", "ordered")
    return {(slot, thing): (lost, ordered) for slot, thing, lost, ordered in rows}


@pytest.mark.django_db
def test_sweep__baskets_that_end__count_for_places_clicked_or_asked_about_within_the_day() -> None:
    one, other, early = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    looked(NOW - timedelta(hours=3), visitor_id=one, seen=["price", "stock"], clicked=["size-table|product:7", "price"])
    looked(NOW - timedelta(hours=2), visitor_id=one, clicked=["price"])
    looked(NOW - timedelta(hours=1), visitor_id=other, clicked=["price"])
    looked(NOW - timedelta(hours=30), visitor_id=early, clicked=["price"])
    note = open_conversation("note", visitor_id=other, body="How many?", language="en", now=NOW - timedelta(hours=1))
    Conversation.objects.filter(pk=note.pk).update(anchor="stock")
    ended("basket.abandoned", one, NOW)
    ended("order.placed", other, NOW)
    ended("payment.lost", early, NOW)

    for _time in range(3):
        sweep_anchors(LATER)

    assert ends() == {("", ""): (2, 1), ("size-table", "product:7"): (1, 0), ("price", ""): (1, 1), ("stock", ""): (0, 1)}
    reports = {report.slot: report for report in report_anchors(since=NOW, until=LATER)}
    assert set(reports) == {"price", "size-table", "stock"}
    assert (reports["price"].lost, reports["price"].ordered) == (1, 1)
    everything = report_all_baskets(since=NOW, until=LATER)
    assert (everything.lost, everything.ended, everything.lost_rate) == (2, 3, None)


@pytest.mark.django_db
def test_sweep__basket_of_staff__is_no_end() -> None:
    staff = Visitor.objects.create(created_at=NOW, last_seen_at=NOW, is_staff=True)
    looked(NOW, visitor_id=staff.pk, clicked=["price"])
    ended("basket.abandoned", staff.pk, NOW)
    sweep_anchors(LATER)

    assert ends() == {}


def test_order__by_lost__has_the_largest_share_first_and_what_is_little_known_last() -> None:
    few, much, some = (
        AnchorReport(slot="few", lost=9, ordered=1),
        AnchorReport(slot="much", lost=90, ordered=30),
        AnchorReport(slot="some", lost=30, ordered=90),
    )

    assert [report.slot for report in order_by_lost([few, some, much])] == ["much", "some", "few"]
    assert much.lost_rate is not None
    assert much.lost_rate.low < 0.75 < much.lost_rate.high
