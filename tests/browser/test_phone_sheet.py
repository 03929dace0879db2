"""Does an offer with as many words as fit into it leave a phone's page usable, whatever widget it is?"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.render import render_offer
from tests.browser.fake_shop import FakeShop
from tests.browser.test_widgets_offers import box, is_apart, offering

PHONE = {"width": 390, "height": 844}
BAR = '<form class="fixed-bottom bg-light p-3" id="bar"><button type="submit" id="buy">Add to basket</button></form>'
TEXT = "<p>Filler text of the shop.</p>"
WIDGET = "[data-engage-widget]"
OFFERED = [widget.name for widget in WIDGETS if widget.is_offered]


def wordy(widget: str) -> str:
    """Return the widget with every field as long as it may be."""
    title, body, button = ("many words " * 40)[:80], ("wordswithoutanyspace and more " * 20)[:400], ("press here " * 4)[:40]
    return render_offer(Decision(), Engagement(slug="long", widget=widget, title=title, body=body, button=button))


def open_page(page: Page, fake_shop: FakeShop, widget: str, html: str) -> Any:
    page.set_viewport_size(PHONE)
    offering(fake_shop, wordy(widget))
    page.goto(fake_shop.page(html))
    offer = page.locator(WIDGET)
    expect(offer).to_have_count(1)
    page.wait_for_timeout(500)
    return offer


@pytest.mark.parametrize("widget", OFFERED)
def test_sheet__many_words_over_a_sticky_bar__covers_none_of_it_and_can_be_read_and_closed(
    page: Page, fake_shop: FakeShop, widget: str
) -> None:
    offer = open_page(page, fake_shop, widget, TEXT * 80 + BAR)
    expect(offer).to_be_visible()
    sheet = box(page, WIDGET)

    assert is_apart(sheet, box(page, "#bar"))
    assert sheet["height"] <= 0.45 * PHONE["height"] + 1
    assert (sheet["x"], sheet["width"]) == (0, PHONE["width"])
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(f"document.querySelector('{WIDGET}').scrollWidth") <= PHONE["width"]
    page.locator(f'{WIDGET} [data-engage-do="dismiss"]').click()
    expect(offer).to_have_count(0)


@pytest.mark.parametrize("every", [4, 10])
@pytest.mark.parametrize("widget", OFFERED)
def test_sheet__buttons_all_over_the_page__lies_over_none_wherever_it_is_scrolled_to(
    page: Page, fake_shop: FakeShop, widget: str, every: int
) -> None:
    form = '<form><button type="submit" class="own">Add to basket</button></form>'
    offer = open_page(page, fake_shop, widget, (TEXT * every + form) * 20 + BAR)
    shown = 0
    for top in range(0, 1200, 150):
        page.evaluate(f"scrollTo(0, {top})")
        page.wait_for_timeout(250)
        if not offer.is_visible():
            continue
        shown += 1
        boxes = [own.bounding_box() for own in page.locator("button.own, #buy").all()]
        covered = [own for own in boxes if own and not is_apart(box(page, WIDGET), dict(own))]
        assert covered == []
    assert shown or every == 4
