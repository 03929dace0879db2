"""Is it decided of every shipped variable whether a recorded visit still tells it?"""

from collections.abc import Iterator

import pytest

from oscar_engage.rules import recall
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.recall import (
    FORETOLD,
    FROM_EARLIER_VISITS,
    NOT_IN_THE_LOG,
    is_recalled,
    reading_past,
    recall_from_log,
)
from oscar_engage.rules.variables import VARIABLES


@pytest.fixture
def _own() -> Iterator[None]:
    before = dict(recall._FROM_THE_LOG)
    yield
    recall._FROM_THE_LOG.clear()
    recall._FROM_THE_LOG.update(before)


def test_is_recalled__every_shipped_variable__is_decided() -> None:
    names = set(VARIABLES.names())
    others = NOT_IN_THE_LOG | FROM_EARLIER_VISITS | FORETOLD
    assert {name for name in names if not is_recalled(name)} - others == set()
    assert (others | set(recall._FROM_THE_LOG)) - names == set()
    assert not others & set(recall._FROM_THE_LOG)
    assert len(others) == len(NOT_IN_THE_LOG) + len(FROM_EARLIER_VISITS) + len(FORETOLD)


@pytest.mark.usefixtures("_own")
def test_is_recalled__shops_own_variable__only_when_the_shop_says_so() -> None:
    assert not is_recalled("shop.tier")
    recall_from_log("shop.tier")
    assert is_recalled("shop.tier")
    assert is_recalled("shop.tier?days=7")


def test_reading_past__what_would_tell_of_today__is_unknown() -> None:
    read = reading_past({"visit.pages": 3, "desk.free_agents": 2}.__getitem__)
    assert (read("visit.pages"), read("desk.free_agents")) == (3, UNKNOWN)
