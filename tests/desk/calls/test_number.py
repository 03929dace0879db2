"""Which numbers do we call? Fixed and mobile lines of the shop's countries, however they are written."""

import pytest

from oscar_engage.desk.calls.number import Fault, WrongNumberError, digest_of, example_of, masked, read_number, spaced

REGIONS = ("GB", "DE")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+44 20 7946 0018", "+442079460018"),
        ("020 7946 0018", "+442079460018"),
        ("(020) 7946-0018", "+442079460018"),
        ("+49 (0)30 901820", "+4930901820"),
        ("030 901820", "+4930901820"),
        ("0049 30 901820", "+4930901820"),
        ("0151 23456789", "+4915123456789"),
        ("\uff0b\uff14\uff14 20 7946 0018", "+442079460018"),
    ],
)
def test_read_number__as_people_write_it__e164(typed: str, number: str) -> None:
    assert read_number(typed, REGIONS) == number


@pytest.mark.parametrize(
    ("typed", "regions", "fault"),
    [
        ("", REGIONS, Fault.UNREADABLE),
        ("call me", REGIONS, Fault.UNREADABLE),
        ("1" * 41, REGIONS, Fault.UNREADABLE),
        ("1", REGIONS, Fault.UNREADABLE),
        ("+999 1234567", REGIONS, Fault.UNREADABLE),
        ("030 901820", (), Fault.NO_COUNTRY),
        ("+33 1 42 68 53 00", REGIONS, Fault.ABROAD),
        ("020 7946", REGIONS, Fault.INVALID),
        ("+44 909 8790000", REGIONS, Fault.KIND),
        ("+49 900 1 234567", REGIONS, Fault.KIND),
        ("+44 800 123 4567", REGIONS, Fault.KIND),
        ("+44 845 464 7000", REGIONS, Fault.KIND),
        ("112", REGIONS, Fault.INVALID),
        ("+44 20 7946 0018 ext. 5", REGIONS, Fault.EXTENSION),
    ],
)
def test_read_number__not_one_that_we_call__says_why_and_not_which(typed: str, regions: tuple[str, ...], fault: Fault) -> None:
    with pytest.raises(WrongNumberError) as refused:
        read_number(typed, regions)

    assert refused.value.fault == fault
    assert str(refused.value) == fault.value


def test_shown__masked_for_lists_spaced_for_who_dials() -> None:
    assert masked("+442079460018") == "+44 … 18"
    assert spaced("+442079460018") == "+44 20 7946 0018"
    assert example_of(("DE",)).startswith("+49 ")
    assert example_of(()).startswith("+44 ")
    assert "7946" not in digest_of("+442079460018")
