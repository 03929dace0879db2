"""How a number moved in this visit, whatever the order in which its measurements came."""

import uuid
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.variables import reading
from oscar_engage.signals.shipped import BasketMeasured
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.page import UNKNOWN_PAGE
from oscar_engage.visitors.state import VisitState, begin, from_json, to_json, to_ms
from tests.rules.moments import NOW, make_basket, make_moment, make_state


def measured(*totals: tuple[int, float], **fields: Any) -> VisitState:
    """Return a visit whose basket came to these totals, (seconds ago, total) each."""
    state = begin(NOW - timedelta(hours=1))
    for ago, total in totals:
        payload = BasketMeasured(**{"basket_id": 7, "total": total, "currency": "GBP", "lines": 1, "quantity": 2, **fields})
        at = NOW - timedelta(seconds=ago)
        state = fold(state, Signal(kind="basket.measured", payload=payload, at=at, event_id=uuid.uuid4()), UNKNOWN_PAGE)
    return state


def ask(key: str, state: VisitState) -> Value:
    return reading(make_moment(state))(key)


@pytest.mark.parametrize(
    ("totals", "key", "value"),
    [
        ([(90, 100), (60, 200), (30, 150)], "basket.fell", 25.0),
        ([(90, 100), (60, 200), (30, 150)], "basket.fell?of=total", 25.0),
        ([(90, 100), (60, 200), (30, 150)], "basket.fell?of=quantity", 0.0),
        ([(90, 100), (60, 200), (30, 150)], "basket.rose?of=total", 50.0),
        ([(300, 400), (90, 100), (60, 200), (30, 150)], "basket.fell?of=total&minutes=1", 25.0),
        ([(300, 400), (90, 100), (50, 80), (30, 60)], "basket.fell?of=total&minutes=1", 40.0),
        ([(300, 400)], "basket.fell?of=total&minutes=1", 0.0),
        ([(30, 0)], "basket.fell", UNKNOWN),
        ([(60, 100), (30, 0)], "basket.fell", 100.0),
        ([(60, 0), (30, 100)], "basket.rose", UNKNOWN),
        ([], "basket.fell", UNKNOWN),
        ([], "basket.rose?of=lines&minutes=3", UNKNOWN),
    ],
)
def test_trend__of_a_basket__is_what_it_moved(totals: Any, key: str, value: Value) -> None:
    assert ask(key, measured(*totals)) == value


def test_trend__any_order_of_the_measurements__is_the_same() -> None:
    totals = [(90, 100.0), (60, 200.0), (30, 150.0), (10, 90.0)]
    assert len({str(to_json(measured(*order))["totals_seen"]) for order in permutations(totals)}) == 1


def test_trend__another_basket_or_an_order_since__does_not_count() -> None:
    state = measured((90, 400))
    other = make_state(totals_seen=state.totals_seen, basket=make_basket(basket_id=8))
    ordered = make_state(totals_seen=state.totals_seen, basket=make_basket(), ordered_at=to_ms(NOW))
    assert ask("basket.fell", other) is UNKNOWN
    assert ask("basket.fell", ordered) is UNKNOWN


def test_trend__more_changes_than_are_kept__keeps_the_latest() -> None:
    state = measured(*((100 - number, float(number)) for number in range(1, 31)))
    assert [seen.total for seen in state.totals_seen] == [float(number) for number in range(19, 31)]
    assert from_json(to_json(state)) == state
