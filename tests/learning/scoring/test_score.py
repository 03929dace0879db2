"""Does a document score as it says, as scikit-learn does, and within its bounds?"""

import math
import random
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from oscar_engage.learning.scoring.contributions import contributions, starting_point
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.parts import Difference, Ensemble, Isotonic, Linear, Logistic, Platt, Tree, Trees, Weights
from oscar_engage.learning.scoring.score import BOUND, calibrate, prepare, score, to_chance
from tests.learning.scoring.examples import FEATURES, SIZE, documents, make_document, make_sum, make_trees, vectors

change = msgspec.structs.replace
chances = st.floats(0, 1)


def by_hand(model: Weights, vector: tuple[float | None, ...]) -> float:
    total = model.intercept
    for place, value in enumerate(vector):
        number = model.fills[place] if value is None else value
        number = math.log1p(max(number, 0.0)) if model.logs[place] else number
        total += model.coefficients[place] * (number - model.means[place]) / model.scales[place]
        total += model.missing[place] if value is None else 0.0
    return total


@given(seed=st.integers(0, 1000), vector=vectors)
def test_score__a_sum__is_what_its_definition_says(seed: int, vector: tuple[float | None, ...]) -> None:
    linear = make_sum(random.Random(seed), Linear)
    document = change(make_document(task="uplift"), model=linear)
    assert score(document, vector).value == pytest.approx(by_hand(linear, vector), rel=1e-9, abs=1e-9)
    logistic = Logistic(**{name: getattr(linear, name) for name in linear.__struct_fields__})
    as_chance = score(change(document, model=logistic), vector).value
    assert as_chance == pytest.approx(to_chance(by_hand(linear, vector)), abs=1e-9)


@given(document=documents, vector=vectors)
def test_score__any__is_bounded_and_its_value_lies_between_its_ends(
    document: Document, vector: tuple[float | None, ...]
) -> None:
    found = prepare(document)(vector)
    assert all(map(math.isfinite, found))
    assert found.low <= found.value <= found.high
    if not document.replicas:
        assert found.low == found.high
    if document.task != "uplift" and not isinstance(document.model, Trees):
        assert 0 <= found.value <= 1


@given(document=documents, vector=vectors)
def test_contributions__of_any__add_up_to_what_the_model_says(document: Document, vector: tuple[float | None, ...]) -> None:
    model = as_sums(document.model)
    shares = contributions(change(document, model=model), vector)
    said = score(change(document, model=model, calibration=None, replicas=()), vector).value
    assert starting_point(model) + sum(value for _name, value in shares) == pytest.approx(said, rel=1e-6, abs=1e-6)
    assert [abs(value) for _name, value in shares] == sorted((abs(value) for _name, value in shares), reverse=True)
    assert {name for name, _value in shares} <= set(FEATURES)


def as_sums(model: Any) -> Any:
    """The model in its own scale: where contributions add up."""
    match model:
        case Logistic():
            return Linear(**{name: getattr(model, name) for name in model.__struct_fields__})
        case Trees():
            return change(model, link="identity")
        case Difference():
            return Difference(treated=as_sums(model.treated), control=as_sums(model.control))
        case Ensemble():
            return change(model, members=tuple(map(as_sums, model.members)))
    return model


def test_score__ensemble__is_the_weighted_mean_and_replicas_tell_the_doubt() -> None:
    chance, vector = random.Random(3), (1.0, None, 3.0, 0.0)
    one, other = make_sum(chance, Linear), make_sum(chance, Linear)
    document = change(make_document(task="uplift"), model=Ensemble(members=(one, other), weights=(0.25, 0.75)))
    expected = 0.25 * by_hand(one, vector) + 0.75 * by_hand(other, vector)
    assert score(document, vector).value == pytest.approx(expected)
    same = change(other, fills=one.fills, logs=one.logs)
    folded = change(document, model=Ensemble(members=(one, same), weights=(0.25, 0.75)))
    assert score(folded, vector).value == pytest.approx(0.25 * by_hand(one, vector) + 0.75 * by_hand(same, vector))
    doubtful = score(change(document, replicas=(one, other)), vector)
    spread = np.std([by_hand(one, vector), by_hand(other, vector)], ddof=1)
    assert doubtful.value - doubtful.low == pytest.approx(BOUND * spread)
    assert doubtful.high - doubtful.value == pytest.approx(BOUND * spread)
    assert score(change(document, replicas=(one,)), vector).low == pytest.approx(expected)


