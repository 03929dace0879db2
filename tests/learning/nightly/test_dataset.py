"""What training reads: which vectors, with which answer, of whom, and at what price."""

import json
import math
import random
from array import array
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_engage.analytics.models import Conversion
from oscar_engage.decisions.models import Arm
from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.features.tasks import UPLIFT_NAMES, UPLIFT_SCHEMA, names_of
from oscar_engage.learning.nightly import rows as rows_module
from oscar_engage.learning.nightly.dataset import Written, number_of, write_dataset
from oscar_engage.learning.nightly.label import Horizon
from oscar_engage.learning.nightly.rows import Source
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from tests.learning.nightly.history import NOW, START, at, moment, order, take, visit, visitor

pytestmark = pytest.mark.django_db

HORIZON = Horizon(timedelta(minutes=30), timedelta(days=7))
GROUP, AT, OUTCOME, WEIGHT, TREATED, CHANCE, FIRST = range(7)


def source(task: str = Task.PROPENSITY) -> Source:
    return Source(task, SCHEMA, START, NOW, HORIZON)


def written(folder: Path, task: str = Task.PROPENSITY) -> tuple[list[list[float]], Written]:
    told = write_dataset(folder, source(task), salt=b"salt")
    numbers = array("d")
    numbers.frombytes((folder / "rows.f64").read_bytes())
    width = 6 + len(names_of(task))
    assert len(numbers) == told.rows * width
    return [list(numbers[begin : begin + width]) for begin in range(0, len(numbers), width)], told


def outcomes(folder: Path, task: str = Task.PROPENSITY) -> list[float]:
    return [row[OUTCOME] for row in written(folder, task)[0]]


def test_header__says_what_the_rows_are(tmp_path: Path) -> None:
    take(visit(visitor(), 1), 1)
    written(tmp_path)
    header = json.loads((tmp_path / "header.json").read_text())
    assert header == {"task": "propensity", "names": list(NAMES), "schema": SCHEMA, "rows": 1}


def test_row__holds_the_vector_as_it_was_logged(tmp_path: Path) -> None:
    one = visitor()
    take(visit(one, 1), 1, values=[None, 0.1 + 0.2, *[7.0] * (len(NAMES) - 2)])
    [row], told = written(tmp_path)
    assert row[GROUP] == number_of(one.pk, b"salt")
    assert row[AT] == at(1).timestamp()
    assert math.isnan(row[TREATED])
    assert math.isnan(row[CHANCE])
    assert math.isnan(row[FIRST])
    assert row[FIRST + 1] == 0.1 + 0.2
    assert (told.rows, told.visits, told.events) == (1, 1, 0)


def test_group__another_salt_is_another_number() -> None:
    unit = visitor().pk
    assert number_of(unit, b"one") != number_of(unit, b"two")
    assert float(number_of(unit, b"one")).is_integer()


@pytest.mark.parametrize(
    ("hours", "outcome"), [(0.99, 0.0), (1.0, 1.0), (1.5, 1.0), (2.49, 1.0), (2.5, 0.0), (30.0, 0.0)], ids=str
)
def test_propensity__an_order_before_the_visit_ends(tmp_path: Path, hours: float, outcome: float) -> None:
    one = visitor()
    take(visit(one, 1, last=2), 1)
    order(one, hours)
    assert outcomes(tmp_path) == [outcome]


def test_propensity__an_order_that_came_back_counts_and_one_of_a_test_does_not(tmp_path: Path) -> None:
    one, two = visitor(), visitor()
    take(visit(one, 1), 1)
    take(visit(two, 2), 2)
    order(one, 1.1, returned=50)
    order(two, 2.1, is_test=True)
    assert outcomes(tmp_path) == [1.0, 0.0]


def test_propensity__an_order_on_another_device_counts(tmp_path: Path) -> None:
    one = visitor()
    take(visit(one, 1), 1)
    order(visitor(unit_of=one.pk), 1.1)
    assert outcomes(tmp_path) == [1.0]


