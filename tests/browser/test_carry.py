"""Can an answer be put together by keyboard: a ready-made reply at the slash, a product, a file; also without the script?"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper, staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_overflow, find_violations
from tests.desk.carry.contents import SECRET, picture

NewContext = Callable[..., BrowserContext]
AGENT = "agent-one@example.com"
OPTIONS = "[role=listbox] [role=option]"


@pytest.fixture
def asked(new_context: NewContext, real_shop: RealShop) -> Page:
    """A shopper who left a note."""
    page = shopper.arrive(real_shop.address, new_context, arm=None)
    shopper.leave_note(page, "How do I send the tent back?")
    return page


@pytest.fixture
def at_the_desk(asked: Page, new_context: NewContext, real_shop: RealShop) -> Callable[..., Page]:
    """Sign in as an agent; the latest note is open."""

    def build(**options: Any) -> Page:
        page = staff.sign_in(new_context(**options).new_page(), real_shop.address, AGENT)
        staff.open_conversation(page, real_shop.address, "How do I send the tent back?")
        return page

    return build


def test_slash__by_keyboard__finds_inserts_and_leads_to_what_is_missing(at_the_desk: Callable[..., Page]) -> None:
    page = at_the_desk()
    expect(page.locator("[data-engage-slash]")).to_be_visible()
    box = page.locator("#engage-reply textarea")
    box.focus()
    page.keyboard.type("Dear customer,\n/")
    options = page.locator(OPTIONS)
    expect(options).to_have_count(4)
    assert box.get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    expect(page.locator("[data-engage-said]")).to_contain_text("4")
    assert find_violations(page) == []

    page.keyboard.type("slip ret")  # words of one text alone, begun
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(""))
    expect(box).to_have_value("Dear customer,\n/slip ret")

    for _letter in "/slip ret":
        page.keyboard.press("Backspace")
    page.keyboard.type("/")
    expect(options).to_have_count(4)
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.nth(3)).to_have_attribute("aria-selected", "true")
    page.keyboard.type("where")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile("^Dear customer,\nYour order ⟦number of the latest order⟧ is now: ⟦status"))
    selected = "(box) => box.value.slice(box.selectionStart, box.selectionEnd)"
    assert box.evaluate(selected) == "⟦number of the latest order⟧"
    page.keyboard.type("100042")

    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#engage-reply .engage-wrong")).to_contain_text("Fill in what is marked: ⟦status of the latest order⟧")
    assert "100042" in box.input_value()


def test_slash__within_a_line_or_without_a_match__opens_nothing(at_the_desk: Callable[..., Page]) -> None:
    page = at_the_desk()
    expect(page.locator("[data-engage-slash]")).to_be_visible()
    box = page.locator("#engage-reply textarea")
    box.focus()
    page.keyboard.type("and/or ")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.type("/zzz")
    expect(page.locator("[data-engage-said]")).to_contain_text("No ready-made reply")
    page.keyboard.press("Enter")  # a line break, for there is nothing to choose
    expect(box).to_have_value("and/or \n/zzz\n")


def test_slash__by_mouse_on_a_phone__fits_and_inserts(at_the_desk: Callable[..., Page]) -> None:
    page = at_the_desk()
    page.set_viewport_size({"width": 390, "height": 780})
    expect(page.locator("[data-engage-slash]")).to_be_visible()
    box = page.locator("#engage-reply textarea")
    box.focus()
    page.keyboard.type("/")
    expect(page.locator(OPTIONS)).to_have_count(4)
    assert find_overflow(page) == []
    page.locator(OPTIONS, has_text="How to send something back").click()
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value(re.compile("^You can send it back"))


def test_product_and_file__sent_by_keyboard__reach_the_shopper_without_the_place_of_the_photo(
    asked: Page, at_the_desk: Callable[..., Page], real_shop: RealShop, tmp_path: Path
) -> None:
    page = at_the_desk()
    photo = tmp_path / "label.jpg"
    photo.write_bytes(picture("JPEG", secret=SECRET))
    page.locator("#engage-reply textarea").fill("Like this one:")
    page.locator("#engage-reply details.engage-carry-cards summary").click()
    page.get_by_label("Title, UPC, name or code").fill("tent")
    page.keyboard.press("Enter")  # searches, and does not send
    found = page.locator(".engage-found input[value^='product:']").first
    found.check()
    page.set_input_files("#engage-reply input[type=file]", photo)
    assert page.locator("#engage-reply textarea").input_value() == "Like this one:"
    assert find_violations(page) == []
    page.locator("#engage-reply textarea").press("Control+Enter")  # and not what Enter pressed before: Find
    log = page.get_by_role("log")
    expect(log.locator("textarea")).to_have_count(0)
    expect(log).to_contain_text("label.jpg")
    expect(log.locator(".engage-carried-card")).to_contain_text("£")

    asked.goto(f"{real_shop.address}/engage/questions/")
    card = asked.locator(".engage-carried")
    expect(card).to_contain_text("£")
    assert find_violations(asked) == []
    with asked.expect_download() as fetched:
        asked.get_by_role("link", name="label.jpg").click()
    assert SECRET not in Path(fetched.value.path()).read_bytes()
    card.get_by_role("link").click()
    expect(asked).to_have_url(re.compile("/catalogue/"))


def test_without_javascript__insert_find_and_send__are_plain_forms(at_the_desk: Callable[..., Page]) -> None:
    page = at_the_desk(java_script_enabled=False)
    page.locator("#engage-reply textarea").fill("Dear customer,")
    page.get_by_label("Ready-made reply").select_option(label="How to send something back (/returns)")
    page.get_by_role("button", name="Insert").click()
    box = page.locator("#engage-reply textarea")
    expect(box).to_have_value(re.compile("^Dear customer,\n\nYou can send it back"))
    page.locator("#engage-reply details.engage-carry-cards summary").click()
    page.get_by_label("Title, UPC, name or code").fill("tent")
    page.keyboard.press("Enter")
    page.locator(".engage-found input[value^='product:']").first.check()
    expect(page.locator("#engage-reply textarea")).to_have_value(re.compile("^Dear customer,"))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text("You can send it back")
    expect(page.get_by_role("log").locator(".engage-carried-card")).to_have_count(1)
