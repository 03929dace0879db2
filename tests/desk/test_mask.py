"""Are numbers of cards and accounts masked in every disguise, and other numbers left alone?"""

import sys
import unicodedata
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oscar_engage.desk.mask.card import has_luhn_digit
from oscar_engage.desk.mask.text import mask_secrets

CARD, IBAN, CVV = "[card]", "[iban]", "[cvv]"
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
IBANS = [  # the registry's own examples
    "AD1200012030200359100100",
    "BR1800360305000010009795493C1",
    "CH9300762011623852957",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "MT84MALT011000012345MTLCAST001S",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "SC18SSCB11010000000000001497USD",
    "TR330006100519786457841326",
]
JOINTS = [
    "",
    " ",
    "-",
    ".",
    "  ",
    "\u200b",
    "\u00ad",
    "\u2011",
    "\u00a0",
    "\n",
    "    ",
    " & ",
    "&",
    " \u2013 ",
    "\t\t\t\t\t",
    "#",
    ") (",
]


def in_fours(number: str, joint: str) -> str:
    return joint.join(number[at : at + 4] for at in range(0, len(number), 4))


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("joint", JOINTS)
def test_mask__card_in_groups__masked(card: str, joint: str) -> None:
    assert mask_secrets(f"My card is {in_fours(card, joint)}, please.") == f"My card is {CARD}, please."


@pytest.mark.parametrize("iban", IBANS)
@pytest.mark.parametrize("joint", JOINTS)
def test_mask__iban_in_groups__masked(iban: str, joint: str) -> None:
    assert mask_secrets(f"Take {in_fours(iban, joint)}, please.") == f"Take {IBAN}, please."


@pytest.mark.attack("I04")
@pytest.mark.parametrize(
    "text",
    [
        CARDS[0].translate(FULL_WIDTH),
        CARDS[0].translate(ARABIC),
        " ".join(CARDS[0]),
        "\u200d".join(CARDS[0]),
        "\ufe0f\u20e3".join(CARDS[0]),
        "3782 822463 10005",
        "x4111111111111111x",
        "4111 1111 1111 1111 123",
        "2 4111 1111 1111 1111",
        "4111+1111+1111+1111",
    ],
)
def test_mask__card_in_disguise__no_card_left(text: str) -> None:
    masked = mask_secrets(text)

    assert CARD in masked
    assert "1111" not in masked
    assert "822463" not in masked


