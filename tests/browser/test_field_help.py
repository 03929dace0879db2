"""Does the help of a field come by pointer, focus and finger, stay while it is read, and go when it is not wanted?"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from oscar_engage.storefront.more import MORE
from tests.browser.fake_shop import Answer, FakeShop

Wait = Callable[..., None]
FORM = """<main class="container page"><h1>Delivery address</h1><form method="post" action="/address/">
<div class="form-group"><label for="id_line1">Street</label><input class="form-control" id="id_line1" name="line1"></div>
<div class="form-group"><label for="id_postcode">Postcode</label><input class="form-control" id="id_postcode" name="postcode"
 aria-describedby="hint"><small id="hint">For parcels</small></div>
<div class="form-group" data-engage-id="phone"><label for="id_phone">Phone</label><input class="form-control" id="id_phone"
 name="phone_number"></div><button class="btn btn-primary">Continue</button></form></main>"""
TOLD = {
    "ask": "Help with this field",
    "fields": [
        {"slug": "postcode", "field": "postcode", "title": "Your postcode", "body": "With its space.\n<b>N1 7AA</b>"},
        {"slug": "phone", "field": "phone", "title": "Only for the driver", "body": ""},
        {"slug": "gone", "field": "no_such_field", "title": "Nowhere", "body": ""},
    ],
}


@pytest.fixture
def address(fake_shop: FakeShop) -> str:
    """A page with a form, and help for two of its fields."""
    fake_shop.answers["/engage/fields/en/"] = lambda seen, number: Answer(200, json.dumps(TOLD))
    url = fake_shop.page(FORM, kind="checkout")
    more = json.dumps([[selector, f"/static/{path}"] for selector, path in MORE if path.endswith("field_help.js")])
    fake_shop.pages["/"] = fake_shop.pages["/"].replace("<script defer", f"<script defer data-engage-more='{more}'")
    return url


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#engage-tip-postcode")).to_be_attached()


def tip(page: Page, slug: str = "postcode") -> Any:
    return page.locator(f"#engage-tip-{slug}")


def test_tip__field_has_the_focus__is_read_with_it_and_goes_by_escape_without_moving_it(
    page: Page, address: str, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    visit(page, address)
    field = page.locator("#id_postcode")

    field.focus()
    expect(tip(page)).to_be_visible()
    assert field.get_attribute("aria-describedby") == "hint engage-tip-postcode"
    assert tip(page).get_attribute("role") == "tooltip"
    assert "<b>N1 7AA</b>" in tip(page).inner_text()
    wait_for(lambda: fake_shop.signals("field.help_opened"))
    assert fake_shop.signals("field.help_opened")[0]["data"] == {"engagement": "postcode"}

    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()
    expect(field).to_be_focused()
    page.keyboard.press("Tab")
    expect(tip(page, "phone")).to_be_visible()
    assert complaints == []


def test_tip__pointer__stays_while_it_is_on_the_help_and_goes_with_it(page: Page, address: str) -> None:
    visit(page, address)

    page.locator("label[for=id_postcode]").hover()
    expect(tip(page)).to_be_visible()
    tip(page).hover()
    page.wait_for_timeout(700)
    expect(tip(page)).to_be_visible()
    page.mouse.move(5, 5)
    expect(tip(page)).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_tip__any_size__covers_neither_its_field_nor_the_edge(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    visit(page, address)
    page.locator("#id_postcode").focus()
    expect(tip(page)).to_be_visible()

    field, box = page.locator("#id_postcode").bounding_box(), tip(page).bounding_box()
    assert field is not None
    assert box is not None
    assert box["y"] >= field["y"] + field["height"] or box["y"] + box["height"] <= field["y"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_tip__finger__opens_and_closes_by_a_button_large_enough(
    address: str, fake_shop: FakeShop, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(has_touch=True).new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, address)
    button = page.get_by_role("button", name="Help with this field: Your postcode")

    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    button.tap()
    expect(tip(page)).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    button.tap()
    expect(tip(page)).to_be_hidden()


def test_tip__open__has_no_axe_violation(page: Page, address: str) -> None:
    visit(page, address)
    page.locator("#id_postcode").focus()
    expect(tip(page)).to_be_visible()

    found = Axe().run(page, context="#engage-root")
    assert [violation["id"] for violation in found.response["violations"]] == []


def test_tip__no_help_comes__the_form_stays_as_it_is(page: Page, address: str, fake_shop: FakeShop) -> None:
    fake_shop.answers["/engage/fields/en/"] = lambda seen, number: Answer(500)
    page.goto(address)
    page.wait_for_timeout(1500)

    assert page.locator(".engage-tip").count() == 0
    assert page.locator("#id_postcode").get_attribute("aria-describedby") == "hint"
