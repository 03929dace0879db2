"""What becomes of a text? Blocks of words, and nothing that could run or lead astray."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.helpcenter.markup import BlockKind, Span, is_safe_link, parse, split_at_headings, wrong_links

TEXT = """Before.
Still before.

## First
- one
- **two** and [three](/three/)

1. do
2. then do

> A note

![A label](/media/label.png)
After it.
"""


def kinds(text: str) -> list[str]:
    return [block.kind.value for block in parse(text)]


def test_parse__every_kind__is_told_apart() -> None:
    assert kinds(TEXT) == ["paragraph", "heading", "list", "steps", "note", "picture", "paragraph"]


def test_parse__lines_of_a_paragraph__are_one() -> None:
    assert parse(TEXT)[0].plain == "Before. Still before."
    assert parse("- 25 cm: size 39\n- 26 cm: **size 41**")[0].plain == "25 cm: size 39\n26 cm: size 41"


def test_parse__a_list__has_a_line_for_each_point() -> None:
    points = parse(TEXT)[2].lines
    assert points == ((Span("one"),), (Span("two", is_bold=True), Span(" and "), Span("three", href="/three/")))


def test_parse__bold_link__is_both() -> None:
    assert parse("**[here](/x/)**!")[0].lines == ((Span("here", is_bold=True, href="/x/"), Span("!")),)


def test_parse__stars__stress_words_and_not_sums() -> None:
    assert parse("Press *Cancel* now")[0].lines == ((Span("Press "), Span("Cancel", is_stressed=True), Span(" now")),)
    assert parse("5 * 3 * 2")[0].lines == ((Span("5 * 3 * 2"),),)


def test_parse__a_picture__has_words_and_a_path() -> None:
    picture = parse(TEXT)[5]
    assert (picture.plain, picture.source) == ("A label", "/media/label.png")


@pytest.mark.parametrize(
    "href",
    ["javascript:x", "JavaScript:x", "data:text/html,x", "//evil.example", "http://plain.example", "\\\\evil", "/\\evil"],
)
def test_link__that_leads_astray__stays_text_and_is_named(href: str) -> None:
    assert not is_safe_link(href)
    assert [span.href for span in parse(f"[go]({href})")[0].lines[0]] == [""]
    assert wrong_links(f"[go]({href})") == (href,)


@pytest.mark.parametrize("href", ["/x/", "https://shop.example/", "mailto:a@shop.example", "tel:+441234", "#part"])
def test_link__of_a_usual_kind__leads_there(href: str) -> None:
    assert parse(f"[go]({href})")[0].lines == ((Span("go", href=href),),)
    assert wrong_links(f"[go]({href})") == ()


def test_picture__from_elsewhere__is_none_and_named() -> None:
    assert kinds("![x](https://evil.example/x.png)") == ["paragraph"]
    assert wrong_links("![x](https://evil.example/x.png)") == ("https://evil.example/x.png",)
    assert wrong_links("![x](/media/x.png)") == ()


def test_split__at_headings__leaves_out_what_is_empty() -> None:
    parts = split_at_headings(parse("## Empty\n\n## Full\n\nText\n\n## Also\n\nMore"))
    assert [(heading.plain if heading else "", [block.plain for block in below]) for heading, below in parts] == [
        ("Full", ["Text"]),
        ("Also", ["More"]),
    ]
    assert [heading.number for heading, _below in parts if heading] == [2, 3]


def test_parse__nothing__is_nothing() -> None:
    assert parse("") == parse("\n \n") == ()


@given(st.text(alphabet="ab *[]()#->!1.\n/", max_size=200))
def test_parse__any_text__loses_no_letter(text: str) -> None:
    kept = "".join(block.plain + block.source + "".join(s.href for line in block.lines for s in line) for block in parse(text))
    assert sum(kept.count(letter) for letter in "ab") == sum(text.count(letter) for letter in "ab")
    assert {block.kind for block in parse(text)} <= set(BlockKind)


@pytest.mark.parametrize(
    "nested", ["[" * 20_000, "**" * 10_000, "[a](" * 5_000, "](" * 10_000, "**[" * 6_000, "![" * 10_000, "*a " * 6_000]
)
def test_parse__hostile_nesting__takes_no_time(nested: str) -> None:
    began = time.perf_counter()
    parse(nested)
    wrong_links(nested)
    assert time.perf_counter() - began < 1
