"""Is what is stored free of what a person cannot see?"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.text import LONGEST_MESSAGE, InvalidMessageError, clean_line, clean_message


def test_clean_message__control_characters__dropped_but_lines_kept() -> None:
    assert clean_message("a\x00b\r\nc\td\x1b[31m\u202ee\ud800") == "ab\nc\td[31me"


@pytest.mark.parametrize("body", ["", "  \n", "\x00\x01", "\u200b \xad", "x" * (LONGEST_MESSAGE + 1)])
def test_clean_message__nothing_or_too_much__refused(body: str) -> None:
    with pytest.raises(InvalidMessageError):
        clean_message(body)


def test_clean_message__markup__kept_as_text() -> None:
    assert clean_message("<script>alert(1)</script>") == "<script>alert(1)</script>"


@given(st.text(min_size=1, max_size=500))
def test_clean_message__any_text__can_be_stored(body: str) -> None:
    try:
        cleaned = clean_message(body)
    except InvalidMessageError:
        return
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in cleaned if character not in "\n\t")
    cleaned.encode()


def test_clean_line__lines_and_length__one_short_line() -> None:
    assert clean_line(" Mia\n\tM\x00iller ", longest=8) == "Mia Mill"
