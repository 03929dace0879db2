"""Are card numbers masked in every disguise, and other numbers left alone?"""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oscar_engage.desk.mask import MASK, has_luhn_digit, mask_cards

FULL_WIDTH = str.maketrans("0123456789", "0123456789")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

CARDS = [
    "4111111111111111",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "30569309025904",
    "6011111111111117",
    "3530111333300000",
    "6212345678901232",
    "6759649826438453",
    "4917610000000000003",
]


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("joint", ["", " ", "-", ".", "  ", "\u200b", "\u00ad", "\u2011", "\u00a0", "\n"])
def test_mask_cards__card_in_groups__masked(card: str, joint: str) -> None:
    written = joint.join(card[at : at + 4] for at in range(0, len(card), 4))

    assert mask_cards(f"My card is {written}, please.") == f"My card is {MASK}, please."


@pytest.mark.parametrize(
    "text",
    [
        CARDS[0].translate(FULL_WIDTH),
        CARDS[0].translate(ARABIC),
        " ".join(CARDS[0]),
        "\u200d".join(CARDS[0]),
        "3782 822463 10005",
        "x4111111111111111x",
        "4111 1111 1111 1111 123",
        "2 4111 1111 1111 1111",
    ],
)
def test_mask_cards__disguise__no_card_left(text: str) -> None:
    masked = mask_cards(text)

    assert MASK in masked
    assert "1111" not in masked
    assert "822463" not in masked


@pytest.mark.parametrize(
    "text",
    [
        "EAN 4006381333931",
        "Order 100042 and 4111111111111112",
        "Call +44 20 7946 0958 or 0049 30 901820",
        "IBAN DE89 3704 0044 0532 0130 00",
        "2026-05-04 09:30 to 2026-05-05 18:00",
        "👨\u200d👩\u200d👧 and ½ inch, 3²",
        "",
    ],
)
def test_mask_cards__no_card__unchanged(text: str) -> None:
    assert mask_cards(text) == text


def test_mask_cards__two_cards__both_masked() -> None:
    assert mask_cards(f"{CARDS[0]} or {CARDS[3]}!") == f"{MASK} or {MASK}!"


def _with_luhn_digit(stem: str) -> str:
    return next(stem + digit for digit in "0123456789" if has_luhn_digit(stem + digit))


@given(
    stem=st.one_of(
        st.from_regex(r"\A4[0-9]{14}\Z"), st.from_regex(r"\A5[1-5][0-9]{13}\Z"), st.from_regex(r"\A3[47][0-9]{12}\Z")
    ),
    joints=st.lists(st.sampled_from(["", "", "", " ", "-", ". ", "\u200b", "\u2060"]), min_size=16, max_size=16),
    before=st.sampled_from(["", "card: ", "(", "\n"]),
)
def test_mask_cards__any_card__its_digits_are_gone(stem: str, joints: list[str], before: str) -> None:
    card = _with_luhn_digit(stem)
    written = "".join(digit + joint for digit, joint in zip(card, joints, strict=False))

    assert not any(character.isdigit() for character in mask_cards(before + written))


@given(st.text(max_size=300))
@example("4111111111111111" * 10)
def test_mask_cards__any_text__masking_again_changes_nothing(text: str) -> None:
    once = mask_cards(text)

    assert mask_cards(once) == once
    if MASK not in once:
        assert once == text


@given(st.from_regex(r"\A4[0-9]{11}\Z"))
def test_mask_cards__any_article_number__survives(stem: str) -> None:
    check = -sum(int(digit) * (1 + 2 * (at % 2)) for at, digit in enumerate(stem)) % 10

    assert mask_cards(f"{stem}{check}") == f"{stem}{check}"


@given(st.text(alphabet="0123456789 -\u200b", max_size=200))
def test_mask_cards__only_digits_and_joints__no_brand_card_left(text: str) -> None:
    for word in mask_cards(text).replace(MASK, " x ").split():
        digits = "".join(character for character in unicodedata.normalize("NFKC", word) if character.isdigit())
        if len(digits) == 16 and digits.startswith("4") and word == digits:
            assert not has_luhn_digit(digits)


def test_mask_cards__longest_message_of_digits__fast() -> None:
    began = time.process_time()

    mask_cards("4 1" * 1333)

    assert time.process_time() - began < 0.2
