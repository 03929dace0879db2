"""How do our widgets stand where the shop is read from right to left?"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_shop import HELP, Answer, FakeShop
from tests.browser.test_widgets_offers import LONG, OFFER, box, offering

TURN = "document.documentElement.dir = 'rtl'"


@pytest.mark.parametrize("width", [1280, 390])
def test_balloon__read_from_right_to_left__cross_at_the_end_of_the_line_and_all_in_the_window(
    page: Page, fake_shop: FakeShop, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    offering(fake_shop, OFFER)
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {TURN}; }})")
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator(".engage-balloon")).to_be_visible()

    balloon, cross = box(page, ".engage-balloon"), box(page, ".engage-balloon .engage-close")
    assert cross["x"] - balloon["x"] < balloon["width"] / 2
    assert balloon["x"] >= 0
    assert balloon["x"] + balloon["width"] <= width


@pytest.mark.parametrize("width", [1280, 390])
def test_help__read_from_right_to_left__link_and_panel_fit_and_the_page_does_not_scroll_sideways(
    page: Page, fake_shop: FakeShop, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, HELP)
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {TURN}; }})")
    page.goto(fake_shop.page(LONG, kind="checkout"))
    page.wait_for_timeout(400)

    link = box(page, "#engage-help")
    assert link["x"] + link["width"] / 2 < width / 2, (
        "the help link stands at the end of the line, where it is in no reader's way"
    )
    page.locator("#engage-help").click()
    panel = page.locator("#engage-root .engage-panel")
    expect(panel).to_be_visible()
    stands = box(page, "#engage-root .engage-panel")
    cross = box(page, "#engage-root .engage-panel .engage-close")
    assert cross["x"] - stands["x"] < stands["width"] / 2
    assert 0 <= stands["x"] < width / 2, "on the side of the link that opened it"
    assert stands["x"] + stands["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
