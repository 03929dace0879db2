"""Is what one visit met read right, also from a hostile browser, and is a day bounded?"""

from typing import Any

import pytest

from oscar_engage.analytics.struggles.count import read_basket
from oscar_engage.analytics.struggles.rank import count_visits, list_currencies, rank_hurts
from oscar_engage.analytics.struggles.said import KINDS, STRUGGLES
from oscar_engage.analytics.struggles.spots import READERS, SpotKind, Struggle
from oscar_engage.analytics.struggles.visit import MOST_IN_VISIT, MOST_OF_A_KIND, OTHER, Ended, Tally, read_story
from oscar_engage.signals.kinds import KINDS as SIGNAL_KINDS

LOST = Ended(ordered=False, hundredths=1000, currency="GBP")


def invalid(name: str) -> tuple[str, dict[str, Any]]:
    return "form.invalid", {"form": "shipping", "fields": [name]}


def test_readers__all__are_of_registered_kinds() -> None:
    assert set(READERS) <= set(SIGNAL_KINDS.names())


@pytest.mark.parametrize("kind", [*READERS, "quiz.finished"])
@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        None,
        {
            name: value
            for name in ("place", "name", "step", "page", "form", "fields", "seen", "product_id")
            for value in (None, 7)
        },
        {"place": "a|product:x", "product_id": True, "fields": [None], "seen": [3, "<b>"], "results": "0", "step": {}},
    ],
    ids=["empty", "a list", "nothing", "numbers", "of other types"],
)
def test_read_story__damaged_payload__never_raises(kind: str, payload: Any) -> None:
    story = read_story([(kind, payload), ("page.sought", {})])
    assert all(isinstance(spot.name, str) and spot.name for spot, _struggle in story.struggles)


@pytest.mark.parametrize(
    ("signals", "spot"),
    [
        ([("page.viewed", {"page": "checkout", "step": "preview"}), ("page.sought", {})], ("step", "preview")),
        ([("page.viewed", {"page": "home"}), ("script.failed", {})], ("page", "home")),
        ([("page.sought", {})], ("page", "other")),
        (
            [("page.viewed", {"page": "home"}), ("page.viewed", {"page": "category"}), ("page.quick_back", {})],
            ("page", "home"),
        ),
        ([("voucher.refused", {})], ("page", "basket")),
        ([("login.failed", {})], ("page", "account")),
        ([("help.searched", {"results": 0})], ("page", "help")),
        ([("field.hesitated", {"name": "phone"})], ("field", "phone")),
        ([("page.dead_clicked", {"place": "a/b"})], ("page", "other")),
    ],
)
def test_read_story__struggle__is_at_the_most_telling_spot(signals: list[Any], spot: tuple[str, str]) -> None:
    story = read_story(signals)
    assert [(one.kind, one.name) for one, _struggle in story.struggles] == [spot]


def test_read_story__browser_that_invents_names__is_read_up_to_a_bound() -> None:
    story = read_story(invalid(f"f{number}") for number in range(5000))
    assert len(story.struggles) == MOST_IN_VISIT


def test_tally__more_names_than_a_day_keeps__keeps_the_worst_and_adds_up_the_rest() -> None:
    tally, most = Tally(), MOST_OF_A_KIND[SpotKind.FIELD]
    for number in range(most + 30):
        tally.add(read_story([invalid(f"f{number:03}")]), LOST)
    for number in range(most):
        tally.add(read_story([invalid(f"f{number + 30:03}")]), LOST)
    hurts = {hurt.name: hurt for hurt in rank_hurts(dict(tally.cells()), currency="GBP")}
    assert len(hurts) == most + 1
    assert hurts[OTHER].visits == 30
    assert all(hurt.visits == 2 for name, hurt in hurts.items() if name != OTHER)
    assert hurts[OTHER].more_lost is None


def test_tally__currencies__count_apart_and_visits_together() -> None:
    tally, story = Tally(), read_story([invalid("phone")])
    for ended in (LOST, Ended(ordered=False, hundredths=5000, currency="EUR"), Ended(ordered=True), Ended(ordered=False)):
        tally.add(story, ended)
    cells = dict(tally.cells())
    (hurt,) = rank_hurts(cells, currency="EUR")
    assert (hurt.at_stake, hurt.visits, hurt.ordered, hurt.baskets) == (50, 4, 1, 2)
    assert list_currencies(cells) == ["EUR", "GBP"]
    assert count_visits(cells) == (4, 1)


@pytest.mark.parametrize(
    "stored",
    [None, [], {"total": 9}, {"total": "9", "lines": 1, "currency": "GBP"}, {"total": -1, "lines": 1, "currency": "GBP"}],
)
def test_read_basket__empty_or_damaged__is_nothing(stored: Any) -> None:
    assert read_basket(stored) == (0, "")


def test_words__every_spot_and_struggle__has_some() -> None:

    assert set(KINDS) == set(SpotKind)
    assert set(STRUGGLES) == set(Struggle)