def test_score__vector_of_another_length__is_refused() -> None:
    with pytest.raises(ValueError, match="4 numbers"):
        score(make_document(), (1.0,) * (SIZE + 1))


@given(one=chances, other=chances)
def test_calibrate__any_curve__keeps_the_order_and_gives_chances(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for curve in (
        Platt(a=0.7, b=0.2),
        Platt(a=0.0, b=-3.0),
        Isotonic(x=(0.2, 0.4, 0.8), y=(0.0, 0.5, 0.9)),
        Isotonic(x=(0.5,), y=(0.3,)),
    ):
        assert 0 <= calibrate(curve, low) <= calibrate(curve, high) <= 1


def test_calibrate__the_curve_that_changes_nothing__changes_nothing() -> None:
    for number in (0.001, 0.3, 0.999):
        assert calibrate(Platt(a=1.0, b=0.0), number) == pytest.approx(number)
        assert calibrate(Isotonic(x=(0.0, 1.0), y=(0.0, 1.0)), number) == pytest.approx(number)


@given(log_odds=st.floats(allow_nan=False, allow_infinity=False))
def test_to_chance__any_log_odds__is_a_chance(log_odds: float) -> None:
    assert 0 <= to_chance(log_odds) <= 1
    assert to_chance(-log_odds) == pytest.approx(1 - to_chance(log_odds))


def grown(model: Any, base: float, link: str) -> Trees:
    """What scikit-learn grew, as a document has it."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        trees.append(
            Tree(
                feature=tuple(-1 if node["is_leaf"] else int(node["feature_idx"]) for node in nodes),
                threshold=tuple(min(float(node["num_threshold"]), 1e12) for node in nodes),
                left=tuple(int(node["left"]) for node in nodes),
                right=tuple(int(node["right"]) for node in nodes),
                missing_left=tuple(bool(node["missing_go_to_left"]) for node in nodes),
                value=tuple(float(node["value"]) for node in nodes),
            )
        )
    return Trees(base=base, link=link, trees=tuple(trees))  # type: ignore[arg-type]  # one of the two


def test_score__trees_with_missing_values__are_scikit_learns_to_nine_places() -> None:
    chance = np.random.default_rng(7)
    values = chance.gamma(2.0, 2.0, (1500, SIZE))
    values[chance.random(values.shape) < 0.2] = np.nan
    outcome = chance.random(1500) < 1 / (1 + np.exp(2 - np.nan_to_num(values[:, 0])))
    rows = [tuple(None if math.isnan(number) else float(number) for number in row) for row in values]
    boosted = HistGradientBoostingClassifier(max_iter=40, random_state=1).fit(values, outcome)
    document = change(
        make_document(task="exit"), model=grown(boosted, float(boosted._baseline_prediction[0, 0]), "logit"), calibration=None
    )
    say = prepare(document)
    assert [say(row).value for row in rows] == pytest.approx(boosted.predict_proba(values)[:, 1].tolist(), abs=1e-9)
    regressor = HistGradientBoostingRegressor(max_iter=20, random_state=1).fit(values, np.nan_to_num(values[:, 1]))
    say = prepare(
        change(document, task="uplift", model=grown(regressor, float(regressor._baseline_prediction[0, 0]), "identity"))
    )
    assert [say(row).value for row in rows] == pytest.approx(regressor.predict(values).tolist(), abs=1e-9)


def test_starting_point__of_every_kind__is_what_is_said_before_looking() -> None:
    chance = random.Random(2)
    one, trees = make_sum(chance, Linear), make_trees(chance)
    assert starting_point(trees) == pytest.approx(trees.base + sum(tree.value[0] for tree in trees.trees))
    assert starting_point(Difference(treated=one, control=one)) == 0  # type: ignore[arg-type]  # sums
