"""Does a balloon come to the place that staff picked, and to no other?"""

import html
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_shop import Answer, FakeShop

Wait = Callable[..., None]
PRODUCT = """<main class="page"><div class="product_main"><h1>Tent</h1><p class="price_color">199</p>
<p class="hint">Runs small</p></div><div class="facts"><h2>Facts</h2><p>Other</p></div></main>"""
PICKED: dict[str, Any] = {
    "marks": ["div.product_main > p.hint"],
    "path": "div.product_main > p:nth-of-type(2)",
    "words": {"rel": "under", "of": "h1", "words": "tent", "nth": 0},
    "print": {
        "tag": "p", "type": "", "role": "", "classes": ["hint"], "words": "", "beside": "", "lang": "en", "kind": "product",
    },
}  # fmt: skip
SCRIPT = "/static/oscar_engage/dist/picked.js"


def offer(fake_shop: FakeShop, picked: dict[str, Any], *, kind: str = "balloon") -> None:
    """Answer the first beat with an offer at the picked place."""
    carried = html.escape(json.dumps(picked), quote=True)
    fragment = f"""<div data-engage-widget="{kind}" data-engage-decision="d-1" data-engage-anchor="size-hint"
      data-engage-picked="{carried}" data-engage-picked-script="{SCRIPT}" role="dialog" aria-labelledby="t">
      <p class="engage-title" id="t">Take one size up</p></div>"""
    fake_shop.beat(lambda beat, number: Answer(204 if number else 200, "" if number else fragment, {"Engage-Next": "1"}))


def told(fake_shop: FakeShop) -> list[dict[str, Any]]:
    return [signal["data"] for signal in fake_shop.signals("page.picked")]


def test_balloon__at_a_picked_place__stands_beside_it_and_tells_once(
    page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    offer(fake_shop, PICKED)
    page.goto(fake_shop.page(PRODUCT, kind="product"))
    balloon = page.locator(".engage-balloon:not([data-engage-away])")
    expect(balloon).to_be_visible()
    page.evaluate("dispatchEvent(new Event('resize'))")
    wait_for(lambda: told(fake_shop))

    assert told(fake_shop) == [{"anchor": "size-hint", "found": True}]
    assert page.locator(".hint").evaluate("element => element.style.cssText").startswith("anchor-name")
    assert complaints == []


@pytest.mark.parametrize(
    "body",
    [
        PRODUCT.replace('<p class="hint">Runs small</p>', ""),  # it is gone
        PRODUCT.replace('class="hint"', 'class="note"').replace("<h1>", "<p>New</p><h1>"),  # only its place is alike
        PRODUCT.replace("<p class=\"hint\">Runs small</p>", '<div class="hint">Runs small</div><p>Other</p>'),  # another tag
        PRODUCT.replace('class="hint"', 'class="hint" hidden'),  # not on display
    ],
)  # fmt: skip
def test_balloon__place_not_found_for_sure__stays_away_and_says_so(
    body: str, page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    offer(fake_shop, PICKED)
    page.goto(fake_shop.page(body, kind="product"))
    wait_for(lambda: told(fake_shop))

    assert told(fake_shop) == [{"anchor": "size-hint", "found": False}]
    assert page.locator(".engage-balloon").count() == 0  # another offer may come
    assert fake_shop.signals("widget.seen") == []
    assert complaints == []


def test_balloon__another_kind_of_page__stays_away_and_says_nothing_of_the_place(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    offer(fake_shop, PICKED)
    page.goto(fake_shop.page(PRODUCT, kind="home"))
    wait_for(lambda: fake_shop.asked(SCRIPT))
    page.wait_for_timeout(6500)

    assert page.locator(".engage-balloon").count() == 0
    assert told(fake_shop) == []


@pytest.mark.parametrize(
    "picked",
    [
        {**PICKED, "marks": ["p:has(", "<img src=x onerror=alert(1)>"], "path": "javascript:alert(1)"},
        {**PICKED, "marks": ["*"], "path": "*", "words": {"rel": "holds", "of": "h1", "words": "tent", "nth": 20}},
        {**PICKED, "words": {"rel": "own", "of": "p);alert(1", "words": "", "nth": 0}, "path": ""},
    ],
)
def test_balloon__hostile_description__runs_nothing_and_finds_nothing(
    picked: dict[str, Any], page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    offer(fake_shop, picked)
    page.goto(fake_shop.page(PRODUCT, kind="product"))
    wait_for(lambda: told(fake_shop))

    assert told(fake_shop) == [{"anchor": "size-hint", "found": False}]
    assert complaints == []


def test_place__marked_in_the_template__goes_before_the_picked_one(page: Page, fake_shop: FakeShop) -> None:
    offer(fake_shop, PICKED)
    page.goto(fake_shop.page(PRODUCT.replace("<p>Other", '<p data-engage-id="size-hint">Other'), kind="product"))
    expect(page.locator(".engage-balloon:not([data-engage-away])")).to_be_visible()
    assert fake_shop.asked(SCRIPT) == []
    assert page.locator("[data-engage-id]").evaluate("element => element.style.cssText").startswith("anchor-name")