@pytest.mark.attack("I04")
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("iban:de89370400440532013000.", f"iban:{IBAN}."),
        ("IBANDE89370400440532013000", f"IBAN{IBAN}"),
        ("IBAN: DE 89 3704 0044 0532 0130 00", f"IBAN: {IBAN}"),
        (" ".join("IBAN DE89370400440532013000"), f"I B A N   {IBAN}"),
        ("DE89370400440532013000".translate(FULL_WIDTH), IBAN),
        (f"{IBANS[3]} or {IBANS[5]}", f"{IBAN} or {IBAN}"),
        (f"{IBANS[3]}{CARDS[0]}", f"{IBAN}{CARD}"),
    ],
)
def test_mask__iban_in_disguise__masked(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("CVV 123", f"CVV {CVV}"),
        ("cvv2:1234", f"cvv2:{CVV}"),
        ("CVC2123", f"CVC{CVV}"),
        ("CVC2\n123", f"CVC2\n{CVV}"),
        ("CID=1234, thanks", f"CID={CVV}, thanks"),
        ("the security code on the back is 123.", f"the security code on the back is {CVV}."),
        ("Card verification value 123", f"Card verification value {CVV}"),
        ("Meine Prüfziffer lautet 123", f"Meine Prüfziffer lautet {CVV}"),
        ("Kartenpruefnummer: 9 8 7", f"Kartenpruefnummer: {CVV}"),
        ("Prüf-Nummer 987", f"Prüf-Nummer {CVV}"),
        ("Sicherheitscode der Karte 987", f"Sicherheitscode der Karte {CVV}"),
        ("123 is my CVV", f"{CVV} is my CVV"),
        ("1 2 3 (CVC)", f"{CVV} (CVC)"),
        (f"cvv {'123'.translate(FULL_WIDTH)}", f"cvv {CVV}"),
        ("CVV 123, CVC 456", f"CVV {CVV}, CVC {CVV}"),
        ("4111 1111 1111 1111 12/27 CVV 123", f"{CARD} 12/27 CVV {CVV}"),
    ],
)
def test_mask__security_code_beside_its_name__masked(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "EAN 4006381333931",
        "EAN no 4006381333931, order no 4006381333931",
        "Order 100042 and 4111111111111112",
        "Order #100042, #100043, #100044 and #100045",
        "Call +44 20 7946 0958 or 0049 30 901820",
        "+44 20 7946 0958 / +49 30 901820, +49 (0)30 901820-12",
        "+49 3 0901 8200 17",  # its digits are those of an old Visa card
        "£4.50 £12.99 £3.99 £55.99 £19.99",
        "4,50 € 11,11 € 11,11 € 11,11 € 1,11 €",
        "IBAN DE88 3704 0044 0532 0130 00",
        "DE89 3704 0044 0532 0130 0",
        "DE89 и 3704 0044 0532 0130 00",
        "It is 25 in the shop and 30 outside, so is 25 too warm for this?",
        "What is a CVV? It costs 100",
        "I paid 100, CVV refused",
        "Order 4711 no CVV asked",
        "Bestellung 1000 die Kartenprüfnummer wird abgelehnt",
        "CVV for 100 € or CVV $100 or CVV 100.50",
        "CVV 12, CVV 12345, cvv 1 2 3 4 5, cvv",
        "He lived in Madrid 123 years ago; decide 4711",
        "2026-05-04 09:30 to 2026-05-05 18:00",
        "👨\u200d👩\u200d👧 and ½ inch, 3²",
        "",
    ],
)
def test_mask__no_secret__unchanged(text: str) -> None:
    assert mask_secrets(text) == text


def test_mask__two_cards__both_masked() -> None:
    assert mask_secrets(f"{CARDS[0]} or {CARDS[3]}!") == f"{CARD} or {CARD}!"


def _with_luhn_digit(stem: str) -> str:
    return next(stem + digit for digit in "0123456789" if has_luhn_digit(stem + digit))


def _with_check_digits(country: str, account: str) -> str:
    digits = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{account}"


between = st.one_of(
    st.sampled_from(["", "", "", " ", "-", ". ", "\u200b", "\u2060", "     ", " & "]),
    st.text(alphabet=" \t\n&/|.,;:*~()[]{}<>='\"-_%#\u2013\u2026\u200b", max_size=8),
)


@given(
    stem=st.one_of(
        st.from_regex(r"\A4[0-9]{14}\Z"), st.from_regex(r"\A5[1-5][0-9]{13}\Z"), st.from_regex(r"\A3[47][0-9]{12}\Z")
    ),
    joints=st.lists(between, min_size=16, max_size=16),
    before=st.sampled_from(["", "card: ", "(", "\n"]),
)
def test_mask__any_card__its_digits_are_gone(stem: str, joints: list[str], before: str) -> None:
    card = _with_luhn_digit(stem)
    written = "".join(digit + joint for digit, joint in zip(card, joints, strict=False))

    assert not any(character.isdigit() for character in mask_secrets(before + written))


@given(
    iban=st.one_of(
        st.builds(_with_check_digits, st.just("DE"), st.from_regex(r"\A[0-9]{18}\Z")),
        st.builds(_with_check_digits, st.just("GB"), st.from_regex(r"\A[A-Z]{4}[0-9]{14}\Z")),
        st.builds(_with_check_digits, st.just("FR"), st.from_regex(r"\A[0-9]{10}[0-9A-Z]{6}[0-9]{7}\Z")),
    ),
    joints=st.lists(between, min_size=34, max_size=34),
    is_lower=st.booleans(),
)
def test_mask__any_iban__is_gone(iban: str, joints: list[str], is_lower: bool) -> None:
    written = "".join(character + joint for character, joint in zip(iban, joints, strict=False))

    masked = mask_secrets(f"IBAN {written.lower() if is_lower else written}")

    assert IBAN in masked
    assert not any(character.isdigit() for character in masked)


