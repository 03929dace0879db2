"""The law of the hold-out: positions are stable, uniform and independent between salts."""

import math

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.hashing import bucket

KEYS = [f"visitor-{number}" for number in range(20_000)]
CHI_SQUARE_99_9_19_DF = 43.82  # the tail that uniform keys pass 999 times in 1 000


@given(salt=st.text(), key=st.text())
def test_bucket__any_key__lies_in_the_half_open_unit_interval(salt, key):
    assert 0 <= bucket(salt=salt, key=key) < 1


@given(salt=st.text(), key=st.text())
def test_bucket__same_key_again__same_position(salt, key):
    assert bucket(salt=salt, key=key) == bucket(salt=salt, key=key)


def test_bucket__known_key__keeps_its_published_position():
    # A different value would silently draw every shop's hold-outs anew.
    assert bucket(salt="oscar-engage", key="visitor") == 0.25403130148882025


def test_bucket__many_keys__fill_twenty_bins_evenly():
    bins = [0] * 20
    for key in KEYS:
        bins[int(bucket(salt="uniform", key=key) * 20)] += 1
    expected = len(KEYS) / 20
    assert sum((seen - expected) ** 2 / expected for seen in bins) < CHI_SQUARE_99_9_19_DF


def test_bucket__two_salts__split_the_same_keys_independently():
    first = [bucket(salt="one", key=key) < 0.5 for key in KEYS]
    second = [bucket(salt="two", key=key) < 0.5 for key in KEYS]
    both = sum(a and b for a, b in zip(first, second, strict=True)) / len(KEYS)
    assert math.isclose(both, 0.25, abs_tol=0.015)
