"""Is only the narrow form let through, at once, however hostile the text?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.pages.grammar import DEEPEST, LARGEST, VOID, Refusal, RefusedSnapshotError, check_markup


def reason_of(html: str) -> Refusal:
    with pytest.raises(RefusedSnapshotError) as refused:
        check_markup(html)
    return refused.value.reason


@pytest.mark.parametrize(
    "html", ["", "text", "<p>a &#60; b</p>", '<div class="a b"><img src="/a.png" alt="x"><br></div>', "<h1></h1>tail"]
)
def test_check_markup__as_our_script_writes__passes(html: str) -> None:
    check_markup(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>",
        "</p>",
        "<p></div>",
        "<b><i></b></i>",
        "<!-- <p> -->",
        "<!doctype html>",
        "<?xml?>",
        "<P></P>",
        "<p class=a></p>",
        "<p class='a'></p>",
        '<p class="a></p>',
        '<p title="</p>"></p>',
        "a < b",
        "<p",
        "<x-card></x-card>",
        "<svg:a></svg:a>",
        "<p/></p>",
        "<p\n></p>",
    ],
)
def test_check_markup__anything_else__is_malformed(html: str) -> None:
    assert reason_of(html) is Refusal.MALFORMED


def test_check_markup__at_and_over_the_depth__passes_and_is_refused() -> None:
    check_markup("<p>" * DEEPEST + "</p>" * DEEPEST)
    assert reason_of("<p>" * (DEEPEST + 1) + "</p>" * (DEEPEST + 1)) is Refusal.TOO_DEEP


def test_check_markup__at_and_over_the_size__counts_bytes() -> None:
    check_markup("x" * LARGEST)
    assert reason_of("x" * (LARGEST + 1)) is Refusal.TOO_LARGE
    assert reason_of("é" * (LARGEST // 2 + 1)) is Refusal.TOO_LARGE


@pytest.mark.attack("A17")
def test_a17__fifty_thousand_nested_elements__are_refused_at_once() -> None:
    hostile = ("<div>" * 50_000, "<div>" * 40_000 + "</div>" * 40_000, "<b><i></b>" * 40_000, '<p a="">' * 60_000)

    began = time.process_time()
    reasons = [reason_of(html) for html in hostile]

    # a hundredth of a second on a machine that is idle: what walks them all takes a second and more
    assert (time.process_time() - began) / len(hostile) < 0.1
    assert set(reasons) <= {Refusal.TOO_DEEP, Refusal.MALFORMED}


TREES = st.recursive(
    st.text(alphabet="ab &;é\n", max_size=8) | st.sampled_from(sorted(VOID)).map(lambda tag: f'<{tag} class="x">'),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f'<div lang="de">{"".join(parts)}</div>'),
    max_leaves=20,
)


@given(html=TREES, at=st.integers(0, 400))
def test_check_markup__well_formed_tree__passes_and_an_open_end_never(html: str, at: int) -> None:
    check_markup(html)
    with pytest.raises(RefusedSnapshotError):
        check_markup(html[:at] + "<" + html[at:] if at <= len(html) else html + "<div>")