def test_exit__the_last_sign_of_a_visit(tmp_path: Path) -> None:
    one = visit(visitor(), 1, last=1.2)
    for hours in (1, 1.1, 1.2, 1.25):
        take(one, hours)
    assert outcomes(tmp_path, Task.EXIT) == [0.0, 0.0, 1.0, 1.0]


def test_visit_that_has_not_ended__is_left_out(tmp_path: Path) -> None:
    hours = (NOW - START).total_seconds() / 3600
    take(visit(visitor(), hours - 2, last=hours - 0.49), hours - 2)
    take(visit(visitor(), hours - 2, last=hours - 0.5), hours - 2)
    assert len(written(tmp_path)[0]) == 1
    assert len(written(tmp_path, Task.EXIT)[0]) == 1


def test_moment__only_for_uplift_and_only_where_an_arm_was_drawn(tmp_path: Path) -> None:
    take(visit(visitor(), 1), 1)
    moment(visit(visitor(), 2), 2)
    moment(visit(visitor(), 3), 3, Arm.NONE)
    moment(visit(visitor(), 4), 4, chance=1.0)
    moment(visit(visitor(), 5), 5, Arm.CONTROL, chance=0.3)
    moment(visit(visitor(), 6), 6, Arm.CONTROL, chance=None, probability=0.1)
    assert [row[AT] for row in written(tmp_path)[0]] == [at(1).timestamp()]
    rows, _told = written(tmp_path, Task.UPLIFT)
    assert [(row[AT], row[TREATED], row[CHANCE]) for row in rows] == [
        (at(2).timestamp(), 1.0, 0.8),
        (at(5).timestamp(), 0.0, 0.3),
    ]


def test_uplift__rows_say_in_which_way_the_rule_helps(tmp_path: Path) -> None:
    for number, way in enumerate(("chat", "note", "other", "")):
        moment(visit(visitor(), number), number, way=way)
    rows, told = written(tmp_path, Task.UPLIFT)
    ways = [row[FIRST + len(NAMES) :] for row in rows]
    assert ways[:3] == [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.0] * 4]
    assert all(map(math.isnan, ways[3])), "logged before ways were"
    assert [len(vector) for vector in told.sample] == [len(UPLIFT_NAMES)] * 4
    header = json.loads((tmp_path / "header.json").read_text())
    assert (header["names"], header["schema"]) == (list(UPLIFT_NAMES), UPLIFT_SCHEMA)


@pytest.mark.parametrize(("hours", "outcome"), [(0.9, 0.0), (1.0, 1.0), (1 + 7 * 24 - 0.01, 1.0), (1 + 7 * 24.0, 0.0)], ids=str)
def test_uplift__an_order_within_the_days_of_the_report(tmp_path: Path, hours: float, outcome: float) -> None:
    one = visitor()
    moment(visit(one, 1), 1)
    order(one, hours)
    assert outcomes(tmp_path, Task.UPLIFT) == [outcome]


def test_uplift__an_order_that_came_back_is_none(tmp_path: Path) -> None:
    one = visitor()
    moment(visit(one, 1), 1)
    order(one, 2, returned=30)
    assert outcomes(tmp_path, Task.UPLIFT) == [0.0]


def test_uplift__a_moment_whose_days_are_not_over_waits(tmp_path: Path) -> None:
    hours = (NOW - START).total_seconds() / 3600 - 7 * 24
    moment(visit(visitor(), hours), hours + 0.01)
    moment(visit(visitor(), hours), hours - 0.01)
    assert len(written(tmp_path, Task.UPLIFT)[0]) == 1


def test_uplift__a_person_counts_once_a_rule(tmp_path: Path) -> None:
    one = visitor()
    stay = visit(one, 1)
    moment(stay, 1)
    moment(stay, 1.1)
    moment(visit(one, 20), 20)
    moment(stay, 1.2, rule_id=2)
    rows, told = written(tmp_path, Task.UPLIFT)
    assert [(row[AT], row[WEIGHT]) for row in rows] == [(at(1).timestamp(), 0.5), (at(1.2).timestamp(), 0.5)]
    assert told.visits == 1


