"""Is a file read as spreadsheets write it, and is each wrong line named with what is wrong?"""

import codecs
import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.costs.rates import Channel
from oscar_engage.analytics.volumes.check import (
    MOST_MISTAKES,
    MOST_ROWS,
    Checked,
    Column,
    Mistake,
    VolumeRow,
    Wrong,
    check_table,
)
from oscar_engage.analytics.volumes.decode import LARGEST, LONGEST_CELL, FileFault, UnreadableError, decode, split
from oscar_engage.analytics.volumes.write import write_table

TODAY = date(2026, 6, 10)
TOPICS = {"delivery": "Lieferung & Versand", "return": "Rückgabe"}
HEAD = "date;channel;topic;contacts;minutes"
NOV = date(2025, 11, 30)
WANTED = VolumeRow(day=NOV, channel=Channel.CALL, topic="return", contacts=1234, minutes=Decimal("340.5"))


def check(raw: bytes | str) -> Checked:
    text = decode(raw.encode() if isinstance(raw, str) else raw)
    return check_table(split(text), topics=TOPICS, today=TODAY)


def fault(raw: bytes | str) -> tuple[FileFault, tuple[str, ...]]:
    with pytest.raises(UnreadableError) as caught:
        check(raw)
    return caught.value.fault, caught.value.names


def line(cells: str) -> Mistake | VolumeRow:
    checked = check(f"{HEAD}\n{cells}")
    return checked.mistakes[0] if checked.mistakes else checked.rows[0]


GERMAN = "Datum;Kanal;Thema;Anzahl;Minuten\r\n30.11.2025;Telefon;Rückgabe;1.234;340,5\r\n"
ENGLISH = 'Date,Channel,Topic,Contacts,Minutes\n2025-11-30,call,return,"1,234",340.5\n'
TABS = "date\tchannel\ttopic\tcontacts\tminutes\n2025-11-30\tphone\tRÜCKGABE\t1234\t340,50"


@pytest.mark.parametrize(
    "raw",
    [
        GERMAN.encode(),
        codecs.BOM_UTF8 + GERMAN.encode(),
        GERMAN.encode("cp1252"),
        GERMAN.encode("utf-16"),
        ENGLISH.encode(),
        TABS.encode(),
        f"\n\n{GERMAN}\n\n".encode(),
        GERMAN.replace("\r\n", "\r").encode(),
    ],
)
def test_check__as_each_program_writes_it__is_the_same_row(raw: bytes) -> None:
    assert check(raw).rows == (WANTED,)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", FileFault.EMPTY),
        (b" \r\n\t\n", FileFault.EMPTY),
        (b"PK\x03\x04 a workbook", FileFault.WORKBOOK),
        (b"\xd0\xcf\x11\xe0 an old one", FileFault.WORKBOOK),
        (b"%PDF-1.7", FileFault.NOT_TEXT),
        (b"date;channel;contacts\n\x00\x01", FileFault.NOT_TEXT),
        (b"\xff\xfea", FileFault.NOT_TEXT),
        (b"caf\xe9\x81", FileFault.NOT_TEXT),
        (b"x" * (LARGEST + 1), FileFault.TOO_LARGE),
        (f"{HEAD}\n".encode(), FileFault.NO_ROWS),
        (HEAD.encode() + b"\n2025-11-30;call;;1;" * (MOST_ROWS + 1), FileFault.TOO_MANY),
    ],
)
def test_check__file_without_a_table__is_refused_as_a_whole(raw: bytes, expected: FileFault) -> None:
    assert fault(raw)[0] is expected


def test_check__columns_missing_or_doubled__are_named() -> None:
    assert fault("topic;contacts\nreturn;3") == (FileFault.NO_HEAD, ("date", "channel"))
    assert fault("date;Tag;channel;contacts\n1;2;3;4") == (FileFault.TWICE, ("date",))


def test_check__columns_in_any_order_and_others_beside__are_found() -> None:
    checked = check("team;contacts;channel;date\nNorth;3;chat;2025-11-30")
    assert checked.rows == (VolumeRow(day=NOV, channel=Channel.CHAT, topic="", contacts=3, minutes=None),)


