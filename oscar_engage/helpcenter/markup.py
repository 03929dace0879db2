"""How is an article's text written? Headings, paragraphs, lists, notes, pictures, bold words and links; nothing else is markup.

Pure: a text becomes blocks, and a template writes them with everything escaped. What is no markup stays as it was typed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 20_000
"""Characters of one text; more is a book, and no answer."""


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    STEPS = "steps"
    NOTE = "note"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a line: plain, bold, stressed, or leading somewhere."""

    text: str
    is_bold: bool = False
    href: str = ""
    is_stressed: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block: its lines (a list has several, all else one), and where a picture is."""

    kind: BlockKind
    lines: tuple[Line, ...]
    source: str = ""
    number: int = 0
    """Which heading of the text this is, from 1; 0 for all else."""

    @property
    def plain(self) -> str:
        """The block's words without any markup; each line of a list stays one, for people read it where answers are shown."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)


_SPAN = re.compile(r"\*\*([^*\n]+)\*\*|\[([^\[\]\n]+)\]\(([^()\s]+)\)|\*(?=[^*\s])([^*\n]*[^*\s])\*")
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\s]+)\)")
_STEP = re.compile(r"[0-9]{1,2}\. +")
_WAYS_OUT = ("https://", "mailto:", "tel:", "#")
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


def is_safe_link(href: str) -> bool:
    """Whether a link may lead there: a path of this shop, ``https``, a mail address, a number to call, a place in the page."""
    if _CONTROL.search(href):
        return False
    return is_own_path(href) or href.lower().startswith(_WAYS_OUT)


def is_own_path(href: str) -> bool:
    """Whether this is a path of this site: ``//`` would lead to another."""
    return href.startswith("/") and not href.startswith("//") and not _CONTROL.search(href)


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of ``text``; empty lines part them, a heading or picture is a line of its own."""
    blocks: list[Block] = []
    for kind, lines in _grouped(text):
        headings = sum(block.kind is BlockKind.HEADING for block in blocks)
        blocks.append(_block(kind, lines, headings + 1))
    return tuple(blocks)


def wrong_links(text: str) -> tuple[str, ...]:
    """Return where links and pictures lead that :func:`parse` leaves as typed, because nobody may be led there."""
    found: list[str] = []
    for line in text.splitlines():
        picture = _PICTURE.fullmatch(line.strip())
        if picture:
            found += [] if is_own_path(picture[2]) else [picture[2]]
        else:
            found += [match[3] for match in _SPAN.finditer(line) if match[3] and not is_safe_link(match[3])]
    return tuple(found)


def split_at_headings(blocks: tuple[Block, ...]) -> tuple[tuple[Block | None, tuple[Block, ...]], ...]:
    """Return each heading (``None`` for what stands before the first) with the blocks below it; empty parts are left out."""
    parts: list[tuple[Block | None, list[Block]]] = [(None, [])]
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return tuple((heading, tuple(below)) for heading, below in parts if below)


def _grouped(text: str) -> Iterator[tuple[BlockKind, list[str]]]:
    """Give the lines that belong together, with what they are."""
    kind, lines = BlockKind.PARAGRAPH, list[str]()
    for raw in [*text.splitlines(), ""]:
        now, line = _kind_of(raw.strip())
        if lines and (not line or now is not kind or kind in (BlockKind.HEADING, BlockKind.PICTURE)):
            yield kind, lines
            lines = []
        if line:
            kind = now
            lines.append(line)


def _kind_of(line: str) -> tuple[BlockKind, str]:
    picture = _PICTURE.fullmatch(line)
    if picture and is_own_path(picture[2]):
        return BlockKind.PICTURE, line
    for mark, kind in (("## ", BlockKind.HEADING), ("- ", BlockKind.LIST), ("> ", BlockKind.NOTE)):
        if line.startswith(mark):
            return kind, line[len(mark) :].strip()
    step = _STEP.match(line)
    return (BlockKind.STEPS, line[step.end() :]) if step else (BlockKind.PARAGRAPH, line)


def _block(kind: BlockKind, lines: list[str], number: int) -> Block:
    picture = _PICTURE.fullmatch(lines[0]) if kind is BlockKind.PICTURE else None
    if picture:
        return Block(kind=kind, lines=((Span(picture[1]),),), source=picture[2])
    if kind in (BlockKind.LIST, BlockKind.STEPS):
        return Block(kind=kind, lines=tuple(_spans(line) for line in lines))
    return Block(kind=kind, lines=(_spans(" ".join(lines)),), number=number if kind is BlockKind.HEADING else 0)


def _spans(line: str, *, is_bold: bool = False) -> Line:
    spans: list[Span] = []
    end = 0
    for match in _SPAN.finditer(line):
        bold, words, href, stressed = match.groups()
        if href and not is_safe_link(href):
            continue
        if match.start() > end:
            spans.append(Span(line[end : match.start()], is_bold))
        spans += _spans(bold, is_bold=True) if bold else (Span(words or stressed, is_bold, href or "", bool(stressed)),)
        end = match.end()
    if end < len(line):
        spans.append(Span(line[end:], is_bold))
    return tuple(spans)