def test_no_shopper__is_left_out_with_all_devices(tmp_path: Path) -> None:
    take(visit(visitor(is_automaton=True), 1), 1)
    one = visitor()
    visitor(unit_of=one.pk, is_staff=True)
    take(visit(one, 2), 2)
    take(visit(visitor(), 3), 3)
    assert [row[AT] for row in written(tmp_path)[0]] == [at(3).timestamp()]


def test_another_schema_and_a_damaged_vector__are_left_out(tmp_path: Path) -> None:
    stay = visit(visitor(), 1)
    take(stay, 1, schema="0" * 16)
    take(stay, 1.1, values=[1.0])
    take(stay, 1.2)
    assert [row[AT] for row in written(tmp_path)[0]] == [at(1.2).timestamp()]


def test_nothing__is_an_empty_folder_with_a_header(tmp_path: Path) -> None:
    rows, told = written(tmp_path)
    assert rows == []
    assert told == Written(rows=0, visits=0, events=0, first_at=None, last_at=None, sample=())
    assert told.hours == 0


def make_history(chance: random.Random, visits: int) -> None:
    """A shop by chance."""
    units = [visitor(is_staff=chance.random() < 0.1) for _each in range(max(1, visits // 2))]
    for _each in range(visits):
        who = chance.choice(units)
        begin = chance.uniform(0, 380)
        stay = visit(who, begin, last=begin + 1)
        for _vector in range(chance.randint(1, 4)):
            take(stay, begin + chance.random(), occasion=chance.choice([Occasion.SIGNAL, Occasion.IDLE]))
        if chance.random() < 0.4:
            order(who, begin + chance.uniform(-1, 3))


@pytest.mark.parametrize("seed", range(3))
def test_dataset__equals_what_one_counts_by_hand(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    make_history(random.Random(seed), 30)
    monkeypatch.setattr(rows_module, "CHUNK", 7)
    rows, told = written(tmp_path)
    expected = []
    for one in ScoredVector.objects.order_by("pk"):
        stay = one.visit
        ends_at = max(one.at, stay.last_at) + timedelta(minutes=30)
        if stay.visitor.is_staff or ends_at > NOW:
            continue
        orders = Conversion.objects.filter(visitor_id=stay.visitor_id)
        has_order = any(one.at <= placed.placed_at < ends_at for placed in orders)
        weight = 1 / ScoredVector.objects.filter(visit=stay).count()
        expected.append([number_of(stay.visitor_id, b"salt"), one.at.timestamp(), float(has_order), weight])
    assert [row[:4] for row in rows] == expected
    assert told.visits == round(sum(row[3] for row in expected))
    assert told.events == sum(row[2] for row in expected)


def test_queries__are_as_many_for_ten_visits_as_for_a_hundred(tmp_path: Path) -> None:
    counts = []
    for visits in (10, 90):
        make_history(random.Random(visits), visits)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            written(tmp_path)
        counts.append(len(asked))
    assert counts == [6, 6]  # the vectors twice (the last part is empty), units, people, weights, orders


@pytest.mark.parametrize("begin", [0.0, 0.3, 0.9])
def test_part__is_a_share_of_people_with_all_their_vectors(begin: float) -> None:
    people = [visitor() for _each in range(200)]
    for one in people:
        stay = visit(one, 1)
        take(stay, 1)
        take(stay, 1.1)
    drawn = replace(source(), begin=begin, share=0.25)
    rest = replace(source(), begin=(begin + 0.25) % 1, share=0.75)
    taken = set(drawn.vectors().values_list("visitor_id", flat=True))
    others = set(rest.vectors().values_list("visitor_id", flat=True))
    assert 20 < len(taken) < 85
    assert drawn.vectors().count() == 2 * len(taken)
    assert taken | others == {one.pk for one in people}
    assert not taken & others
