"""Does a model of uplift tell ways of helping apart, and hold its tongue about those that it knows too little of?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from oscar_engage.learning.scoring.document import read_document, write_document
from oscar_engage.learning.scoring.score import score
from oscar_engage.learning.scoring.ways import CHAT, NOTE, OTHER, WAY_NAMES, columns_of, with_way
from oscar_engage.learning.training.data import Data
from oscar_engage.learning.training.export import find_gap, vector_of
from oscar_engage.learning.training.ladder import find_way_needs
from oscar_engage.learning.training.learn import learn
from oscar_engage.learning.training.learn_uplift import count_ways, find_ways, fit_rung
from oscar_engage.learning.training.outcome import Outcome
from oscar_engage.learning.training.promote import LEAST_EVENTS
from tests.learning.training.shops import NOW_DAYS, SINCE, make_shop

NOW = datetime.fromtimestamp(SINCE, UTC) + timedelta(days=NOW_DAYS + 1)
FEW = 40
"""Rows of a way that is hardly ever used."""


def shop_of(ways: dict[str, float], *, seed: int = 1, rows: int = 5000) -> Data:
    """A shop in which each of ``ways``, used as often, adds so much to the chance of an order; the last one is used rarely."""
    plain = make_shop(rows, seed=seed, is_trial=True, effect=0.0)
    chance = np.random.default_rng(seed)
    names = list(ways)
    which = chance.integers(len(names) - 1, size=rows)
    which[chance.choice(rows, size=FEW, replace=False)] = len(names) - 1
    adds = np.array([ways[name] for name in names])[which]
    assert plain.treated is not None
    luck = chance.random(rows) < np.abs(adds)
    outcome = np.where((plain.treated == 1) & luck, (adds > 0).astype(float), plain.outcome)
    columns = np.array([[np.nan if value is None else value for value in columns_of(names[one])] for one in which])
    return replace(
        plain, names=(*plain.names, *WAY_NAMES), values=np.hstack([plain.values, columns]), outcome=outcome.astype(float)
    )


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return learn("uplift", shop_of({NOTE: -0.5, CHAT: 0.4, OTHER: 0.0}), seed=1, now=NOW)


def test_learn__ways_differ__the_same_shopper_is_told_apart_by_way(outcome: Outcome) -> None:
    document = outcome.document
    assert document is not None
    assert document.ways == (CHAT, NOTE), "of the third there are too few"
    shopper = (5.0, 0.0, 0.0, None)
    chat, note = (score(document, with_way(shopper, way)) for way in (CHAT, NOTE))
    assert chat.low > 0 > note.high
    assert outcome.numbers["qini"] > 1.645 * outcome.numbers["luck"]
    assert {"qini_by_chat", "qini_by_note"} <= outcome.numbers.keys()


def test_learn__ways_are_kept_in_the_document_and_read_again(outcome: Outcome) -> None:
    assert outcome.document is not None
    assert read_document(write_document(outcome.document)) == outcome.document


@pytest.mark.parametrize("rung", ["s_learner", "ensemble"])
def test_export__with_ways_and_missing_ones__says_the_same_to_nine_places(rung: str, outcome: Outcome) -> None:
    data = shop_of({NOTE: -0.3, CHAT: 0.3, OTHER: 0.0}, seed=2, rows=2000)
    values = data.values.copy()
    values[:300, -len(WAY_NAMES) :] = np.nan
    fitted = fit_rung(rung, replace(data, values=values), seed=3)
    assert outcome.document is not None
    document = msgspec.structs.replace(outcome.document, model=fitted.model, replicas=())
    assert find_gap(document, fitted.predict, values) < 1e-9


def test_find_ways__only_where_both_arms_ordered_often_enough() -> None:
    data = shop_of({NOTE: 0.0, CHAT: 0.0, OTHER: 0.0})
    assert find_ways(data) == (CHAT, NOTE)
    assert data.treated is not None
    is_chat = data.values[:, data.names.index("by_chat")] == 1
    lonely = replace(data, outcome=np.where(is_chat & (data.treated == 0), 0.0, data.outcome))
    assert find_ways(lonely) == (NOTE,)
    assert find_ways(make_shop(500, is_trial=True)) == ()


def test_learn__counts_by_way__say_what_is_missing_of_which(outcome: Outcome) -> None:
    needs = find_way_needs(outcome.numbers)
    assert outcome.document is not None
    assert {way for way, missing in needs.items() if not missing} == set(outcome.document.ways)
    assert needs[OTHER]
    for arm, missing in needs[OTHER].items():
        assert missing == LEAST_EVENTS - outcome.numbers[f"{arm}_by_{OTHER}"] > 0
    assert outcome.document.metrics[f"treated_by_{CHAT}"] == outcome.numbers[f"treated_by_{CHAT}"], "the model tells it, too"


def test_learn__too_few_for_any_model__says_what_each_way_has_so_far() -> None:
    waiting = learn("uplift", shop_of({NOTE: 0.0, CHAT: 0.0, OTHER: 0.0}, rows=300), seed=1, now=NOW)
    assert waiting.verdict == "waiting"
    assert set(find_way_needs(waiting.numbers)) == {NOTE, CHAT, OTHER}


def test_count_ways__of_who_was_logged_before_there_were_ways__counts_nothing() -> None:
    assert count_ways(make_shop(500, is_trial=True)) == {}


def test_learn__of_no_way_enough_is_known__nobody_speaks() -> None:
    data = shop_of({NOTE: -0.5, CHAT: 0.4, OTHER: 0.0})
    values = data.values.copy()
    values[:, -len(WAY_NAMES) :] = np.nan
    said = learn("uplift", replace(data, values=values), seed=1, now=NOW)
    assert said.document is None


def test_learn__one_way_only__is_the_model_without_ways() -> None:
    """A column that never changes says nothing: a shop that only chats learns what it learnt before."""
    plain = make_shop(4000, is_trial=True)
    columns = np.tile([1.0, 0.0, 0.0, 0.0], (len(plain), 1))
    with_ways = replace(plain, names=(*plain.names, *WAY_NAMES), values=np.hstack([plain.values, columns]))
    before, after = (learn("uplift", data, seed=1, now=NOW) for data in (plain, with_ways))
    assert before.document is not None
    assert after.document is not None
    assert after.numbers["qini"] == pytest.approx(before.numbers["qini"], abs=1e-6)
    for row in plain.values[:50]:
        told = score(before.document, vector_of(row)), score(after.document, with_way(vector_of(row), CHAT))
        assert told[0] == pytest.approx(told[1], abs=1e-6)
