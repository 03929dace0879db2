"""Is each line right? Lines in, rows and mistakes out: every mistake by its line, its column, what is there and what is wrong.

The words stand in the dashboard; here is what they are about.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from oscar_engage.analytics.costs.rates import Channel
from oscar_engage.analytics.volumes.decode import FileFault, Line, UnreadableError

MOST_ROWS = 20_000
MOST_CONTACTS = 1_000_000
MOST_MINUTES = Decimal(10_000_000)
MOST_MISTAKES = 200
"""So many are told of one file; how many there are in all is told, too."""

EARLIEST = date(2000, 1, 1)


class Column(StrEnum):
    """The columns of the table, in the order of the template."""

    DAY = "date"
    CHANNEL = "channel"
    TOPIC = "topic"
    CONTACTS = "contacts"
    MINUTES = "minutes"


NEEDED = (Column.DAY, Column.CHANNEL, Column.CONTACTS)
"""Without these there is no table. A missing topic is "not known", missing minutes are not measured."""

_HEADS: Mapping[str, Column] = {
    **dict.fromkeys(("date", "day", "datum", "tag"), Column.DAY),
    **dict.fromkeys(("channel", "kanal"), Column.CHANNEL),
    **dict.fromkeys(("topic", "thema", "subject"), Column.TOPIC),
    **dict.fromkeys(("contacts", "kontakte", "number", "anzahl"), Column.CONTACTS),
    **dict.fromkeys(("minutes", "minuten", "handle minutes", "bearbeitungsminuten"), Column.MINUTES),
}
_CHANNELS: Mapping[str, Channel] = {
    **dict.fromkeys(("note", "notiz", "form", "formular"), Channel.NOTE),
    **dict.fromkeys(("chat",), Channel.CHAT),
    **dict.fromkeys(("mail", "e-mail", "email"), Channel.MAIL),
    **dict.fromkeys(("call", "phone", "telephone", "anruf", "telefon", "hotline"), Channel.CALL),
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}(?:[.,]0{1,2})?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)
_BOTH = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,6}|\d{1,3}(?:,\d{3})+\.\d{1,6}", re.ASCII)
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


class Wrong(StrEnum):
    """What is wrong with a cell or a line."""

    MISSING = "missing"
    NO_DATE = "no_date"
    TOO_EARLY = "too_early"
    TO_COME = "to_come"
    NO_CHANNEL = "no_channel"
    NO_TOPIC = "no_topic"
    NO_NUMBER = "no_number"
    NOT_WHOLE = "not_whole"
    TOO_MANY = "too_many"
    AMBIGUOUS = "ambiguous"
    TWICE = "twice"
    """Day, channel and topic stand in an earlier line already."""

    TOO_LONG = "too_long"
    """More cells than columns: often a separator within a number or a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake: ``found`` is what stands there, ``hint`` the nearest known name or the other line's number."""

    line: int
    wrong: Wrong
    column: Column | None = None
    found: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeRow:
    """One right line: contacts of a day through a channel on a topic (its short name, ``""``: not known)."""

    day: date
    channel: Channel
    topic: str
    contacts: int
    minutes: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is in a file: right rows, and mistakes by line, the first :data:`MOST_MISTAKES`; ``wrong``: lines that have any."""

    rows: tuple[VolumeRow, ...]
    mistakes: tuple[Mistake, ...]
    wrong: int

    @property
    def is_right(self) -> bool:
        """Whether every line is."""
        return self.wrong == 0

    @property
    def days(self) -> tuple[date, ...]:
        """The days that right rows are about, in order."""
        return tuple(sorted({row.day for row in self.rows}))


def check_table(lines: Iterable[Line], *, topics: Mapping[str, str], today: date) -> Checked:
    """Return what the table says, line by line. ``topics``: names of the desk's topics by their short names.

    Raises :class:`UnreadableError` where there is no table, or one of more than :data:`MOST_ROWS` lines.
    """
    remaining = iter(lines)
    head = next(remaining, None)
    columns = _read_head(head.cells if head else ())
    names = _by_name(topics)
    rows: dict[tuple[date, Channel, str], tuple[int, VolumeRow]] = {}
    mistakes: list[Mistake] = []
    wrong = count = 0
    for line in remaining:
        count += 1
        if count > MOST_ROWS:
            raise UnreadableError(FileFault.TOO_MANY)
        row, found = _check_line(line, columns, names, today)
        key = (row.day, row.channel, row.topic) if row else None
        if row and key in rows:
            found = [Mistake(line=line.number, wrong=Wrong.TWICE, hint=str(rows[key][0]))]
        if found or row is None or key is None:
            wrong += 1
            mistakes += found[: MOST_MISTAKES - len(mistakes)]
        else:
            rows[key] = (line.number, row)
    if not count:
        raise UnreadableError(FileFault.NO_ROWS)
    return Checked(rows=tuple(row for _number, row in rows.values()), mistakes=tuple(mistakes), wrong=wrong)


def _read_head(cells: Sequence[str]) -> dict[Column, int]:
    known = [(_HEADS.get(cell.casefold()), place) for place, cell in enumerate(cells)]
    columns: dict[Column, int] = {}
    for column, place in known:
        if column in columns:
            raise UnreadableError(FileFault.TWICE, (column.value,))
        if column is not None:
            columns[column] = place
    missing = tuple(column.value for column in NEEDED if column not in columns)
    if missing:
        raise UnreadableError(FileFault.NO_HEAD, missing)
    return columns


def _by_name(topics: Mapping[str, str]) -> dict[str, str]:
    return {**{name.casefold(): slug for slug, name in topics.items()}, **{slug.casefold(): slug for slug in topics}}


class _WrongCellError(ValueError):
    def __init__(self, wrong: Wrong, hint: str = "") -> None:
        self.wrong, self.hint = wrong, hint
        super().__init__(wrong)


def _check_line(
    line: Line, columns: Mapping[Column, int], topics: Mapping[str, str], today: date
) -> tuple[VolumeRow | None, list[Mistake]]:
    if any(line.cells[max(columns.values()) + 1 :]):
        return None, [Mistake(line=line.number, wrong=Wrong.TOO_LONG)]
    mistakes: list[Mistake] = []
    values: dict[Column, object] = {}
    for column in Column:
        place = columns.get(column)
        cell = line.cells[place] if place is not None and place < len(line.cells) else ""
        try:
            values[column] = _read(column, cell, topics, today)
        except _WrongCellError as error:
            mistakes.append(Mistake(line=line.number, wrong=error.wrong, column=column, found=cell, hint=error.hint))
    if mistakes:
        return None, mistakes
    row = VolumeRow(**{_FIELDS[column]: value for column, value in values.items()})  # type: ignore[arg-type]  # as _read gives
    return row, []


_FIELDS = {
    Column.DAY: "day",
    Column.CHANNEL: "channel",
    Column.TOPIC: "topic",
    Column.CONTACTS: "contacts",
    Column.MINUTES: "minutes",
}


def _read(column: Column, cell: str, topics: Mapping[str, str], today: date) -> object:
    if not cell:
        if column in NEEDED:
            raise _WrongCellError(Wrong.MISSING)
        return "" if column is Column.TOPIC else None
    if column is Column.DAY:
        return read_day(cell, today)
    if column is Column.CHANNEL:
        return _read_channel(cell)
    if column is Column.TOPIC:
        return _read_topic(cell, topics)
    return read_contacts(cell) if column is Column.CONTACTS else read_minutes(cell)


def read_day(cell: str, today: date) -> date:
    """Return the day that is written as 2026-11-01 or 01.11.2026; with strokes nobody knows which is the month."""
    found = _ISO.fullmatch(cell), _GERMAN.fullmatch(cell)
    parts = found[0].groups() if found[0] else found[1].groups()[::-1] if found[1] else None
    try:
        day = date(*(int(part) for part in parts)) if parts else None
    except ValueError:  # there is no 31 November
        day = None
    if day is None:
        raise _WrongCellError(Wrong.NO_DATE)
    if day < EARLIEST:
        raise _WrongCellError(Wrong.TOO_EARLY)
    if day > today:
        raise _WrongCellError(Wrong.TO_COME)
    return day


def _read_channel(cell: str) -> Channel:
    channel = _CHANNELS.get(cell.casefold())
    if channel is None:
        raise _WrongCellError(Wrong.NO_CHANNEL)
    return channel


def _read_topic(cell: str, topics: Mapping[str, str]) -> str:
    slug = topics.get(cell.casefold())
    if slug is None:
        raise _WrongCellError(Wrong.NO_TOPIC)
    return slug


def read_contacts(cell: str) -> int:
    """Return a whole number. It has no fraction, so a point or a comma before three digits can only group thousands."""
    text = re.sub(r"[^0-9]", "", cell) if _GROUPED.fullmatch(cell) else cell
    if not _WHOLE.fullmatch(text):
        raise _WrongCellError(Wrong.NOT_WHOLE if _DECIMAL.fullmatch(cell) else Wrong.NO_NUMBER)
    number = int(re.split("[.,]", text)[0])
    if number > MOST_CONTACTS:
        raise _WrongCellError(Wrong.TOO_MANY)
    return number


def read_minutes(cell: str) -> Decimal:
    """Return a number with a point or a comma before its fraction; 1.234 may be either, and is refused."""
    if _AMBIGUOUS.fullmatch(cell):
        raise _WrongCellError(Wrong.AMBIGUOUS)
    if _BOTH.fullmatch(cell):
        last = max(cell.rfind("."), cell.rfind(","))
        cell = re.sub(r"[.,]", "", cell[:last]) + "." + cell[last + 1 :]
    if not _DECIMAL.fullmatch(cell):
        raise _WrongCellError(Wrong.NO_NUMBER)
    minutes = Decimal(cell.replace(",", "."))
    if minutes > MOST_MINUTES:
        raise _WrongCellError(Wrong.TOO_MANY)
    return minutes
