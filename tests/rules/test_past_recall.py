"""Is what the log of today tells of a moment that is past what a beat was told, and is the rest not said?"""

import uuid
from datetime import timedelta

import pytest

from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.past import read
from oscar_engage.rules.past.log import Fact, Sought, count
from oscar_engage.rules.past.recall import Log, Logged
from oscar_engage.rules.past.wanted import Wanted
from tests.rules.moments import NOW

LAPTOP, PHONE = uuid.UUID(int=1), uuid.UUID(int=2)
VIEWED, SEARCHED = "product.viewed", "search.made"
DAY, KEPT = timedelta(days=1), timedelta(days=90)
OF_VIEWED, OF_SEARCHED = f"history.count?kind={VIEWED}&days=7", f"history.count?kind={SEARCHED}&days=7"


def logged(days_ago: float, kind: str = VIEWED, device: uuid.UUID = LAPTOP, late: timedelta = timedelta()) -> Logged:
    at = NOW - days_ago * DAY
    return Logged(Fact(at, kind, {}), device, at + late)


def log(*rows: Logged, gone_days: float | None = None, known: tuple[uuid.UUID, ...] = (LAPTOP, PHONE)) -> Log:
    return Log(
        wanted=Wanted(frozenset({VIEWED, SEARCHED}), 7 * DAY),
        kept=KEPT,
        whole_since=None if gone_days is None else NOW - gone_days * DAY,
        rows=sorted(rows, key=lambda row: row.fact.at),
        known_from=dict.fromkeys(known, NOW - 30 * DAY),
    )


def counted(one: Log, kind: str = VIEWED, days: int = 7, device: uuid.UUID = LAPTOP) -> object:
    return count(one.then(device, at=NOW).past, Sought(kind=kind), window=days * DAY, now=NOW)


def test_then__what_came_later_or_is_older_than_asked__does_not_count() -> None:
    one = log(logged(0.5), logged(0.4, late=DAY), logged(7))
    assert counted(one) == 1


def test_then__both_devices_known__count_as_one_person() -> None:
    one = log(logged(1), logged(2, device=PHONE))
    assert (counted(one), counted(one, device=PHONE)) == (2, 2)
    assert one.then(LAPTOP, at=NOW).is_said(OF_VIEWED, 2)


@pytest.mark.parametrize("known", [(), (LAPTOP,), (PHONE,)])
def test_then__device_not_surely_known__leaves_open_what_it_did(known: tuple[uuid.UUID, ...]) -> None:
    then = log(logged(1), logged(2, device=PHONE), known=known).then(LAPTOP, at=NOW)
    assert not then.is_said(OF_VIEWED, 1)
    assert then.is_said(OF_SEARCHED, 0)


def test_then__part_of_the_window_is_gone__only_unknown_is_not_said() -> None:
    one = log(logged(1), gone_days=3)
    assert (counted(one), counted(one, days=2)) == (UNKNOWN, 1)
    then = one.then(LAPTOP, at=NOW)
    assert not then.is_said(OF_VIEWED, UNKNOWN)
    assert then.is_said(OF_VIEWED, 1)


def test_then__more_than_are_read__is_unknown_then_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_FACTS", 2)
    one = log(*map(logged, (1, 2, 3, 4)), gone_days=6)
    assert (counted(one), counted(one, days=2)) == (UNKNOWN, 1)
    assert one.then(LAPTOP, at=NOW).is_said(OF_VIEWED, UNKNOWN)
    assert not one.then(LAPTOP, at=NOW, is_alone=False).is_said(OF_VIEWED, UNKNOWN)


@pytest.mark.parametrize("own", [2, 3])
def test_then__more_than_are_read_with_what_may_be_anothers__leaves_all_open(own: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_FACTS", 2)
    rows = [logged(days) for days in range(2, 2 + own)]
    then = log(*rows, logged(1, SEARCHED, PHONE), known=()).then(LAPTOP, at=NOW)
    assert not then.is_said(OF_VIEWED, 1)


def test_is_said__of_a_category__never() -> None:
    then = log().then(LAPTOP, at=NOW)
    assert not then.is_said(f"history.count?kind={VIEWED}&category=3&days=7", 0)
    assert then.is_said(f"history.count?kind={VIEWED}&product=3&days=7", 0)
