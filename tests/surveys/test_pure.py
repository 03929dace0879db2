"""Do the pure parts keep their laws? Pauses, words in a language, shares."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.surveys.pause import is_too_soon
from oscar_engage.surveys.results import results_of
from oscar_engage.surveys.words import Words, words_in

NOW = datetime(2026, 5, 4, tzinfo=UTC)
DAY = timedelta(days=1)
STORED = {
    "en-gb": {"question": "Why?", "choices": [["a", "Dear"], ["b", "Slow"]], "low": "bad", "thanks": "Thanks"},
    "de": {"question": "Warum?", "choices": [["b", "Langsam"], ["gone", "Weg"]]},
}


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [("own", 20, True), ("own", 99, True), ("own", 101, False), ("other", 20, True), ("other", 31, False), ("own", 100, False)],
)
def test_pause__asked_so_long_ago__decides(name: str, days: int, expected: bool) -> None:
    asked = [(name, NOW - days * DAY)]
    assert is_too_soon("own", asked, pause=30 * DAY, wait=100 * DAY, now=NOW) is expected


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 400))), st.integers(0, 90), st.integers(0, 400))
def test_pause__more_was_asked__is_never_less_too_soon(asked: list[tuple[str, int]], pause: int, wait: int) -> None:
    at = [(name, NOW - days * DAY) for name, days in asked]

    def verdict(some: list[tuple[str, datetime]]) -> bool:
        return is_too_soon("a", some, pause=pause * DAY, wait=wait * DAY, now=NOW)

    assert verdict(at) >= verdict(at[:-1])
    assert not verdict([])


def test_words__language_with_some__takes_the_rest_from_the_shops() -> None:
    words = words_in(STORED, "de-at", shop="en-gb")

    assert words == Words(question="Warum?", choices=(("a", "Dear"), ("b", "Langsam")), low="bad", thanks="Thanks")


@pytest.mark.parametrize("language", ["en-gb", "fr", "en"])
def test_words__language_without_any__is_the_shops(language: str) -> None:
    assert words_in(STORED, language, shop="en-gb").choices == (("a", "Dear"), ("b", "Slow"))


def test_words__shops_own_language_has_none__takes_any() -> None:
    assert words_in({"de": STORED["de"]}, "fr", shop="en-gb").choices == (("b", "Langsam"), ("gone", "Weg"))
    assert words_in({}, "fr", shop="en-gb") == Words()


def test_words__as_json__leaves_out_what_is_empty() -> None:
    assert Words(question="Why?", choices=(("a", "Dear"),)).as_json() == {"question": "Why?", "choices": [["a", "Dear"]]}


def test_results__some_answers__have_shares_and_those_that_are_gone_come_last() -> None:
    results = results_of(["a", "a", "x"], [("a", "Dear"), ("b", "Slow")], asked=10)

    assert [(share.label, share.count) for share in results.shares] == [("Dear", 2), ("Slow", 0), ("x", 1)]
    assert results.shares[0].rate is not None
    assert results.shares[0].rate.value == pytest.approx(2 / 3)
    assert results.response is not None
    assert (results.answered, results.response.value, results.average) == (3, 0.3, None)


def test_results__nobody_answered__tells_no_share() -> None:
    results = results_of([], [("a", "Dear")], asked=0)

    assert (results.response, results.shares[0].rate, results.answered) == (None, None, 0)


def test_results__more_answers_than_rows_of_askings__tells_no_response() -> None:
    assert results_of(["a", ""], [("a", "Dear")], asked=1).response is None


def test_results__scores__have_an_average() -> None:
    results = results_of(["0", "10", "5"], [(str(score), str(score)) for score in range(11)], asked=3, are_scores=True)

    assert results.average == 5


@given(st.lists(st.sampled_from(["a", "b", "x"])))
def test_results__any_answers__counts_add_up(given_answers: list[str]) -> None:
    results = results_of(given_answers, [("a", "A"), ("b", "B")], asked=len(given_answers))

    assert sum(share.count for share in results.shares) == results.answered == len(given_answers)
    assert all(share.rate is None or share.rate.low <= share.rate.value <= share.rate.high for share in results.shares)
