"""Is a fact found however it is written, and not where it is denied?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.practice.phrase import PhraseError, check_phrase, find_sentence, says, sentences_of, words_of


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Returns are free.", "return* free"),
        ("FREE returns!", "return* free"),
        ("Die Größe 42,5 passt.", "GRÖSSE 42,5"),
        ("Gratisversand ab 50", "*versand"),
        ("Ihre Rücksendekosten", "*sende*"),
        ("It costs 12.90", "12 90"),
        ("within 30-day window", "30 day"),
        ("anything", "—"),
    ],
)
def test_says__however_it_is_written__is_found(text: str, phrase: str) -> None:
    assert says(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Returns are free", "refund"),
        ("sizes", "size"),
        ("Versandkosten", "*versand"),
        ("1290", "12 90"),
        ("", "free"),
        ("42,5", "42,6"),
        ("42.5", "41,5"),
    ],
)
def test_says__another_word__is_not_found(text: str, phrase: str) -> None:
    assert not says(text, phrase)


def test_find_sentence__denied_in_one_and_said_in_another__is_the_other() -> None:
    text = "Express is not free. But standard shipping is free!"
    assert find_sentence(text, ("shipping free", "free"), ("not",)) == "But standard shipping is free!"


def test_find_sentence__fact_over_two_sentences__is_the_whole_text() -> None:
    assert find_sentence("They go back for free. You have 30 days.", ("free 30",)) == "They go back for free. You have 30 days."
    assert find_sentence("Not for free. You have 30 days.", ("free 30",), ("not",)) is None


def test_check_phrase__without_a_word__is_refused() -> None:
    check_phrase("*versand")
    with pytest.raises(PhraseError):
        check_phrase(" *!? ")


@given(st.text())
def test_words__any_text__say_themselves(text: str) -> None:
    assert says(text, " ".join(words_of(text)))


@given(st.text())
def test_sentences__any_text__lose_no_word(text: str) -> None:
    assert [word for one in sentences_of(text) for word in words_of(one)] == list(words_of(text))
