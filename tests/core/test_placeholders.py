"""Are only listed names places to fill in, and is everything else refused with what to type?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.placeholders import LONGEST_VALUE, MOST, Place, PlaceholderError, check, names_in, plain, put_in
from tests.attacks.payloads import XSS

KNOWN = ("product.title", "customer.first_name", "shop.name")


def refused(text: str, *, with_fallbacks: bool = True) -> PlaceholderError:
    with pytest.raises(PlaceholderError) as error:
        check(text, KNOWN, with_fallbacks=with_fallbacks)
    return error.value


@pytest.mark.parametrize(
    ("text", "reason", "near"),
    [
        ("{{ product.titel }}", "unknown", "product.title"),
        ("{{ first_name }}", "unknown", "customer.first_name"),
        ("{{ basket.flush }}", "unknown", ""),
        ("{{ product.title|upper }}", "unknown", "product.title"),
        ('{{ product.title | "a" | "b" }}', "unknown", "product.title"),
        ("{{ product.title() }}", "unknown", "product.title"),
        ("{{ {{ product.title }} }}", "nested", ""),
        ("{{ product.title", "unclosed", ""),
        ("{% load x %}", "template", ""),
    ],
)
def test_check__anything_but_a_listed_name__is_refused_with_what_is_like_it(text: str, reason: str, near: str) -> None:
    error = refused(text)

    assert (error.reason, error.near) == (reason, near)


@pytest.mark.attack("F01")
def test_check__fifty_thousand_nested_tags__refused_before_parsing() -> None:
    started = time.process_time()

    assert refused("{{ " * 50_000 + "x" + " }}" * 50_000).reason == "too_many"
    assert time.process_time() - started < 0.05


def test_check__most_that_fit__pass() -> None:
    check("{{ shop.name }}" * MOST, KNOWN)


@pytest.mark.parametrize("written", ['"there"', "“there”", "„there“", "„there”", ' "there" '])
def test_put_in__fallback__is_what_stands_in_quotation_marks(written: str) -> None:
    text = f"Hello {{{{ customer.first_name |{written}}}}}!"
    check(text, KNOWN, with_fallbacks=True)

    assert put_in(text, lambda place: place.fallback or "") == "Hello there!"
    assert names_in(text) == {"customer.first_name"}


def test_check__fallback_where_there_are_none__is_refused() -> None:
    assert refused('{{ shop.name | "x" }}', with_fallbacks=False).reason == "unknown"


def test_put_in__value_like_a_placeholder__stays_as_it_is() -> None:
    assert put_in("{{ shop.name }}", lambda place: "{{ product.title }}") == "{{ product.title }}"


def test_put_in__left_open__is_a_place_by_its_own_words() -> None:
    assert put_in("a {{ shop.na", lambda place: f"<{place.raw}>") == "a < shop.na>"


@pytest.mark.parametrize("text", ["", "plain", "{ shop.name }"])
def test_names_in__nothing_to_ask_for__is_empty(text: str) -> None:
    assert names_in(text) == frozenset()


def test_plain__long_and_broken__one_line_that_fits() -> None:
    assert plain(" a\n b " + "c" * 500) == ("a b " + "c" * 500)[:LONGEST_VALUE]


PIECES = st.lists(st.sampled_from([*(f"{{{{ {name} }}}}" for name in KNOWN), "a", " ", "{", "}", "|", *XSS]), max_size=8)


@given(pieces=PIECES)
def test_put_in__any_text_that_may_be_saved__asks_for_listed_names_only_and_keeps_the_rest(pieces: list[str]) -> None:
    text, asked = "".join(pieces), list[Place]()
    try:
        check(text, KNOWN, with_fallbacks=True)
    except PlaceholderError:
        return

    def put(place: Place) -> str:
        asked.append(place)
        return f"{{{{{place.raw}}}}}"

    assert put_in(text, put) == text
    assert {place.name for place in asked} == names_in(text) <= set(KNOWN)
