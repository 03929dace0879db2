"""Does a draft stand on a real page at both sizes, and does nothing of it reach the server?"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_inline_code, find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})
TITLE = "Between two sizes?"


@pytest.fixture(params=SIZES, ids=lambda size: str(size["width"]))
def page(request: Any, new_context: NewContext, real_shop: RealShop) -> Page:
    """Return the editor of an engagement, open before a merchandiser."""
    signed_in = staff.sign_in(new_context().new_page(), real_shop.address, "merchandiser@example.com")
    signed_in.set_viewport_size(request.param)
    signed_in.goto(f"{real_shop.address}/dashboard/engage/engagements/")
    signed_in.get_by_role("link", name=TITLE).click()
    return signed_in


def test_preview__draft_on_a_product__stands_in_both_frames_and_sends_nothing(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/engage/beat/" in request.url else None)
    page.locator("#id_title").fill("Typed just now")
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("link", name="On a page", exact=True).click()
    for number in (0, 1):
        frame = page.locator("iframe").nth(number).content_frame
        widget = frame.locator("[data-engage-widget]")
        expect(widget).to_be_visible()
        expect(widget).to_contain_text("Typed just now")
        widget.get_by_role("button").first.dispatch_event("click")
        expect(widget).to_be_visible()
    narrow = page.locator("iframe").nth(1).content_frame.locator("[data-engage-widget]")
    assert narrow.evaluate("element => [innerWidth, element.offsetWidth]") == [390, 390]
    page.wait_for_timeout(1500)
    assert sent == []


@pytest.mark.parametrize("path", ["", "on-a-page/?page=/nowhere/", "history/", "figures/"])
def test_pages__each__are_accessible_fit_and_carry_no_inline_code(page: Page, path: str) -> None:
    response = page.goto(page.url + path)
    assert response is not None
    page.wait_for_timeout(300)
    assert find_violations(page) == []
    assert find_overflow(page) == []
    assert find_inline_code(page, response.text()) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_preview__help_with_a_field__stands_at_its_field_or_says_that_there_is_none(
    size: Any, new_context: NewContext, real_shop: RealShop
) -> None:
    page = staff.sign_in(new_context().new_page(), real_shop.address, "merchandiser@example.com")
    page.set_viewport_size(size)
    page.goto(f"{real_shop.address}/dashboard/engage/engagements/")
    page.get_by_role("link", name="Your postcode").click()
    page.get_by_role("link", name="On a page", exact=True).click()
    for number in (0, 1):
        frame = page.locator("iframe").nth(number).content_frame
        expect(frame.locator(".engage-tip")).to_be_visible()
        field = frame.locator("[name=postcode]")
        assert "engage-tip-draft" in (field.get_attribute("aria-describedby") or "")
    assert find_violations(page) == []
    page.goto(f"{page.url.partition('?')[0]}?page=/accounts/password-reset/")
    frame = page.locator("iframe").first.content_frame
    expect(frame.locator(".engage-trouble")).to_contain_text("is not on this page")
