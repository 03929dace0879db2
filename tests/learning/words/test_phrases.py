"""Is everything that a model looks at told as people would tell it, and nothing that nobody knows?"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.learning.features.schema import FEATURES, NAMES, PLACES
from oscar_engage.learning.leads.lead import Lead
from oscar_engage.learning.words.amounts import say_span, say_whole_money
from oscar_engage.learning.words.meaning import ADVICE, MEANINGS, RESTS_ON
from oscar_engage.learning.words.phrases import PHRASES, TOPICS
from oscar_engage.learning.words.reasons import MOST_AGAINST, MOST_FOR, Reasons, find_reasons
from oscar_engage.learning.words.shopper import SPOKEN, UNSPOKEN, find_because
from oscar_engage.learning.words.tell import Scene

EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
SCENE = Scene("GBP", EVENING)
NOTHING: list[float | None] = [None] * len(NAMES)

VALUES = st.lists(st.none() | st.floats(-10, 1e9, allow_nan=False), min_size=len(NAMES), max_size=len(NAMES))
SHARES = st.lists(st.tuples(st.sampled_from((*NAMES, "of_another_schema")), st.floats(-5, 5)), max_size=60)


def vector(**known: float) -> list[float | None]:
    return [known.get(name) for name in NAMES]


def say(name: str, value: float) -> str:
    return PHRASES[name](value, SCENE)


def test_phrases__every_feature__has_one() -> None:
    assert set(PHRASES) == set(NAMES)
    assert set(TOPICS) <= set(NAMES)


def test_shopper__every_feature__is_spoken_of_or_kept_back_for_a_reason() -> None:
    assert set(SPOKEN) | set(UNSPOKEN) == set(NAMES)
    assert not set(SPOKEN) & set(UNSPOKEN)
    assert all(UNSPOKEN.values())


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_phrase__low_and_high_values__are_words_without_the_features_name(feature: Any, language: str) -> None:
    with override(language):
        phrases = [PHRASES[feature.name](value, SCENE) for value in (feature.unit.low, feature.unit.high)]
    assert phrases[-1]
    assert not any("_" in phrase or "%(" in phrase or phrase.endswith(".") for phrase in phrases)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("visit_number", 1, "here for the first time"),
        ("visit_number", 3, "here for the third time"),
        ("visit_number", 12, "visit number 12"),
        ("basket_total", 84.4, "basket of £84"),
        ("basket_total", 0, "nothing in the basket"),
        ("basket_saved", 0, "no offer or voucher in the basket"),
        ("basket_saved", 1234.5, "saves £1,234 by offers"),
        ("idle_seconds", 40, "idle for 40 s"),
        ("idle_seconds", 2, "busy on the page"),
        ("visit_seconds", 600, "here for 10 min"),
        ("visit_seconds", 7300, "here for 2 h"),
        ("pages", 0, "no page opened"),
        ("pages", 1, "only 1 page opened"),
        ("pages", 1200, "1,200 pages opened"),
        ("help_looks", 2, "looked for help 2 times"),
        ("deepest_scroll", 0, "has not scrolled down a page"),
        ("deepest_scroll", 75, "read 75% of a page"),
        ("stage", 3, "has come as far as the checkout"),
        ("days_since_visit", 0.5, "was here less than a day ago"),
        ("days_since_visit", 1.9, "was here 1 day ago"),
        ("hour_sin", 0.2, "in the evening"),
        ("week_cos", 0.2, "on a Monday"),
        ("is_phone", 0, "not on a phone"),
        ("on_product", 0, ""),
    ],
)
def test_phrase__value__is_told_as_people_would(name: str, value: float, words: str) -> None:
    assert say(name, value) == words


@pytest.mark.parametrize(("hour", "words"), [(3, "at night"), (9, "in the morning"), (14, "in the afternoon")])
def test_phrase__time__goes_by_the_shops_clock(hour: int, words: str) -> None:
    assert PHRASES["hour_cos"](0.0, Scene(at=EVENING.replace(hour=hour))) == words


@pytest.mark.parametrize("name", ["hour_sin", "week_sin"])
def test_phrase__time_not_known__is_nothing(name: str) -> None:
    assert PHRASES[name](0.5, Scene()) == ""


def test_amounts__other_languages__by_their_locale() -> None:
    with override("de"):
        assert say_whole_money(1234.4, "EUR") == "1.234\N{NO-BREAK SPACE}€"
    assert say_whole_money(1234.4, "") == "1,234"
    assert say_span(59.4) == "59 s"


def test_reasons__largest_contributions__three_for_and_one_against() -> None:
    values = vector(visit_number=3, basket_total=84, idle_seconds=40, help_looks=1, struggles=2, tabs_away=1)
    shares = [
        ("basket_total", 0.9),
        ("visit_number", 1.0),
        ("idle_seconds", 0.8),
        ("help_looks", 0.7),
        ("struggles", -0.6),
        ("tabs_away", -0.5),
    ]
    assert find_reasons(shares, values, SCENE) == Reasons(
        ("here for the third time", "basket of £84", "idle for 40 s"), ("had trouble with pages 2 times",)
    )


def test_reasons__of_a_low_score__turn_round() -> None:
    values = vector(visit_number=1, basket_total=84)
    assert find_reasons([("visit_number", -1.0), ("basket_total", 0.5)], values, SCENE, upward=False) == Reasons(
        ("here for the first time",), ("basket of £84",)
    )


def test_reasons__features_of_one_topic__count_together_and_are_told_once() -> None:
    values = vector(basket_total=84, basket_lines=2, visit_number=2)
    shares = [("visit_number", 0.5), ("basket_lines", 0.3), ("basket_total", 0.4)]
    assert find_reasons(shares, values, SCENE).speaks_for == ("basket of £84", "here for the second time")


def test_reasons__a_topic_with_nothing_to_say__gives_way_to_its_next_feature() -> None:
    values = vector(on_product=0, stage=2)
    assert find_reasons([("on_product", 0.5), ("stage", 0.1)], values, SCENE).speaks_for == ("has come as far as the basket",)


def test_reasons__what_hardly_counts__is_no_reason() -> None:
    values = vector(visit_number=2, help_looks=1)
    assert find_reasons([("visit_number", 1.0), ("help_looks", 0.05)], values, SCENE).speaks_for == (
        "here for the second time",
    )


def test_reasons__missing_value_counts_most__is_not_told() -> None:
    assert find_reasons([("visit_number", 3.0)], NOTHING, SCENE) == Reasons()


@given(VALUES, SHARES, st.booleans())
def test_reasons__any_vector__are_few_and_of_what_is_known(
    values: list[float | None], shares: list[tuple[str, float]], upward: bool
) -> None:
    found = find_reasons(shares, values, SCENE, upward=upward)
    assert len(found.speaks_for) <= MOST_FOR
    assert len(found.speaks_against) <= MOST_AGAINST
    known = {PHRASES[name](values[PLACES[name]], SCENE) for name in NAMES if values[PLACES[name]] is not None}
    assert {*found.speaks_for, *found.speaks_against} <= known - {""}


@given(VALUES, SHARES)
def test_because__any_vector__is_one_of_the_phrases_for_shoppers(
    values: list[float | None], shares: list[tuple[str, float]]
) -> None:
    said = find_because(shares, values)
    assert said in {"", *(str(one.words) for one in SPOKEN.values())}
    assert not re.search(r"\d", said)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([("help_looks", 0.2), ("basket_lines", 0.5)], "there is something in your basket"),
        ([("payment_failures", 3.0), ("help_looks", 0.2)], "you looked for help"),
        ([("help_looks", -0.2)], ""),
        ([("visit_number", 2.0)], ""),
    ],
)
def test_because__of_what_counted__what_may_be_told(shares: list[tuple[str, float]], words: str) -> None:
    assert find_because(shares, vector(help_looks=1, basket_lines=2, payment_failures=1, visit_number=1)) == words


def test_meaning__every_kind__has_its_words() -> None:
    assert set(MEANINGS) == set(ADVICE) == set(RESTS_ON) == set(Lead)
