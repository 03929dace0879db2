"""Is what models foretold read of a past moment only where it was written down, with nothing heard since?"""

from datetime import UTC, datetime, timedelta

import pytest

from oscar_engage.decisions.past.told import find_told
from oscar_engage.rules.foretold import Foretold

BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


TOLD = {at(seconds): Foretold(propensity=seconds / 100) for seconds in (0.3, 20.3, 32.0)}
BEATS = [at(0.3), at(10.3), at(20.3), at(40.3)]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.3, 0.003),  # with the beat
        (2.3, 0.003),  # the clock woke the browser after it
        (10.3, None),  # a beat with which nothing was written down
        (12.3, None),  # and after that
        (25.0, 0.203),
        (31.0, 0.32),  # nearer to what was written down when the browser really woke
        (39.0, 0.32),
        (40.3, None),
        (99.0, None),
        (0.1, None),  # before the browser had spoken
    ],
)
def test_find_told__moment__what_was_said_with_nothing_heard_since(seconds: float, said: float | None) -> None:
    found = find_told(TOLD, at(seconds), beats=BEATS)
    assert (found.propensity if found else None) == said


def test_find_told__nothing_written_down__is_not_said() -> None:
    assert find_told({}, at(0.3), beats=BEATS) is None
    assert find_told(TOLD, at(0.4), beats=[]) is None
