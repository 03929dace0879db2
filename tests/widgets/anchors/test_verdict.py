"""When is a picked place broken?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.anchors.verdict import judge


@pytest.mark.parametrize(
    ("found", "missed", "expected"),
    [
        (0, 0, "unknown"),
        (0, 4, "unknown"),
        (4, 0, "unknown"),
        (0, 5, "broken"),
        (2, 3, "broken"),
        (5, 5, "shaky"),
        (89, 11, "shaky"),
        (90, 10, "found"),
        (5, 0, "found"),
    ],
)
def test_judge__reports__give_the_verdict(found: int, missed: int, expected: str) -> None:
    assert judge(found, missed) == expected


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_judge__any_reports__give_a_state_the_model_knows_and_more_found_is_never_worse(found: int, missed: int) -> None:
    order = ["broken", "shaky", "found"]
    now, better = judge(found, missed), judge(found + 1, missed)
    assert now in PickedAnchor.State.values
    if now in order:
        assert order.index(better) >= order.index(now)
