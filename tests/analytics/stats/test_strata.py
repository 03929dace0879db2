"""Are units put side by side only if they were drawn alike?"""

import pytest

from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.strata import FEWEST_IN_STRATUM, Stratum, gather, merge_by_share

DAY = Stratum(0.8, Moments.of_share(4, 80), Moments.of_share(1, 20))


def test_merge__days_of_one_share__are_added() -> None:
    assert merge_by_share([DAY, DAY]) == (Stratum(0.8, Moments.of_share(8, 160), Moments.of_share(2, 40)),)


def test_merge__shares_that_differ__stay_apart_smallest_first() -> None:
    half = Stratum(0.5, DAY.control, DAY.control)
    assert merge_by_share([DAY, half, DAY])[0] == half
    assert [one.share for one in merge_by_share([DAY, half, DAY])] == [0.5, 0.8]


def test_merge__shares_that_differ_by_rounding__are_one() -> None:
    assert (
        len(merge_by_share([DAY, Stratum(1 - 0.2, DAY.treated, DAY.control), Stratum(0.1 + 0.7, DAY.treated, DAY.control)]))
        == 1
    )


def test_merge__a_share_that_rounds_to_nothing__is_kept() -> None:
    assert merge_by_share([Stratum(1e-9, DAY.treated, DAY.control)])[0].share == 1e-9


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.2, float("nan")])
def test_stratum__nobody_can_be_drawn_so__raises(share: float) -> None:
    with pytest.raises(ValueError, match="Nobody is drawn"):
        Stratum(share, Moments(), Moments())


def test_gather__a_stratum_without_enough_of_an_arm__is_left_out_and_counted() -> None:
    tiny = Stratum(0.9, Moments.of_share(1, 80), Moments.of_share(0, FEWEST_IN_STRATUM - 1))
    group = gather([DAY, tiny])
    assert group.strata == (DAY,)
    assert group.left_out == 80 + FEWEST_IN_STRATUM - 1
    assert (group.units, group.treated, group.control) == (100, DAY.treated, DAY.control)
