"""Does nothing stay in a copy that acts or fetches, whatever was sent?"""

import re

import pytest

from oscar_engage.desk.pages.grammar import LARGEST, Refusal, RefusedSnapshotError
from oscar_engage.desk.pages.sent import MOST_STYLES, read_snapshot
from oscar_engage.desk.pages.strip import is_own_path, own_paths, strip_html
from tests.desk.pages.snapshots import sent

KEPT = '<div class="row" lang="de"><h1 id="engage-pin">Kettle</h1><img src="/media/k.png" alt="A kettle" width="80"><br></div>'
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="/x" onerror="alert(1)">',
    '<p style="background:url(https://evil.example/a)">x</p>',
    '<link rel="stylesheet" href="https://evil.example/a.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<iframe srcdoc="x" src="https://evil.example/"></iframe>',
    '<form action="https://evil.example/"><button formaction="https://evil.example/">x</button></form>',
    '<a href="javascript:alert(1)" ping="https://evil.example/">x</a>',
    '<div hx-get="/x" data-hx-on="x">x</div>',
    '<svg onload="alert(1)"><script>alert(1)</script></svg>',
    "<math><mtext></mtext></math>",
    '<img src="https://evil.example/t.gif">',
    '<img src="//evil.example/t.gif">',
    '<img src="/\\evil.example/t.gif">',
    '<img src="data:image/png;base64,AAAA" srcset="https://evil.example/t.gif 2x">',
    '<img src="/dashboard/?delete=1">',
    "<style>@import url(https://evil.example/a.css)</style>",
    '<object data="https://evil.example/"></object>',
    '<p id="engage-root">x</p>',
    '<input value="secret"><textarea>secret</textarea>',
    '<video poster="https://evil.example/t.gif"></video>',
]


def test_strip_html__plain_page__stays_as_it_is() -> None:
    assert strip_html(KEPT) == KEPT


@pytest.mark.attack("A10", "A11")
@pytest.mark.parametrize("html", HOSTILE)
def test_a10__hostile_copy__keeps_nothing_that_acts_or_fetches(html: str) -> None:
    stripped = strip_html(html)

    assert not re.search(r"evil|alert|secret|javascript|style=|srcset|on\w+=|hx-|delete|engage-root", stripped)
    assert not re.search(r"<(script|link|meta|base|iframe|form|svg|math|style|object|input|textarea|video|a href)", stripped)


@pytest.mark.attack("I01")
def test_strip_html__card_number_in_text_and_name_of_a_picture__is_masked() -> None:
    stripped = strip_html('<p>4111 1111 1111 1111</p><img alt="5555555555554444">')

    assert stripped == '<p>[card]</p><img alt="[card]">'


@pytest.mark.parametrize(
    "address", ["", "a.css", "//evil.example/a", "/\\evil", "https://evil.example/", "/a?b", "/a#b", "/a b", '/a"b', "/a\nb"]
)
def test_is_own_path__anything_but_a_plain_path__is_none(address: str) -> None:
    assert not is_own_path(address)
    assert own_paths([address, "/static/a.css"]) == ["/static/a.css"]


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"html": None},
        {"view": [1]},
        {"view": [-1, 2]},
        {"scroll": [0.5, 0]},
        {"pin": [1, 2, 3]},
        {"pin": [0, 0, 10**9, 1]},
        {"styles": ["/a.css"] * (MOST_STYLES + 1)},
        {"styles": ["/" + "a" * 300]},
    ],
)
def test_read_snapshot__wrong_shape__is_malformed(changed: dict[str, object]) -> None:
    with pytest.raises(RefusedSnapshotError) as refused:
        read_snapshot(sent(**changed))
    assert refused.value.reason is Refusal.MALFORMED


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\ud800", "nul"])
def test_read_snapshot__no_json__is_malformed(text: str) -> None:
    with pytest.raises(RefusedSnapshotError) as refused:
        read_snapshot(text)
    assert refused.value.reason is Refusal.MALFORMED


def test_read_snapshot__far_too_long__is_not_read() -> None:
    with pytest.raises(RefusedSnapshotError) as refused:
        read_snapshot("[" * (2 * LARGEST + 1))
    assert refused.value.reason is Refusal.TOO_LARGE


def test_read_snapshot__without_a_pin__has_none() -> None:
    assert read_snapshot(sent(pin=None)).pin is None
