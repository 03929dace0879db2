"""Does a day's document say what was counted, always in the same words?"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.rollups.declare import Key, Rollup, Values
from oscar_engage.analytics.rollups.document import MiscountedError, digest_of, read_cells, write_cells
from oscar_engage.analytics.rollups.read import fold

ROLLUP = Rollup(
    name="trial",
    keys=("rule", "arm"),
    values=("visitors", "longest"),
    count=lambda day, *, now: (),
    open_days=lambda: 1,
    begins=lambda: None,
    folds={"longest": "max"},
)
CELLS = st.lists(
    st.tuples(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), st.tuples(st.integers(0, 10**20), st.integers(0, 99)))
)


@given(CELLS, st.randoms())
def test_write_cells__any_order__is_one_document(cells: list[tuple[Key, Values]], chance: Any) -> None:
    shuffled = list(cells)
    chance.shuffle(shuffled)
    assert write_cells(ROLLUP, shuffled) == write_cells(ROLLUP, cells)


@given(CELLS)
def test_read_cells__what_was_written__is_each_key_folded(cells: list[tuple[Key, Values]]) -> None:
    read = read_cells(ROLLUP, write_cells(ROLLUP, cells))
    for key, (visitors, longest) in read.items():
        own = [values for other, values in cells if other == key]
        assert (visitors, longest) == (sum(value[0] for value in own), max(value[1] for value in own))
    assert set(read) == {key for key, _values in cells}


@given(CELLS, CELLS)
def test_fold__two_days__is_what_one_day_of_both_would_be(
    one: list[tuple[Key, Values]], other: list[tuple[Key, Values]]
) -> None:
    parts = [read_cells(ROLLUP, write_cells(ROLLUP, cells)) for cells in (one, other)]
    assert fold(ROLLUP, parts) == read_cells(ROLLUP, write_cells(ROLLUP, [*one, *other]))


@pytest.mark.parametrize(
    "cell",
    [(("a",), (1, 1)), (("a", "x"), (1,)), (("a", "x"), (float("nan"), 1)), (("a", "x"), (float("inf"), 1))],
    ids=["a key too few", "a value too few", "not a number", "infinite"],
)
def test_write_cells__not_as_declared__raises(cell: tuple[Key, Values]) -> None:
    with pytest.raises(MiscountedError, match="trial"):
        write_cells(ROLLUP, [cell])


def test_digest_of__anything_changed__is_another() -> None:
    day = date(2026, 3, 2)
    digests = {
        digest_of("trial", day, 1, [["a", "x", 1, 2]]),
        digest_of("trial", day, 1, [["a", "x", 2, 2]]),
        digest_of("trial", day, 2, [["a", "x", 1, 2]]),
        digest_of("other", day, 1, [["a", "x", 1, 2]]),
        digest_of("trial", date(2026, 3, 3), 1, [["a", "x", 1, 2]]),
    }
    assert len(digests) == 5
    assert all(len(digest) == 64 for digest in digests)


def test_write_cells__nul_in_a_key__is_left_out_for_no_database_keeps_it() -> None:
    assert write_cells(ROLLUP, [(("a\0", "x"), (1, 2)), (("a", "x"), (1, 3))]) == [["a", "x", 2, 3]]
