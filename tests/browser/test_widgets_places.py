"""Which marked places does the browser say were seen and clicked? Those that were, each once, and no text."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.fake_shop import FakeShop

Wait = Callable[..., None]

PLACES = """<div class="product_main"><h1>Tent</h1><p class="price_color">SECRET 199</p></div>
<table data-engage-id="size-table" data-engage-object="product:7"><tr><td>SECRET two</td></tr></table>
<section data-engage-id="tall"><button>Inside</button>{lines}</section>
<p data-engage-id="below">Far below</p>""".format(lines="<br>" * 200)


def told(fake_shop: FakeShop) -> list[dict[str, Any]]:
    return [signal["data"] for signal in fake_shop.signals("page.anchors")]


def leave(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page("next", path="/next/"))
    wait_for(lambda: fake_shop.signals("page.left"))


def test_places__seen_for_a_second_and_clicked__told_by_name_when_the_page_is_left(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    page.goto(fake_shop.page(PLACES, path="/tent/"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(1300)
    page.locator("td").click()
    leave(page, fake_shop, wait_for)

    (data,) = told(fake_shop)
    assert sorted(data["seen"]) == ["price", "size-table|product:7", "tall"]
    assert data["clicked"] == ["size-table|product:7"]
    assert not any("SECRET" in seen.body for seen in fake_shop.seen)


def test_places__passed_over_in_less_than_a_second__not_told(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page("<p>x</p>" + "<br>" * 200 + '<p data-engage-id="below">y</p>', path="/tent/"))
    wait_for(fake_shop.beats)
    page.evaluate("scrollTo(0, 5000)")
    page.wait_for_timeout(500)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(1300)
    leave(page, fake_shop, wait_for)

    assert told(fake_shop) == []


def test_places__tab_hidden_and_shown_again__each_told_once(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page('<p data-engage-id="one">x</p>', path="/tent/"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(1300)
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange', {bubbles: true})); }"
    page.evaluate(hide, True)
    wait_for(lambda: told(fake_shop))
    page.evaluate(hide, False)
    page.locator("p").click()
    leave(page, fake_shop, wait_for)

    assert told(fake_shop) == [{"seen": ["one"], "clicked": []}, {"seen": [], "clicked": ["one"]}]
