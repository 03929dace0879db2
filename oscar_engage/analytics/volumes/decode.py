"""What does the file say? Bytes in, lines of cells out; or why it cannot be read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

LARGEST = 1_000_000
"""Bytes of a file, at most: some 30 000 lines."""

LONGEST_CELL = 200
_SEPARATORS = (";", "\t", ",")
_NOT_TEXT = ((b"PK\x03\x04", "workbook"), (b"\xd0\xcf\x11\xe0", "workbook"), (b"%PDF", "pdf"))


class FileFault(StrEnum):
    """Why nothing of a file can be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WORKBOOK = "workbook"
    """A spreadsheet's own format, not CSV."""

    NOT_TEXT = "not_text"
    NO_HEAD = "no_head"
    """The first line does not name the columns."""

    TWICE = "twice"
    """The first line names a column twice."""

    NO_ROWS = "no_rows"
    TOO_MANY = "too_many"


class UnreadableError(ValueError):
    """The file cannot be read: ``fault`` says why, ``names`` which columns are missing or doubled."""

    def __init__(self, fault: FileFault, names: tuple[str, ...] = ()) -> None:
        self.fault, self.names = fault, names
        super().__init__(f"{fault}: {', '.join(names)}")


@dataclass(frozen=True, slots=True)
class Line:
    """Cells of one line of the table, stripped, and the number of the line in the file where it begins (the first is 1)."""

    number: int
    cells: tuple[str, ...]


def decode(raw: bytes) -> str:
    """Return the text of a file as spreadsheets and editors write it: UTF-8 with or without its mark, UTF-16, Windows-1252.

    Raises :class:`UnreadableError`. What is no UTF-8 is taken for Windows-1252, which knows a character for nearly every byte;
    so what is no text at all is told by its control characters.
    """
    if len(raw) > LARGEST:
        raise UnreadableError(FileFault.TOO_LARGE)
    for begin, kind in _NOT_TEXT:
        if raw.startswith(begin):
            raise UnreadableError(FileFault.WORKBOOK if kind == "workbook" else FileFault.NOT_TEXT)
    text = _decode(raw)
    if not text.strip():
        raise UnreadableError(FileFault.EMPTY)
    if any(character < " " and character not in "\t\r\n\f" for character in text):
        raise UnreadableError(FileFault.NOT_TEXT)
    return text


def _decode(raw: bytes) -> str:
    is_wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(FileFault.NOT_TEXT)


def split(text: str) -> Iterator[Line]:
    """Return the lines of a table that is separated by ``;``, tabs or commas, whichever its first line has most of.

    Empty lines are left out, but counted. A cell is cut at :data:`LONGEST_CELL` characters: a quotation mark that nobody closes
    makes one cell of the rest of the file.
    """
    head = next(line for line in text.splitlines() if line.strip())
    separator = max(_SEPARATORS, key=head.count)
    # splitlines() would also end a line at characters that csv leaves in a cell
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST + 1))
    begin = 1
    for cells in reader:
        stripped = tuple(cell.strip()[:LONGEST_CELL] for cell in cells)
        if any(stripped):
            yield Line(begin, stripped)
        begin = reader.line_num + 1
