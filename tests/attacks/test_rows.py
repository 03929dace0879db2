"""Is every attack that we know of either tested or known to wait for something?"""

import re

import pytest

from tests.attacks.ledger import marked_tests, marks_in_suite, read_rows

ID = re.compile(r"[A-O]\d\d")


def test_rows__every_id__is_tested_or_waits_and_never_both() -> None:
    rows, tested = read_rows(), set(marks_in_suite())
    waiting = {row for row, about in rows.items() if "waits_for" in about}

    assert set(rows) - tested - waiting == set(), "neither tested nor listed as waiting"
    assert tested & waiting == set(), "tested: take waits_for out of rows.toml"


def test_marks__every_one__names_a_row() -> None:
    rows = read_rows()

    assert {row: tests for row, tests in marks_in_suite().items() if row not in rows} == {}


def test_rows__every_one__is_well_formed() -> None:
    rows = read_rows()

    assert [row for row in rows if not ID.fullmatch(row)] == []
    assert list(rows) == sorted(rows)
    assert [row for row, about in rows.items() if not about.get("what") or set(about) - {"what", "waits_for"}] == []
    assert [row for row, about in rows.items() if "waits_for" in about and not about["waits_for"].strip()] == []


def test_marked_tests__several_marks_on_one_test__all_count() -> None:
    source = '@pytest.mark.attack("A01", "A02")\n@pytest.mark.attack("B01")\ndef test_it(): ...'

    assert list(marked_tests(source)) == [("test_it", ["A01", "A02", "B01"])]


def test_marked_tests__mark_on_one_case__counts() -> None:
    source = '@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.attack("A01"))])\ndef test_it(x): ...'

    assert list(marked_tests(source)) == [("test_it", ["A01"])]


@pytest.mark.parametrize(
    "source",
    [
        '@pytest.mark.attack("A01")\ndef helper(): ...',
        'pytestmark = pytest.mark.attack("A01")',
        "@pytest.mark.attack(ROW)\ndef test_it(): ...",
        "@pytest.mark.attack()\ndef test_it(): ...",
    ],
)
def test_marked_tests__mark_that_says_nothing_sure__is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="mark"):
        list(marked_tests(source))
