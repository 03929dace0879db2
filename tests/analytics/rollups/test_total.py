"""Are many days together what each of them says, however they are read?"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS, Key, Rollup, Values
from oscar_engage.analytics.rollups.document import decode_rows, digest_of, write_cells
from oscar_engage.analytics.rollups.read import fold, read_counts
from oscar_engage.analytics.rollups.total import read_total
from tests.examples import examples

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
FIRST = date(2026, 1, 25)
ROLLUP = Rollup(
    name="trial",
    keys=("kind", "name"),
    values=("number", "longest"),
    count=lambda day, *, now: (),
    open_days=lambda: 1,
    begins=lambda: None,
    folds={"longest": "max"},
)
WHOLE = st.integers(-(2**70), 2**70)
NUMBERS = st.one_of(WHOLE, st.floats(allow_nan=False, allow_infinity=False))
CELLS = st.lists(st.tuples(st.tuples(st.sampled_from("ab"), st.text(max_size=3)), st.tuples(WHOLE, WHOLE)), max_size=4)
SPAN = {"since": FIRST, "until": date(2026, 7, 1)}


@pytest.fixture
def rollup() -> Iterator[Rollup]:
    with ROLLUPS.only("trial", ROLLUP):
        yield ROLLUP


def write(day: date, cells: list[tuple[Key, Values]], *, is_frozen: bool = True, version: int = 1) -> RollupDay:
    document = write_cells(ROLLUP, cells)
    return RollupDay.objects.create(
        rollup="trial",
        day=day,
        version=version,
        cells=document,
        digest=digest_of("trial", day, version, document),
        filled_at=NOW,
        frozen_at=NOW if is_frozen else None,
    )


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3), NUMBERS, NUMBERS)))
@example([("a", "", 2**63, 2**64 + 1), ("a", "b", -(2**63) - 1, 10**40)])  # sums of squares of hundredths get so large
@example([("a", "", 1e22, 5e-324), ("a", "b", 0.1, 1.7976931348623157e308)])
def test_decode_rows__any_cells__is_what_json_reads(rows: list[tuple[Any, ...]]) -> None:
    text = json.dumps(rows)
    found, expected = decode_rows(ROLLUP, text), [tuple(row) for row in json.loads(text)]
    assert found == expected
    assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in expected]


class TestTotal(TestCase):  # type: ignore[misc]  # hypothesis has no type for it
    @settings(max_examples=examples(40), deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 40), CELLS, st.booleans()), unique_by=lambda one: one[0], max_size=9))
    def test_read_total__any_days__is_the_fold_of_the_days(self, days: list[tuple[int, Any, bool]]) -> None:
        with ROLLUPS.only("trial", ROLLUP):
            for number, cells, is_frozen in days:
                write(FIRST + timedelta(days=number), cells, is_frozen=is_frozen)
            counts = read_counts("trial", **SPAN)
            for _again in range(2):
                total = read_total("trial", **SPAN, by_day="a")
                assert total.cells == fold(ROLLUP, counts.days.values())
                assert total.by_day == {
                    day: {key: values for key, values in cells.items() if key[0] == "a"} for day, cells in counts.days.items()
                }
                assert total.filled_at == counts.filled_at


@pytest.mark.django_db
def test_read_total__frozen_days_once_more__are_not_read_again(rollup: Rollup, django_assert_num_queries: Any) -> None:
    write(FIRST, [(("a", "x"), (1, 1))])
    write(FIRST + timedelta(days=9), [(("a", "x"), (2, 1))])
    with django_assert_num_queries(2):
        read_total("trial", **SPAN)
    with django_assert_num_queries(1):
        assert read_total("trial", **SPAN).cells == {("a", "x"): (3, 1)}
    other = RollupDay.objects.get(day=FIRST)
    other.delete()
    write(FIRST, [(("a", "x"), (10, 1))])  # as after a restored backup
    assert read_total("trial", **SPAN).cells == {("a", "x"): (12, 1)}


@pytest.mark.django_db
def test_read_total__open_day_that_was_counted_anew__is_read_anew(rollup: Rollup) -> None:
    row = write(FIRST, [(("a", "x"), (1, 1))], is_frozen=False)
    assert read_total("trial", **SPAN).cells == {("a", "x"): (1, 1)}
    row.delete()
    write(FIRST, [(("a", "x"), (5, 1))], is_frozen=False)
    assert read_total("trial", **SPAN).cells == {("a", "x"): (5, 1)}


@pytest.mark.django_db
def test_read_total__another_version_or_nothing__is_nothing(rollup: Rollup) -> None:
    write(FIRST, [(("a", "x"), (1, 1))], version=2)
    total = read_total("trial", **SPAN)
    assert (total.cells, total.by_day, total.filled_at) == ({}, {}, None)