@pytest.mark.parametrize(
    ("cells", "wrong", "column"),
    [
        (";call;;1;", Wrong.MISSING, Column.DAY),
        ("2025-11-30;;;1;", Wrong.MISSING, Column.CHANNEL),
        ("2025-11-30;call", Wrong.MISSING, Column.CONTACTS),
        ("11/30/2025;call;;1;", Wrong.NO_DATE, Column.DAY),
        ("30.11.25;call;;1;", Wrong.NO_DATE, Column.DAY),
        ("31.11.2025;call;;1;", Wrong.NO_DATE, Column.DAY),
        ("\u0663\u0660.11.2025;call;;1;", Wrong.NO_DATE, Column.DAY),
        ("1999-12-31;call;;1;", Wrong.TOO_EARLY, Column.DAY),
        ("2026-06-11;call;;1;", Wrong.TO_COME, Column.DAY),
        ("2025-11-30;fax;;1;", Wrong.NO_CHANNEL, Column.CHANNEL),
        ("2025-11-30;call;warranty;1;", Wrong.NO_TOPIC, Column.TOPIC),
        ("2025-11-30;call;=HYPERLINK(1);1;", Wrong.NO_TOPIC, Column.TOPIC),
        ("2025-11-30;call;;-1;", Wrong.NO_NUMBER, Column.CONTACTS),
        ("2025-11-30;call;;=1+1;", Wrong.NO_NUMBER, Column.CONTACTS),
        ("2025-11-30;call;;1e9;", Wrong.NO_NUMBER, Column.CONTACTS),
        ("2025-11-30;call;;1,5;", Wrong.NOT_WHOLE, Column.CONTACTS),
        ("2025-11-30;call;;1000001;", Wrong.TOO_MANY, Column.CONTACTS),
        ("2025-11-30;call;;1;1.234", Wrong.AMBIGUOUS, Column.MINUTES),
        ("2025-11-30;call;;1;much", Wrong.NO_NUMBER, Column.MINUTES),
        ("2025-11-30;call;;1;nan", Wrong.NO_NUMBER, Column.MINUTES),
        ("2025-11-30;call;;1;99999999", Wrong.TOO_MANY, Column.MINUTES),
        ("2025-11-30;call;;1;2;and more", Wrong.TOO_LONG, None),
    ],
)
def test_check__wrong_cell__is_named_by_line_and_column(cells: str, wrong: Wrong, column: Column | None) -> None:
    mistake = line(cells)
    assert isinstance(mistake, Mistake)
    assert (mistake.line, mistake.wrong, mistake.column) == (2, wrong, column)


@pytest.mark.parametrize(
    ("typed", "minutes"), [("340", 340), ("0,5", "0.5"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("0.125", "0.125")]
)
def test_check__minutes_as_people_write_them__are_read(typed: str, minutes: str | int) -> None:
    row = line(f'2025-11-30;call;;1;"{typed}"')
    assert isinstance(row, VolumeRow)
    assert row.minutes == Decimal(minutes)


@pytest.mark.parametrize("typed", ["1234", "1.234", "1,234", "1'234", "1 234", "1234,0", "1234.00"])
def test_check__whole_number_with_or_without_thousands__is_read(typed: str) -> None:
    row = line(f"2025-11-30;call;;{typed};")
    assert isinstance(row, VolumeRow)
    assert row.contacts == 1234


def test_check__several_mistakes__each_is_told_and_lines_are_those_of_the_file() -> None:
    checked = check(f'\n{HEAD}\n2025-11-30;call;;1;\n\n2025-11-30;call;"a\nb";x;\n30.11.2025;Anruf;;5;\n')
    assert [(one.line, one.wrong, one.hint) for one in checked.mistakes] == [
        (5, Wrong.NO_TOPIC, ""),
        (5, Wrong.NO_NUMBER, ""),
        (7, Wrong.TWICE, "3"),
    ]
    assert (checked.wrong, len(checked.rows), checked.is_right) == (2, 1, False)
    assert checked.days == (NOV,)


def test_check__thousands_of_mistakes__the_first_are_told_and_all_are_counted() -> None:
    checked = check(HEAD + "\nx;call;;1;" * 5_000)
    assert (len(checked.mistakes), checked.wrong) == (MOST_MISTAKES, 5_000)


def test_split__quotation_mark_that_nobody_closes__costs_the_rest_but_no_more() -> None:
    checked = check(HEAD + '\n2025-11-30;call;"' + "a;b\n" * 100_000)
    assert checked.wrong == 1
    assert len(checked.mistakes[0].found) <= LONGEST_CELL


_ROWS = st.builds(
    VolumeRow,
    day=st.dates(date(2000, 1, 1), TODAY),
    channel=st.sampled_from(list(Channel)),
    topic=st.sampled_from(["", *TOPICS]),
    contacts=st.integers(0, 1_000_000),
    minutes=st.none() | st.decimals(0, 99_999, places=2),
)


@given(st.lists(_ROWS, min_size=1, max_size=20, unique_by=lambda row: (row.day, row.channel, row.topic)))
def test_write_table__any_rows__are_read_as_the_same(rows: list[VolumeRow]) -> None:
    assert check(write_table(rows)).rows == tuple(rows)


@given(st.binary(max_size=300))
def test_check__any_bytes__are_read_or_refused(raw: bytes) -> None:
    try:
        checked = check(HEAD.encode() + b"\n" + raw)
    except UnreadableError:
        return
    assert checked.rows or checked.mistakes


_CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.lists(_CELLS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_check__any_cells__each_line_is_right_or_wrong(table: list[list[str]]) -> None:
    text = StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([HEAD.split(";"), *table])
    try:
        checked = check(text.getvalue())
    except UnreadableError:
        assert not any(cell.strip() for cells in table for cell in cells)
        return
    lines = [cells for cells in table if any(cell.strip() for cell in cells)]
    assert len(checked.rows) + checked.wrong == len(lines)
