"""When has a challenger stood its day?"""

import random

import pytest

from oscar_engage.learning.nightly.trial import FEWEST, Judged, judge_scores, judge_trial


def day(number: int, seed: int, *, challenger_noise: float = 0.0, challenger_shift: float = 0.0) -> list[Judged]:
    """Visits whose true chance the champion knows."""
    chance = random.Random(seed)
    rows = []
    for _each in range(number):
        true = chance.uniform(0.05, 0.4)
        said = min(max(true + chance.uniform(-1, 1) * challenger_noise + challenger_shift, 0.0), 1.0)
        rows.append(Judged(float(chance.random() < true), 1.0, true, said))
    return rows


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "too_few"),
        (day(FEWEST - 1, 1), "too_few"),
        (day(2000, 1), "shadow_passed"),
        (day(2000, 1, challenger_noise=0.3), "not_better"),
        (day(2000, 1, challenger_shift=0.3), "shadow_differs"),
        ([Judged(1.0, 1.0, 0.5, 0.0)] * 200, "shadow_differs"),
    ],
    ids=["nothing", "few", "as_good", "worse", "elsewhere", "certain_and_wrong"],
)
def test_trial__code(rows: list[Judged], code: str) -> None:
    said, numbers = judge_trial(rows)
    assert said == code
    assert "visits" in numbers


def test_trial__many_vectors_of_few_visits_are_few() -> None:
    rows = [Judged(0.0, 0.1, 0.1, 0.1)] * (FEWEST * 9)
    assert judge_trial(rows)[0] == "too_few"


def test_trial__a_better_one_passes_nearly_always() -> None:
    passed = 0
    for seed in range(50):
        rows = [Judged(one.outcome, one.weight, 0.225, one.champion) for one in day(400, seed)]
        passed += judge_trial(rows)[0] == "shadow_passed"
    assert passed >= 48


@pytest.mark.parametrize(
    ("said", "code"),
    [([0.1] * 10, "too_few"), ([0.05, 0.15] * 100, "shadow_passed"), ([0.9] * 200, "shadow_differs")],
    ids=["few", "same", "other"],
)
def test_scores__code(said: list[float], code: str) -> None:
    assert judge_scores((0.1,), (0.5, 0.5, 0.0), said)[0] == code
