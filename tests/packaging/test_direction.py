"""Styles that stand the right way round where people read from right to left."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STYLES = sorted(
    path.relative_to(ROOT)
    for folder in ("oscar_engage", "frontend/src")
    for path in (ROOT / folder).rglob("*.css")
    if "dist" not in path.parts
)

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin)-(?:left|right)\b"
    r"|(?:left|right): |(?:float|text-align): *(?:left|right)\b)"
)
"""What means a side of the screen, where a side of the text is meant nearly always."""

FOUR_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset): *([^\s;}]+) ([^\s;}]+) ([^\s;}]+) (?!!)([^\s;}]+)")

OF_THE_SCREEN = (
    "inset: auto 20px calc(84px",  # where an offer stands by itself: that side is the merchandiser's to choose
    "[data-engage-side=",  # the merchandiser's own word, or the side that was measured
    "left: 50%;",  # a middle is one from both sides
    "left: 0;",  # a corner that a script moves things from, by coordinates of the window
    ".replayer-",  # the recorder's own coordinates
    "border-radius: 50%; pointer-events: none;",  # rings and hands that stand about a point
)


def test_styles_are_found() -> None:
    assert {path.name for path in STYLES} >= {"engage.css", "dashboard.css", "board.css", "help.css"}


@pytest.mark.parametrize("path", STYLES, ids=str)
def test_style__side_of_the_text_is_meant__says_start_and_end(path: Path) -> None:
    lines = (ROOT / path).read_text().splitlines()

    found = [f"{path}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if _names_a_side(line)]

    assert not found, "write -inline-start, -inline-end, start or end, so that it turns round with the text"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("a { margin-left: 1px; }", True),
        ("a { text-align: right; }", True),
        ("a { right: 3px; }", True),
        ("a { padding: 1px 2px 3px 4px; }", True),
        ("a { padding: 1px 2px 3px 2px; }", False),
        ("a { margin-inline-start: 1px; text-align: end; inset-inline-end: 3px; }", False),
        ('a[data-engage-side="left"] { left: 20px; }', False),
    ],
)
def test_names_a_side__lines_as_they_occur__told_apart(line: str, names: bool) -> None:
    assert _names_a_side(line) is names


def _names_a_side(line: str) -> bool:
    if any(known in line for known in OF_THE_SCREEN):
        return False
    uneven = any(found.group(2) != found.group(4) for found in FOUR_SIDES.finditer(line))
    return uneven or bool(PHYSICAL.search(line))
