"""What stands in the tags that we add to a page?"""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_script_prefix, reverse, set_script_prefix
from django.utils import translation
from django.utils.translation import override

from oscar_engage.storefront.snippet import _build, build_snippet
from oscar_engage.visitors.page import PageFacts


def test_snippet__of_a_page__tells_the_script_its_kind_and_words() -> None:
    with override("de"):
        snippet = build_snippet(PageFacts(kind="checkout", step="shipping-address"), payment=False)

    assert 'data-engage-kind="checkout"' in snippet
    assert 'data-engage-close="Schließen"' in snippet


def test_snippet__of_a_hostile_kind__stays_one_attribute() -> None:
    snippet = build_snippet(PageFacts(kind='"><script>alert(1)</script>'), payment=False)

    assert "<script>alert" not in snippet
    assert snippet.count("<script") == 1


@pytest.mark.parametrize(("payment", "scripts", "is_still"), [(False, 1, False), (True, 0, True)])
def test_snippet__help_link__stands_in_a_landmark_and_still_on_payment_pages(
    payment: bool, scripts: int, is_still: bool
) -> None:
    snippet = build_snippet(PageFacts(kind="checkout"), payment=payment)

    assert snippet.count("<script") == scripts
    assert ("engage-help-still" in snippet) is is_still
    assert '<nav class="engage-help-place' in snippet
    assert snippet.endswith("</a></nav>")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["help", "note-new", "chat-new", "questions"])
def test_own_page__of_ours__is_styled_and_carries_the_snippet_once(client: Client, name: str) -> None:
    content = client.get(reverse(f"engage:{name}")).content.decode()

    head, _, body = content.partition("</head>")
    assert "oscar_engage/dist/engage.css" in head
    assert body.count('data-engage-kind="help"') == 1
    assert 'id="engage-help"' not in body


def test_snippet__same_page_again__is_not_built_again() -> None:
    _build.cache_clear()
    pages = [PageFacts(kind="product", product_id=number % 2) for number in range(6)]

    built = [build_snippet(page, payment=False) for page in pages]

    assert len(set(built)) == 2
    assert _build.cache_info().misses == 2


def test_snippet__another_language_or_mounting__is_built_for_it() -> None:
    page = PageFacts(kind="home")
    plain = build_snippet(page, payment=False)
    with translation.override("de"):
        german = build_snippet(page, payment=False)
    set_script_prefix("/shop/")
    try:
        below = build_snippet(page, payment=False)
    finally:
        clear_script_prefix()

    assert "Hilfe" in german
    assert "/shop/engage/beat/" in below
    assert build_snippet(page, payment=False) == plain


def test_snippet__sensors_as_they_come__says_nothing_of_them(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"SENSORS": {"rage": {"clicks": 3}}}

    assert "data-engage-sensors" not in build_snippet(PageFacts(kind="home"), payment=False)


def test_snippet__sensors_changed__carries_what_is_changed_and_nothing_else(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"SENSORS": {"rage": {"clicks": 4, "pixels": 30}, "copy": None, "idle": {"seconds": [10, 20]}}}

    snippet = build_snippet(PageFacts(kind="home"), payment=False)
    (written,) = re.findall(r'data-engage-sensors="([^"]*)"', snippet)

    assert json.loads(unescape(written)) == {"copy": None, "idle": {"seconds": [10, 20]}, "rage": {"clicks": 4}}
    assert snippet == build_snippet(PageFacts(kind="home"), payment=False)
    assert "data-engage-sensors" not in build_snippet(PageFacts(kind="checkout"), payment=True)
