"""Does the alarm sound when arms are lost, and only then?"""

from itertools import product
from math import prod

import pytest
from scipy.stats import chisquare

from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.sample_ratio import TILTS, SampleRatio, check_any_time, check_once
from oscar_engage.analytics.stats.strata import Stratum


def drawn(share: float, treated: int, control: int) -> Stratum:
    return Stratum(share, Moments(treated), Moments(control))


@pytest.mark.parametrize(("treated", "control", "share"), [(820, 180, 0.8), (500, 500, 0.5), (60, 40, 0.5)])
def test_check_once__one_share__is_the_chi_square_test_of_scipy(treated: int, control: int, share: float) -> None:
    units = treated + control
    found = check_once(treated, expected=share * units, variance=share * (1 - share) * units)
    assert found.p == pytest.approx(chisquare([treated, control], [share * units, (1 - share) * units]).pvalue)


def test_check_once__nobody__is_no_alarm() -> None:
    assert check_once(0, expected=0, variance=0) == SampleRatio(0, 0, 1.0)


def test_check_any_time__all_lots_there_can_be__are_wrong_no_more_often_than_they_say() -> None:
    """By enumeration: ten units of two shares; the mean of the evidence over all lots is 1, so Ville's inequality holds."""
    shares = [0.5] * 6 + [0.8] * 4
    total = 0.0
    for lot in product((0, 1), repeat=len(shares)):
        chance = prod(share if one else 1 - share for one, share in zip(lot, shares, strict=True))
        ratios = (
            prod(
                (2.718281828459045**tilt if one else 1) / (1 - share + share * 2.718281828459045**tilt)
                for one, share in zip(lot, shares, strict=True)
            )
            for tilt in TILTS
        )
        evidence = sum(ratios) / len(TILTS)
        total += chance * evidence
        first, second = sum(lot[:6]), sum(lot[6:])
        assert check_any_time([drawn(0.5, first, 6 - first), drawn(0.8, second, 4 - second)]).p == pytest.approx(
            min(1, 1 / evidence)
        )
    assert total == pytest.approx(1)


@pytest.mark.parametrize(("treated", "is_alarm"), [(600, True), (520, False), (400, True)])
def test_check_any_time__sixty_to_forty_where_half_should_be__is_an_alarm(treated: int, is_alarm: bool) -> None:
    assert check_any_time([drawn(0.5, treated, 1_000 - treated)]).is_alarm is is_alarm


def test_check_any_time__a_share_that_changed__is_expected_by_what_was_drawn() -> None:
    found = check_any_time([drawn(0.5, 500, 500), drawn(0.9, 900, 100)])
    assert found == SampleRatio(1_400, 1_400, 1.0)


def test_check_any_time__nobody__is_no_alarm() -> None:
    assert check_any_time([]) == SampleRatio(0, 0, 1.0)
