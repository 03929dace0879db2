"""Is a day of the lift what a recount by hand finds, whatever happened?"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.lift.count import LIFT, count_lift, find_caps
from oscar_engage.analytics.models import Conversion, RollupDay
from oscar_engage.analytics.rollups.days import make_day
from oscar_engage.analytics.rollups.declare import Day
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Arm, Assignment, Decision
from oscar_engage.desk.ratings.models import Rating
from oscar_engage.personal.person import make_person
from oscar_engage.privacy.erase import begin_erasure, run_parts
from oscar_engage.visitors.models import Visitor
from tests.analytics.lift.history import START, at, draw, leave_alone, make_rule, make_visitor, place, rate
from tests.examples import examples

DAY = make_day(START.date(), ZoneInfo("UTC"))
DAYS = 7
SHARE, SHOP = "0.800000", "0.900000"


@pytest.fixture(autouse=True)
def utc(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"


def cells(day: Day = DAY) -> dict[tuple[str, ...], list[float]]:
    return {key: list(values) for key, values in count_lift(day, now=at(24 * 60))}


def erase(devices: list[Visitor]) -> None:
    person = make_person([device.pk for device in devices], units={one.pk: one.unit_of for one in devices if one.unit_of})
    run_parts(begin_erasure(person, actor=None, now=at(24 * 20)), now=at(24 * 20))


@pytest.mark.django_db
def test_count__orders_before_and_after__are_x_and_y() -> None:
    version, visitor = make_rule(), make_visitor()
    draw(version, visitor, Arm.TREATED, 5)
    place(visitor, 4, "7.00")
    place(visitor, 6, "20.00")
    place(visitor, 5 + 24 * DAYS, "99.00")
    rule = str(version.rule_id)
    counted = cells()
    assert counted[rule, "treated", SHARE, "orders", ""] == [1, 1, 1, 1, 1, 1, 1]
    assert counted[rule, "treated", SHARE, "revenue", "GBP"] == [1, 1, 2000, 2000**2, 700, 700**2, 2000 * 700]
    assert counted["shop", "treated", SHOP, "revenue", "GBP"] == [1, 1, 2000, 2000**2, 700, 700**2, 2000 * 700]


@pytest.mark.django_db
def test_count__order_that_came_back__is_none_in_any_arm() -> None:
    version, visitor = make_rule(), make_visitor()
    draw(version, visitor, Arm.CONTROL, 5, probability=0.2)
    place(visitor, 6, returned=24 * 20)
    assert cells()[str(version.rule_id), "control", SHARE, "buyers", ""] == [1, 0, 0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_count__second_device_of_a_unit__orders_for_it() -> None:
    version, visitor = make_rule(), make_visitor()
    other = make_visitor(unit_of=visitor.pk)
    draw(version, visitor, Arm.TREATED, 5)
    place(other, 8)
    assert cells()[str(version.rule_id), "treated", SHARE, "buyers", ""][:2] == [1, 1]


@pytest.mark.django_db
def test_count__left_alone_since_yesterday__is_not_counted_again() -> None:
    version, other_rule, visitor = make_rule(), make_rule("Other"), make_visitor()
    phone = make_visitor(unit_of=visitor.pk)
    leave_alone(version, phone, -3)
    leave_alone(version, visitor, 3)
    leave_alone(other_rule, visitor, 4)
    assert {key[:2] for key in cells() if key[3] == "buyers"} == {(str(other_rule.rule_id), "left_alone")}


@pytest.mark.django_db
def test_count__drawn_for_a_second_rule__is_in_the_shops_experiment_since_the_first() -> None:
    version, other_rule, visitor = make_rule(), make_rule("Other"), make_visitor()
    draw(other_rule, visitor, Arm.CONTROL, -30)
    draw(version, visitor, Arm.TREATED, 2)
    assert {key[0] for key in cells() if key[3] == "buyers"} == {str(version.rule_id)}


@pytest.mark.attack("O01")
@pytest.mark.django_db
@pytest.mark.parametrize(("mark", "name"), [("is_staff", "staff"), ("is_automaton", "automata")])
def test_count__who_is_no_shopper__is_left_out_and_told(mark: str, name: str) -> None:
    version, visitor = make_rule(), make_visitor()
    other = make_visitor(unit_of=visitor.pk, **{mark: True})
    draw(version, visitor, Arm.TREATED, 5)
    place(other, 6)
    place(make_visitor(), 7, is_test=True)
    counted = cells()
    assert counted.pop(("", "", "", "test_orders", ""))[0] == 2
    assert {key: values[0] for key, values in counted.items()} == {
        (str(version.rule_id), "", "", name, ""): 1,
        ("shop", "", "", name, ""): 1,
    }


@pytest.mark.django_db
def test_caps__month__are_by_the_orders_before_it() -> None:
    visitor = make_visitor()
    for number in range(1, 102):
        place(visitor, -24 * 20 - number, f"{number}.00")
    place(visitor, 1, "5000.00")
    assert find_caps(DAY) == {"GBP": 10000}
    version = make_rule()
    drawn = make_visitor()
    draw(version, drawn, Arm.TREATED, 0)
    place(drawn, 1, "5000.00")
    counted = cells()
    assert counted[str(version.rule_id), "treated", SHARE, "revenue", "GBP"][2] == 10000
    assert counted[str(version.rule_id), "treated", SHARE, "takings", "GBP"][2] == 500000


@pytest.mark.attack("O04")
@pytest.mark.django_db
def test_count__erased__changes_neither_an_open_day_nor_a_closed_one() -> None:
    version = make_rule()
    visitors = [make_visitor() for _number in range(3)]
    phone = make_visitor(unit_of=visitors[0].pk)
    for number, visitor in enumerate(visitors):
        draw(version, visitor, Arm.TREATED if number else Arm.CONTROL, number + 1)
        place(visitor, 10, f"{10 + number}.00")
    place(phone, 11, "80.00")
    left = make_visitor()
    leave_alone(version, left, 4)
    place(left, 5)
    before = cells()
    erase([phone, *visitors, left])
    assert not Visitor.objects.exists()
    assert cells() == before
    over = at(24 * (DAYS + get_settings().return_days + 2))
    fill(LIFT, now=over)
    row = RollupDay.objects.get(rollup="lift", day=date(2026, 3, 10))
    assert row.frozen_at == over
    Conversion.objects.all().delete()
    fill(LIFT, now=over + timedelta(days=1))
    assert RollupDay.objects.get(pk=row.pk).cells == row.cells


hours = st.integers(-60, 24 * 9)
people = st.lists(
    st.fixed_dictionaries(
        {
            "devices": st.integers(1, 2),
            "mark": st.sampled_from(["", "", "", "is_staff", "is_automaton"]),
            "draws": st.lists(st.tuples(st.integers(0, 1), st.booleans(), st.integers(-30, 30)), max_size=3),
            "left": st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(-30, 30)), max_size=3),
            "orders": st.lists(
                st.tuples(
                    st.integers(0, 1),
                    hours,
                    st.integers(1, 90_000),
                    st.sampled_from(["GBP", "EUR"]),
                    st.sampled_from([None, None, 6]),
                    st.sampled_from([False, False, False, True]),
                ),
                max_size=4,
            ),
            "ratings": st.lists(st.tuples(st.integers(0, 1), hours, st.integers(1, 5)), max_size=2),
            "is_erased": st.booleans(),
        }
    ),
    max_size=5,
)


class AnyHistory(TestCase):
    """Whatever happened, the day is the recount."""

    @pytest.mark.attack("O06")
    @settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(history=people)
    def test_count__any_history__equals_the_recount(self, history: list[dict[str, Any]]) -> None:
        versions = [make_rule("one"), make_rule("two")]
        with timezone.override("UTC"):
            made = [_live(person, versions) for person in history]
            expected = recount()
            assert cells() == expected
            for person, devices in zip(history, made, strict=True):
                if person["is_erased"] and not person["ratings"]:
                    erase(devices)
            assert cells() == expected


def _live(person: dict[str, Any], versions: list[Any]) -> list[Visitor]:
    first = make_visitor(**({person["mark"]: True} if person["mark"] else {}))
    devices = [first, *(make_visitor(unit_of=first.pk) for _more in range(person["devices"] - 1))]
    for number, is_treated, hour in person["draws"]:
        if not Assignment.objects.filter(rule=versions[number].rule_id, visitor_id=first.pk).exists():
            arm, probability = (Arm.TREATED, 0.8) if is_treated else (Arm.CONTROL, 0.2)
            draw(versions[number], first, arm, hour, probability=probability)
    for number, device, hour in person["left"]:
        leave_alone(versions[number], devices[device % len(devices)], hour + 0.25)
    for device, hour, total, currency, back, is_test in person["orders"]:
        returned = None if back is None else hour + back
        where = devices[device % len(devices)]
        place(where, hour, f"{total / 100:.2f}", currency, returned=returned, is_test=is_test)
    for device, hour, score in person["ratings"]:
        rate(devices[device % len(devices)], hour, score)
    return devices


def recount() -> dict[tuple[str, ...], list[float]]:
    """Count with plain loops over all there is, one unit after the other, as one would on paper."""
    unit_of = {visitor.pk: visitor.unit_of or visitor.pk for visitor in Visitor.objects.all()}
    strangers = {"staff": set(), "automata": set()}  # type: dict[str, set[Any]]
    for visitor in Visitor.objects.all():
        if visitor.is_staff:
            strangers["staff"].add(unit_of[visitor.pk])
        elif visitor.is_automaton:
            strangers["automata"].add(unit_of[visitor.pk])
    events: dict[tuple[Any, str], list[tuple[Any, str, str]]] = defaultdict(list)
    for row in Assignment.objects.all():
        treated = row.arm == "treated"
        share = f"{row.probability if treated else 1 - row.probability:.6f}"
        events[row.visitor_id, str(row.rule_id)].append((row.drawn_at, row.arm, share))
        events[row.visitor_id, "shop"].append((row.drawn_at, "treated", SHOP))
    for decision in Decision.objects.select_related("version"):
        unit = unit_of[decision.visitor_id]
        events[unit, f"left {decision.version.rule_id}"].append((decision.eligible_at, "left_alone", SHOP))
        events[unit, "shop"].append((decision.eligible_at, "control", SHOP))
    found: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0] * 7)
    for (unit, name), moments in events.items():
        moment, arm, share = min(moments, key=lambda one: one[0])
        if not at(0) <= moment < at(24):
            continue
        rule = name.removeprefix("left ")
        kind = next((kind for kind, group in strangers.items() if unit in group), None)
        if kind:
            _others(found, rule, kind, unit)
            continue
        own = [row for row in Conversion.objects.all() if unit_of[row.visitor_id] == unit and not row.is_test]
        after = [row for row in own if moment <= row.placed_at < moment + timedelta(days=DAYS) and not row.returned_at]
        before = [row for row in own if row.placed_at < moment and (not row.returned_at or row.returned_at >= moment)]
        rated = [
            row.score
            for row in Rating.objects.select_related("conversation")
            if unit_of[row.conversation.visitor_id] == unit and moment <= row.at < moment + timedelta(days=DAYS)
        ]
        _put(found[rule, arm, share, "buyers", ""], min(1, len(after)), min(1, len(before)))
        for measure, y, x in (("orders", len(after), len(before)), ("satisfied", sum(s > 3 for s in rated), len(rated))):
            if y or x:
                _put(found[rule, arm, share, measure, ""], y, x)
        for code in {row.currency for row in after + before}:
            y = sum(round(row.total * 100) for row in after if row.currency == code)
            x = sum(round(row.total * 100) for row in before if row.currency == code)
            _put(found[rule, arm, share, "revenue", code], y, x)
            if y:
                _put(found[rule, arm, share, "takings", code], y, 0)
                _put(found[rule, arm, share, "order_value", code], y, sum(row.currency == code for row in after))
    known = strangers["staff"] | strangers["automata"]
    placed = [row for row in Conversion.objects.all() if at(0) <= row.placed_at < at(24)]
    found["", "", "", "test_orders", ""][0] = sum(row.is_test or unit_of[row.visitor_id] in known for row in placed)
    return {key: values for key, values in found.items() if key[3] != "seen"}


def _others(found: dict[tuple[str, ...], list[float]], rule: str, kind: str, unit: Any) -> None:
    """A unit counts once among those left out of a rule, even when both a draw and a hold-out tell of it."""
    seen = found[rule, str(unit), "", "seen", ""]
    if not seen[0]:
        seen[0] = 1
        found[rule, "", "", kind, ""][0] += 1


def _put(cell: list[float], y: float, x: float) -> None:
    for place_, number in enumerate((1, y != 0, y, y * y, x, x * x, x * y)):
        cell[place_] += number
