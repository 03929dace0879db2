"""Is only a description of an element taken, whatever a browser sends?"""

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.widgets.anchors.description import LONGEST, DescriptionError, as_json, read_description
from oscar_engage.widgets.anchors.shipped import SHIPPED_SLOTS

ROOT = Path(__file__).resolve().parents[3]
PRINT: dict[str, Any] = {"tag": "p", "classes": ["price_color"], "lang": "en", "kind": "product"}
PRICE: dict[str, Any] = {
    "marks": ["div.product_main > p.price_color"],
    "path": "div.product_main > p:nth-of-type(1)",
    "words": {"rel": "under", "of": "h1", "words": "lykt mini", "nth": 0},
    "print": PRINT,
}


def test_read__what_the_tool_makes__comes_back_as_it_was() -> None:
    read = as_json(read_description(json.dumps(PRICE)))
    assert {name: read["print"][name] for name in PRINT} == PRINT
    assert {name: read[name] for name in ("marks", "path", "words")} == {
        name: PRICE[name] for name in ("marks", "path", "words")
    }
    assert read_description(json.dumps(read)) == read_description(json.dumps(PRICE))


def test_read__two_ways__are_enough() -> None:
    assert read_description(json.dumps({**PRICE, "words": None})).ways == 2


@pytest.mark.parametrize(
    "change",
    [
        {"words": None, "path": ""},
        {"marks": [], "words": None},
        {"marks": ["x" * 301]},
        {"marks": ["p"] * 4},
        {"path": 7},
        {"print": None},
        {"print": {**PRINT, "tag": "p onload=alert(1)"}},
        {"print": {**PRINT, "tag": "p\n"}},
        {"print": {**PRINT, "classes": ["x"] * 9}},
        {"print": {**PRINT, "run": "alert(1)"}},
        {"words": {"rel": "eval", "of": "h1"}},
        {"words": {"rel": "under", "of": "h1", "nth": -1}},
        {"words": {"rel": "under", "of": "h1", "nth": 21}},
        {"__proto__": {}},
        {"html": "<script>"},
    ],
)
def test_read__anything_else__is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DescriptionError):
        read_description(json.dumps({**PRICE, **change}))


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "[" * 5000, '"' + "x" * LONGEST + '"', "NaN", "\x00", "\ud800"])
def test_read__no_description__is_refused(text: str) -> None:
    with pytest.raises(DescriptionError):
        read_description(text)


@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_read__any_text__is_a_description_or_refused(text: str) -> None:
    with contextlib.suppress(DescriptionError):
        assert read_description(text).ways >= 2


def test_shipped_slots__are_those_of_the_browser() -> None:
    source = (ROOT / "frontend" / "src" / "anchors.js").read_text()
    stock = source.partition("const STOCK = {")[2].partition("};")[0]
    assert tuple(re.findall(r'^  "?([\w-]+)"?: \[', stock, re.M)) == SHIPPED_SLOTS
