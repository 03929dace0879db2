"""Do the reports of shoppers' browsers add up, each once, and is a broken place named?"""

import io
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from oscar_engage.signals.ingest import RejectedSignalError, check_signal
from oscar_engage.visitors.models import Visitor
from oscar_engage.widgets.anchors import check, counts
from oscar_engage.widgets.anchors.check import check_picked, report_picked
from oscar_engage.widgets.anchors.counts import SETTLED, SLICE, sweep_picked
from oscar_engage.widgets.anchors.models import PickedAnchor, PickedCount
from tests.widgets.anchors.conftest import NOW, report

pytestmark = pytest.mark.django_db
LATER = NOW + SETTLED + timedelta(seconds=1)
Make = Callable[..., PickedAnchor]


@pytest.fixture(autouse=True)
def _watching(db: None) -> None:
    sweep_picked(NOW)  # from here on


def told() -> list[tuple[str, int, int]]:
    return list(PickedCount.objects.order_by("anchor__slot", "day").values_list("anchor__slot", "found", "missed"))


def test_sweep__reports_of_two_places__added_up_once(make_anchor: Make) -> None:
    make_anchor()
    make_anchor("size-hint")
    for _shopper in range(3):
        report(NOW)
    report(NOW, found=False)
    report(NOW, "size-hint", found=False)
    counts.run_sweep({}, now=LATER)
    counts.run_sweep({}, now=LATER + timedelta(hours=1))
    report(NOW + timedelta(hours=2))
    counts.run_sweep({}, now=LATER + timedelta(hours=2))

    assert told() == [("size-hint", 0, 1), ("the-price", 4, 1)]


def test_sweep__one_visitor_over_and_over__counts_as_one(make_anchor: Make) -> None:
    make_anchor()
    visitor = uuid.uuid4()
    for _time in range(50):
        report(NOW, found=False, visitor_id=visitor)
    sweep_picked(LATER)
    assert told() == [("the-price", 0, 1)]


def test_sweep__places_nobody_picked__leave_nothing(make_anchor: Make) -> None:
    make_anchor()
    for slot in ("invented", "", None, 7, ["the-price"]):
        report(NOW, slot)
    report(NOW, found="yes")
    sweep_picked(LATER)
    assert told() == []


def test_sweep__staff_and_automata__are_left_out(make_anchor: Make) -> None:
    make_anchor()
    for fact in ("is_staff", "is_automaton"):
        visitor = Visitor.objects.create(key=fact, created_at=NOW, last_seen_at=NOW, **{fact: True})
        report(NOW, found=False, visitor_id=visitor.pk)
    sweep_picked(LATER)
    assert told() == []


def test_sweep__long_away__catches_up_in_steps(make_anchor: Make) -> None:
    make_anchor()
    report(NOW + timedelta(days=1, hours=1))
    back = NOW + timedelta(days=2)
    sweep_picked(back)
    assert told() == []
    sweep_picked(back)
    assert told() == [("the-price", 1, 0)]
    assert timedelta(days=1) == counts.MOST_SLICES * SLICE


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"anchor": ""},
        {"anchor": "x" * 65},
        {"anchor": "a b"},
        {"anchor": "a\n"},
        {"anchor": 7},
        {"anchor": "a", "found": "1"},
    ],
)
def test_report__improper__is_refused(payload: dict[str, object]) -> None:
    with pytest.raises(RejectedSignalError):
        check_signal("page.picked", payload, from_browser=True)


def counted(anchor: PickedAnchor, *, days_ago: int, found: int, missed: int) -> None:
    day = timezone.localdate(NOW - timedelta(days=days_ago))
    PickedCount.objects.create(anchor=anchor, day=day, found=found, missed=missed)


def test_report__seven_days__broken_first_with_the_day_it_was_last_found(make_anchor: Make) -> None:
    good, broken, silent = make_anchor("a-good"), make_anchor("broken"), make_anchor("silent")
    counted(good, days_ago=0, found=20, missed=1)
    counted(broken, days_ago=3, found=1, missed=9)
    counted(broken, days_ago=2, found=0, missed=9)
    counted(broken, days_ago=8, found=90, missed=0)
    counted(silent, days_ago=8, found=3, missed=0)

    seen = report_picked(NOW)

    assert [(one.anchor.slot, one.verdict, one.found, one.tried) for one in seen] == [
        ("broken", "broken", 1, 19),
        ("a-good", "found", 20, 21),
        ("silent", "unknown", 0, 0),
    ]
    assert seen[0].last_found == timezone.localdate(NOW - timedelta(days=3))


def test_report__picked_anew__what_was_before_does_not_count(make_anchor: Make) -> None:
    anchor = make_anchor(picked_at=NOW - timedelta(days=1))
    counted(anchor, days_ago=3, found=0, missed=50)
    counted(anchor, days_ago=0, found=6, missed=0)
    assert [(one.verdict, one.tried) for one in report_picked(NOW)] == [("found", 6)]


@pytest.mark.parametrize("number", [1, 3])
def test_report__any_number__one_query(
    number: int, make_anchor: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        counted(make_anchor(f"place-{place}"), days_ago=0, found=1, missed=0)
    with django_assert_num_queries(1):
        assert len(report_picked(NOW)) == number


def test_check__every_night__writes_down_what_it_found(make_anchor: Make) -> None:
    anchor = make_anchor()
    counted(anchor, days_ago=0, found=0, missed=9)
    check.run_check({}, now=NOW)
    anchor.refresh_from_db()
    assert (anchor.state, anchor.checked_at) == ("broken", NOW)


def test_command__broken_place__is_named_and_fails(make_anchor: Make) -> None:
    out = io.StringIO()
    anchor = make_anchor(picked_at=timezone.now() - timedelta(days=1))
    call_command("engage_check_anchors", stdout=out)
    assert "unknown       0 of 0      the-price" in out.getvalue()

    PickedCount.objects.create(anchor=anchor, day=timezone.localdate(), found=0, missed=9)
    with pytest.raises(CommandError, match="Broken: the-price"):
        call_command("engage_check_anchors", stdout=out)
    assert check_picked(timezone.now())[0].verdict == "broken"
