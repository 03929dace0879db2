"""Does what is learnt end where too few have been, and say so in the document?"""

from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.learning.scoring.document import read_document, write_document
from oscar_engage.learning.scoring.reach import cut
from oscar_engage.learning.scoring.score import prepare
from oscar_engage.learning.training.data import Data
from oscar_engage.learning.training.export import find_gap, vector_of
from oscar_engage.learning.training.learn import learn
from oscar_engage.learning.training.outcome import Outcome
from oscar_engage.learning.training.reach import FEWEST, LEAST_SHARE, cut_rows, find_reach
from tests.learning.training.shops import NOW_DAYS, SINCE, make_shop

NOW = datetime.fromtimestamp(SINCE, UTC) + timedelta(days=NOW_DAYS + 1)
numbers = st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")))


@given(rows=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=60), fewest=st.integers(1, 25))
def test_find_reach__any__at_or_beyond_each_edge_lie_as_many_as_asked_for(rows: list[tuple[float, float]], fewest: int) -> None:
    values = np.array(rows)
    for column, (low, high) in zip(values.T, find_reach(values, fewest=fewest), strict=True):
        known = column[~np.isnan(column)]
        asked = min(fewest, (len(known) + 1) // 2)
        assert low <= high
        assert min((known <= low).sum(), (known >= high).sum()) >= asked
        assert max((known < low).sum(), (known > high).sum()) < max(asked, 1)


@given(rows=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20), other=st.tuples(numbers, numbers))
def test_cut_rows__any__is_what_a_web_process_cuts(rows: list[tuple[float, float]], other: tuple[float, float]) -> None:
    reach = find_reach(np.array(rows))
    row = np.array([other])
    assert vector_of(cut_rows(row, reach)[0]) == tuple(cut(reach, vector_of(row[0])))


def test_find_reach__a_column_that_holds_nothing__is_nought() -> None:
    assert find_reach(np.array([[1.0, np.nan], [3.0, np.nan]]), fewest=1) == ((1.0, 3.0), (0.0, 0.0))


def test_find_reach__many_rows__half_a_per_cent_lie_beyond() -> None:
    rows = np.arange(100_000.0)[:, None]
    assert find_reach(rows) == ((LEAST_SHARE * 100_000 - 1, 100_000 * (1 - LEAST_SHARE)),)


def shop_of(task: str) -> Data:
    return make_shop(4000, is_trial=True) if task == "uplift" else make_shop(4000, rate=-4.0)


@pytest.fixture(scope="module", params=["propensity", "uplift"])
def outcome(request: pytest.FixtureRequest) -> Outcome:
    return learn(request.param, shop_of(request.param), seed=1, now=NOW)


def test_learn__published__reaches_as_far_as_so_many_rows(outcome: Outcome) -> None:
    assert outcome.document is not None
    pages = np.sort(shop_of(outcome.document.task).values[:, 0])
    assert outcome.document.format == 2
    assert outcome.document.reach[0] == (pages[FEWEST - 1], pages[-FEWEST])
    assert read_document(write_document(outcome.document)) == outcome.document


def test_learn__farther_than_anybody_has_been__says_what_it_says_at_the_edge(outcome: Outcome) -> None:
    assert outcome.document is not None
    say, (_low, high) = prepare(outcome.document), outcome.document.reach[0]
    edge, far = say((high, 0.0, 0.0, None)), say((100 * high, 0.0, 0.0, None))
    assert edge == far
    without = prepare(msgspec.structs.replace(outcome.document, format=1, reach=()))
    wide = without((100 * high, 0.0, 0.0, None))
    assert wide.high - wide.low >= far.high - far.low


def test_find_gap__rows_beyond__both_are_cut_alike(outcome: Outcome) -> None:
    assert outcome.document is not None
    rows = make_shop(300, seed=5).values * 50
    say = prepare(outcome.document)
    near = cut_rows(rows, outcome.document.reach)
    assert find_gap(outcome.document, lambda values: np.array([say(vector_of(row)).value for row in values]), rows) == 0
    assert not np.array_equal(near, rows, equal_nan=True)
