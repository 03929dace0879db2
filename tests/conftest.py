"""Every test starts switched on, with the switch looked up just now: a look at it is a query, and comes when it is time."""

import math

import pytest

from oscar_engage.switch import state


@pytest.fixture(autouse=True)
def _switched_on() -> None:
    state._kept[:] = [(True, math.inf)]
