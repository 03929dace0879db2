"""Do pictures of learning stand within their field, whatever was kept, and say what they show?"""

import math
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.dashboard.learning.figures import list_figures
from oscar_engage.dashboard.learning.phrases import PHRASES, name_feature
from oscar_engage.dashboard.learning.pictures import draw_pictures
from oscar_engage.dashboard.learning.plot import BOTTOM, LARGEST, RIGHT, SMALLEST, TOP, Curve, draw_plot
from oscar_engage.dashboard.learning.points import read_points
from oscar_engage.dashboard.reports.chart import make_scale
from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.registry.models import Task

SHARES = st.floats(0, 1)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["learning", "calibration", "qini"]), inner),
)


@given(points=st.lists(st.tuples(SHARES, st.floats(-1, 1), st.floats(0, 1e6)), min_size=1, max_size=30))
def test_plot__any_points__stand_within_the_field(points: list[tuple[float, float, float]]) -> None:
    curve = Curve("", [(one[0], one[1]) for one in points], [one[2] for one in points])
    across = make_scale([one[0] for one in points], say=str, low=0.0)
    up = make_scale([one[1] for one in points], say=lambda value: f"{value:.0f}")
    plot = draw_plot([curve], across=across, up=up)
    for x, y, radius in plot.curves[0].dots:
        assert plot.left <= x <= RIGHT
        assert TOP <= y <= BOTTOM
        assert SMALLEST <= radius <= LARGEST


@given(curves=ANYTHING, task=st.sampled_from(list(Task)))
def test_pictures__whatever_was_kept__never_fail(curves: Any, task: Task) -> None:
    for picture in draw_pictures(task, curves):
        assert picture.rows
        assert all(len(row) == len(picture.head) for row in picture.rows)


@given(kept=ANYTHING)
def test_points__whatever_was_kept__are_finite(kept: Any) -> None:
    for point in read_points({"qini": kept}, "qini", width=2):
        assert len(point) == 2
        assert all(math.isfinite(number) for number in point)


@pytest.mark.parametrize(
    ("name", "points", "said"),
    [
        ("calibration", [[0.012, 0.015, 40]], "Of 1,000 of whom it foretold 12 to buy, 15 bought."),
        (
            "calibration",
            [[0.3, 0.28, 40]],
            "Of 100 of whom it foretold 30 to buy, 28 bought. On average it is off by 2 of 100.",
        ),
        ("learning", [[10, 0.7], [20, 0.701]], "More visits teach it little now."),
        ("qini", [[0, 0], [0.5, -0.001], [1, -0.002]], "In no order did inviting win anything."),
        ("qini", [[0, 0], [0.5, 0.001], [1, 0.002]], "nobody has to be left out"),
        ("qini", [[0, 0], [0.5, 0.003], [1, -0.002]], "wins 3 orders among 1,000 shoppers; inviting everybody, -2."),
    ],
)
def test_pictures__each__says_what_to_read_off(name: str, points: list[list[float]], said: str) -> None:
    with translation.override("en"):
        (picture,) = draw_pictures(Task.PROPENSITY, {name: points})
    assert said in picture.sentence


def test_figures__flat_and_nested_and_nonsense() -> None:
    flat = list_figures({"auc": 0.7, "champion_auc": 0.6, "drift": {"verdict": "steady"}, "odd": True})
    assert [(one.code, one.challenger, one.champion) for one in flat] == [("AUC", "70%", "60%")]
    nested = list_figures({"champion": {"auc": 0.5, "ece": None}})
    assert [(one.code, one.challenger, one.champion) for one in nested] == [("AUC", "", "50%")]
    assert list_figures([1]) == list_figures(None) == ()


def test_phrases__every_feature__has_one() -> None:
    assert set(PHRASES) == set(NAMES)
    assert name_feature("moons_seen") == "moons seen"
