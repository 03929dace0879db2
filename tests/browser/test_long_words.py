"""Does a page stay as wide as the phone, whatever long words it has to show?"""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_overflow

NewContext = Callable[..., BrowserContext]
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})
LONG = "Donaudampfschifffahrtsgesellschaft" * 2 + "skapitänswitwe"
BANNER = """<div class="engage-summary engage-no-worker" role="status"><h2>Nobody does the work in the background</h2>
<p>No worker is running: start one, or call “manage.py engage_tick” every minute. <span class="engage-wide-only">Until then no
mail goes out, reports stand still and nothing old is removed. Nothing is lost: it is done when a worker comes.</span></p>
<p><a href="/dashboard/engage/health/">Health</a></p></div>"""
_SHOUT = "(html) => document.querySelector('main.engage').insertAdjacentHTML('afterbegin', html)"
_CUT = """() => [...document.querySelectorAll("#engage-trail tbody :is(td, th)")]
  .filter((cell) => cell.getBoundingClientRect().right > innerWidth || cell.scrollWidth > cell.clientWidth)
  .map((cell) => cell.textContent.trim())"""


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("ENGAGE_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{(page.viewport_size or {})['width']}.png")


@pytest.fixture
def named(new_context: NewContext, real_shop: RealShop) -> Iterator[Page]:
    """Return the editor of a rule that was given a long name just now, with the message that says so."""
    page = staff.sign_in(new_context().new_page(), real_shop.address, "admin@example.com")
    page.goto(f"{real_shop.address}/dashboard/engage/rules/")
    page.get_by_role("link", name="Payment refused").click()
    before = page.locator("#id_name").input_value()
    _rename(page, LONG)
    yield page
    _rename(page, before)


def _rename(page: Page, name: str) -> None:
    page.locator("#id_name").fill(name)
    page.locator("button[name=save]").first.click()
    expect(page.locator(".alert-success").first).to_contain_text(name)


def test_rule__with_a_long_name__keeps_every_page_in_its_width(named: Page, real_shop: RealShop) -> None:
    for size in SIZES:
        named.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        picture(named, "long-name")
        assert named.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert find_overflow(named) == []
    editor = named.url
    named.goto(f"{real_shop.address}/dashboard/engage/trail/")
    for size in SIZES:
        named.set_viewport_size(size)  # type: ignore[arg-type]  # the same
        picture(named, "trail")
        assert named.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert named.evaluate(_CUT) == []
    named.goto(f"{real_shop.address}/dashboard/engage/rules/")
    assert named.evaluate("document.documentElement.scrollWidth") <= SIZES[-1]["width"]
    named.goto(editor)


def test_banner__nobody_works_in_the_background__leaves_a_phone_its_screen(
    new_context: NewContext, real_shop: RealShop
) -> None:
    page = staff.sign_in(new_context().new_page(), real_shop.address, "supervisor@example.com")
    heights = {}
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the same
        page.goto(f"{real_shop.address}/dashboard/engage/rules/")
        page.evaluate(_SHOUT, BANNER)
        picture(page, "banner")
        box = page.locator(".engage-no-worker").bounding_box()
        assert box is not None
        heights[size["width"]] = box["height"]
    assert heights[390] < 844 / 8
    assert heights[1280] < 900 / 5
