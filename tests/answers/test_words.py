"""Do words that mean the same look the same?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.answers.distance import distance
from oscar_engage.answers.synonyms import same_as
from oscar_engage.answers.vocabulary import LONGEST_WORD, Vocabulary
from oscar_engage.answers.words import LONGEST_TEXT, fold, is_stopped, meant, resembles_stopped, stem, words_of


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Größe", "groesse"),
        ("GRÖSSE", "groesse"),
        ("Café", "cafe"),
        ("Maße", "masse"),
        ("don\N{RIGHT SINGLE QUOTATION MARK}t", "don't"),
    ],
)
def test_fold__letters_with_marks__plain(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_fold__umlaut_of_two_characters__as_of_one() -> None:
    assert fold("u\N{COMBINING DIAERESIS}ber") == fold("über") == "ueber"


def test_fold__endless_text__cut() -> None:
    assert len(fold("a" * 100_000)) == LONGEST_TEXT


def test_words_of__punctuation__words_alone() -> None:
    assert words_of("Is it 'in stock' in 42, please?") == ["is", "it", "in", "stock", "in", "42", "please"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("returns", "returning"),
        ("delivery", "deliveries"),
        ("stopped", "stop"),
        ("sent", "sending"),
        ("sizes", "size"),
        ("classes", "class"),
        ("paid", "pays"),
    ],
)
def test_stem__english_forms__same(one: str, other: str) -> None:
    assert stem(one, "en") == stem(other, "en")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bestellungen", "bestellung"),
        ("gutscheine", "gutschein"),
        ("haeuser", "haus"),
        ("geliefert", "liefern"),
        ("groessen", "groesse"),
    ],
)
def test_stem__german_forms__same(one: str, other: str) -> None:
    assert stem(one, "de") == stem(other, "de")


@pytest.mark.parametrize("word", ["a", "it", "bus", "42xl", "isn't"])
def test_stem__short_or_no_word__at_most_its_end_gone(word: str) -> None:
    assert word.startswith(stem(word, "en"))


@pytest.mark.parametrize(("word", "language"), [("the", "en"), ("der", "de"), ("x", "en")])
def test_stopped__says_nothing__yes(word: str, language: str) -> None:
    assert is_stopped(word, language)


@pytest.mark.parametrize(("word", "language"), [("parcel", "en"), ("7", "en"), ("the", "fr")])
def test_stopped__says_something__no(word: str, language: str) -> None:
    assert not is_stopped(word, language)


@pytest.mark.parametrize(
    ("word", "is_one"), [("wuld", True), ("teh", True), ("werbe", False), ("parcel", False), ("xy", False), ("qqqq", False)]
)
def test_resembles_stopped__typed_in_a_hurry__recognised(word: str, is_one: bool) -> None:
    assert resembles_stopped(word, "en") is is_one


def test_meant__question__words_that_tell() -> None:
    assert list(meant("How do I return the blue jacket?", "en")) == ["return", "blue", "jacket"]


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("size", "szie", 1),
        ("parcel", "parsel", 1),
        ("parcel", "parcl", 1),
        ("parcel", "pparcel", 1),
        ("abc", "xyz", 3),
        ("a", "abcdef", 3),
    ],
)
def test_distance__slips__counted(one: str, other: str, far: int) -> None:
    assert distance(one, other, 2) == far


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance__either_way__same(one: str, other: str) -> None:
    assert distance(one, other, 3) == distance(other, one, 3)
    assert (distance(one, other, 3) == 0) == (one == other)


VOCABULARY = Vocabulary(
    dict.fromkeys(["parcel", "delivery", "versand", "kosten", "ruecksendung", "etikett", "waterproofing", "gas"], 1)
)


def test_meanings__known__itself() -> None:
    assert VOCABULARY.meanings("parcel", splits=False) == {"parcel": 1.0}


def test_meanings__one_slip__what_was_meant() -> None:
    assert set(VOCABULARY.meanings("parsel", splits=False)) == {"parcel"}


def test_meanings__two_slips_in_a_long_word__less_trusted() -> None:
    one, two = VOCABULARY.meanings("delivary", splits=False), VOCABULARY.meanings("dellivary", splits=False)

    assert set(one) == set(two) == {"delivery"}
    assert one["delivery"] > two["delivery"]


def test_meanings__beginning_of_a_word__found() -> None:
    assert set(VOCABULARY.meanings("waterproof", splits=False)) == {"waterproofing"}


def test_meanings__much_in_common__little_trusted() -> None:
    found = VOCABULARY.meanings("watterprofin", splits=False)

    assert set(found) == {"waterproofing"}
    assert found["waterproofing"] < 0.5


def test_meanings__compound__its_parts() -> None:
    assert set(VOCABULARY.meanings("versandkosten", splits=True)) == {"versand", "kosten"}
    assert VOCABULARY.parts("ruecksendungsetikettkosten") == ("ruecksendung", "etikett", "kosten")


@pytest.mark.parametrize("word", ["x" * (LONGEST_WORD + 1), "ab", "123456", "qqqqqq"])
def test_meanings__nothing_like_it__none(word: str) -> None:
    assert VOCABULARY.meanings(word, splits=True) == {}


def test_same_as__groups__each_knows_the_others() -> None:
    found = same_as((("jumper", "sweater"), ("jumper", "pull over")), "en")

    assert found[stem("jumper", "en")] == {stem("sweater", "en"), "pull", stem("over", "en")}
    assert found["pull"] == {stem("jumper", "en"), stem("over", "en")}