@given(
    name=st.sampled_from(["CVV", "cvc", "CVV2", "CID", "security code", "Prüfziffer", "Kartenprüfnummer"]),
    joint=st.sampled_from([" ", ": ", " is ", " = ", "\n", " lautet ", " number: "]),
    code=st.from_regex(r"\A[0-9]{3,4}\Z"),
)
def test_mask__any_code_after_its_name__is_gone(name: str, joint: str, code: str) -> None:
    assert mask_secrets(f"My {name}{joint}{code}") == f"My {name}{joint}{CVV}"


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from(
                [*CARDS, *IBANS, CARD, IBAN, CVV, "cvv", "CVV2", "cvc ", "is", "my", "123", "9", "1", " ", ", ", "DE", "no"]
            ),
            max_size=20,
        ).map("".join),
        st.lists(st.sampled_from(["cvv", "CVC2", "is", "my", "123", "9", "4711", "?", CVV]), max_size=12).map(" ".join),
    )
)
@example("4111111111111111" * 10)
@example("123 cvv 456")
def test_mask__any_text__masking_again_changes_nothing(text: str) -> None:
    once = mask_secrets(text)

    assert mask_secrets(once) == once
    if not any(mask in once for mask in (CARD, IBAN, CVV)):
        assert once == text


@given(st.from_regex(r"\A[0-9]{12}\Z"), st.sampled_from(["", "EAN ", "no ", "GTIN: ", "DE "]))
def test_mask__any_article_number__survives(stem: str, before: str) -> None:
    check = -sum(int(digit) * (1 + 2 * (at % 2)) for at, digit in enumerate(stem)) % 10

    assert mask_secrets(f"{before}{stem}{check}") == f"{before}{stem}{check}"


@given(st.from_regex(r"\A\+[1-9][0-9]{6,13}\Z"))
def test_mask__any_phone_number__survives(phone: str) -> None:
    assert mask_secrets(f"Call {phone} or {phone}.") == f"Call {phone} or {phone}."


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(["Order {}", "{} €", "CVV: {} €", "£{}.99", "#{}"]))
def test_mask__any_order_number_or_price__survives(number: int, sentence: str) -> None:
    assert mask_secrets(sentence.replace("{}", str(number))) == sentence.replace("{}", str(number))


@given(st.text(alphabet="0123456789 -\u200b", max_size=200))
def test_mask__only_digits_and_joints__no_brand_card_left(text: str) -> None:
    for word in mask_secrets(text).replace(CARD, " x ").split():
        digits = "".join(character for character in unicodedata.normalize("NFKC", word) if character.isdigit())
        if len(digits) == 16 and digits.startswith("4") and word == digits:
            assert not has_luhn_digit(digits)


def steps_of(call: Callable[[], Any]) -> int:
    """Count the lines of Python that ``call`` runs, each comprehension's turn included."""
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return steps


HOSTILE = [
    "4 1",
    "41111",
    "4",
    "1 ",
    " ",
    "1 cvv ",
    "cvv is my ",
    "cvv 1",
    "DE89",
    "IBAN DE",
    "1+",
    "+1 ",
    "é1",
    "1\u200b",
    "[cvv]1",
]


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("whole", ["{}", "cvv{}cvv", "4111{}1111", "DE89{}00"])
def test_mask__hostile_text_of_twice_the_length__about_twice_the_steps(part: str, whole: str) -> None:
    short, long = (whole.replace("{}", part * times) for times in (400, 800))

    # The tenth is for the ends of the text, where what looks ahead has less to look at.
    assert steps_of(lambda: mask_secrets(long)) <= 2.1 * steps_of(lambda: mask_secrets(short)) + 200
