"""Do staff pick a place on the real shop, by mouse and by keyboard, and is it found again on changed pages?"""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.demo.people import CUSTOMERS
from sandbox.drive import staff
from sandbox.drive.picking import CHANGES, PICKED_ON, PLACES, RIGHT, WRONG, try_places
from sandbox.drive.shop import RealShop
from tests.browser.findings import Watch, find_inline_code, find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
ANCHORS = "/dashboard/engage/anchors/"
BAR, SAID = ".engage-picker", "[data-engage-said]"


def test_places__thirteen_after_three_changes__are_found_again_and_never_wrong(
    real_shop: RealShop, new_context: NewContext
) -> None:
    anna = CUSTOMERS[0]
    found = try_places(real_shop.address, new_context, (anna.email, anna.password))
    counted = Counter(one.verdict for one in found if one.change in CHANGES)
    assert counted.total() == len(PLACES) * len(CHANGES) == 39
    assert counted[RIGHT] >= 35
    assert [one for one in found if one.verdict == WRONG] == []


@pytest.fixture
def page(new_context: NewContext, real_shop: RealShop) -> Iterator[Page]:
    """A merchandiser's browser, on a product's page with the tool."""
    page = staff.sign_in(new_context().new_page(), real_shop.address, "merchandiser@example.com")
    page.goto(real_shop.address + ANCHORS)
    page.get_by_label("Page of the shop").fill(PICKED_ON)
    page.get_by_role("button", name="Open the page and pick").click()
    expect(page.locator(BAR)).to_be_focused()
    yield page
    real_shop.manage("shell", "-v0", "-c", "from oscar_engage.models import PickedAnchor; PickedAnchor.objects.all().delete()")


def save(page: Page, label: str, slot: str) -> None:
    page.get_by_label("What it is").fill(label)
    page.get_by_label("Short name").fill(slot)
    page.keyboard.press("Enter")


def test_tool__by_mouse__picks_saves_and_tries_on_the_next_page(page: Page, real_shop: RealShop) -> None:
    watch = Watch(page.context, real_shop.address)
    page.locator(".product_main .price_color").hover()
    expect(page.locator(".engage-mark")).to_be_visible()
    page.locator(".product_main .price_color").click()
    expect(page.locator(SAID)).to_contain_text("Found by 3 of 3 ways")
    save(page, "Price of the product", "price")
    expect(page.locator("[data-engage-wrong]")).to_contain_text("Oscar's own templates")
    save(page, "Price of the product", "our-price")
    expect(page.get_by_role("link", name="Back to the dashboard")).to_be_focused()

    page.get_by_role("link", name="Lamps", exact=True).click()
    expect(page.locator(SAID)).to_contain_text("another kind of page")
    page.locator("article.product_pod h3 a").nth(2).click()
    expect(page.locator(SAID)).to_contain_text("Found by 3 of 3 ways")
    expect(page.locator(".engage-mark")).to_be_visible()
    page.get_by_role("link", name="Back to the dashboard").click()
    expect(page.get_by_role("row", name="Price of the product")).to_contain_text("not asked for lately")
    assert watch.complaints == []
    assert watch.foreign == []


def test_tool__by_keyboard_alone__says_what_is_chosen_and_leaves_with_escape(page: Page) -> None:
    heard = set()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowDown", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        heard.add(page.locator(SAID).inner_text())
    assert len(heard) >= 3
    expect(page.locator(".engage-mark")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What it is")).to_be_focused()
    save(page, "By keyboard", "by-keyboard")
    expect(page.get_by_role("link", name="Back to the dashboard")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(BAR)).to_have_count(0)
    expect(page.locator(".engage-mark")).to_have_count(0)


def test_tool__every_step_in_both_sizes__is_accessible_and_fits(page: Page, real_shop: RealShop) -> None:
    def inspect() -> list[str]:
        found = []
        for width, height in ((1280, 800), (390, 780)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(300)
            found += find_violations(page) + find_overflow(page, ours_alone=True)
        page.set_viewport_size({"width": 1280, "height": 800})
        return found

    assert inspect() == []
    page.locator(".product_main h1").click()
    expect(page.get_by_label("What it is")).to_be_focused()
    assert inspect() == []
    page.get_by_label("Short name").fill("price")
    page.keyboard.press("Enter")
    expect(page.locator("[data-engage-wrong]")).to_be_visible()
    assert inspect() == []
    save(page, "Title", "title")
    expect(page.get_by_role("link", name="Back to the dashboard")).to_be_focused()
    assert inspect() == []
    bar = page.context.request.get(f"{real_shop.address}{ANCHORS}bar/").text()
    assert find_inline_code(page, bar) == []
    page.goto(real_shop.address + ANCHORS)
    assert inspect() == []


def test_shopper__with_the_address_of_the_tool__gets_the_plain_page(
    page: Page, real_shop: RealShop, new_context: NewContext
) -> None:
    shopper = new_context().new_page()
    shopper.goto(page.url)
    expect(shopper.locator("h1").first).to_be_visible()
    assert shopper.locator("script[src*=picker], .engage-picker").count() == 0
