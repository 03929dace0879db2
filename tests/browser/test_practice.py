"""Can an agent practise with the keyboard alone, on a wide screen and on a phone, and see at the end how it went?"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from oscar_engage.desk.practice.registry import SCRIPTS
from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_inline_code, find_overflow, find_violations
from tests.browser.test_console import AGENT, COLLEAGUE, PHONE
from tests.desk.practice.answers import GOOD

NewContext = Callable[..., BrowserContext]
COMES = 90_000  # milliseconds until the last shopper has come
TITLES = {script.shopper: script for script in SCRIPTS if script.language == "en"}


def keep(page: Page, name: str) -> None:
    """Keep a picture for people to look at, where a folder for them is named."""
    folder = os.environ.get("ENGAGE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"practice-{name}.png", full_page=True)


def begin(page: Page, shop: RealShop, *, size: int) -> None:
    page.goto(f"{shop.address}/dashboard/engage/practice/")
    stop = page.get_by_role("button", name="Stop")
    if stop.count():
        stop.click()
        page.goto(f"{shop.address}/dashboard/engage/practice/")
    keep(page, f"begin-{page.viewport_size['width'] if page.viewport_size else 0}")
    assert find_violations(page) == []
    page.get_by_label("Shoppers at once").select_option(str(size))
    page.get_by_label("How hard").select_option("easy")
    page.get_by_label("Language").select_option("en")
    page.get_by_role("button", name="Practise", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#engage-console")).to_be_visible()


def card_of(page: Page, place: int = 0) -> Locator:
    return page.locator("[data-engage-card]").nth(place)


def answers_for(card: Locator) -> tuple[str, ...]:
    return GOOD[TITLES[card.locator("h2 a").inner_text()].key]


def type_answer(page: Page, card: Locator, number: int) -> None:
    """Write all that is needed, with the keys alone, and see it stand there once."""
    page.locator("body").press(f"Alt+Shift+Digit{number}")
    box = card.locator("textarea[name=body]")
    expect(box).to_be_focused()
    for body in answers_for(card):
        page.keyboard.type(body)
        page.keyboard.press("Control+Enter")
        expect(card.locator("li[data-role=agent]", has_text=body)).to_have_count(1)
    expect(card.locator(".engage-card-state")).to_contain_text("has left")


def wrap_up(page: Page, card: Locator) -> None:
    topic = card.get_by_label("Topic")
    topic.focus()
    topic.select_option(TITLES[card.locator("h2 a").inner_text()].topic)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("name", "email"), [("wide", AGENT), ("phone", COLLEAGUE)])
def test_practice__played_with_the_keyboard__ends_with_how_it_went(
    name: str, email: str, new_context: NewContext, real_shop: RealShop
) -> None:
    page = staff.sign_in(new_context().new_page(), real_shop.address, email)
    if name == "phone":
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    begin(page, real_shop, size=2)
    expect(page.locator("[data-engage-card]")).to_have_count(2, timeout=COMES)
    expect(card_of(page)).to_contain_text("waits for you")
    expect(page.locator("#engage-context")).to_contain_text("Looked up for you")
    assert find_violations(page) == []
    assert find_overflow(page) == []
    assert find_inline_code(page, page.request.get(page.url).text()) == []
    keep(page, f"sitting-{name}")

    slash = card_of(page).locator("textarea[name=body]")
    slash.focus()
    page.keyboard.type("/")
    expect(card_of(page).locator("[role=listbox] [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Backspace")
    type_answer(page, card_of(page, 0), 1)
    type_answer(page, card_of(page, 1), 2)
    expect(card_of(page).get_by_label("Topic")).to_be_visible()
    assert find_violations(page) == []
    keep(page, f"left-{name}")

    wrap_up(page, card_of(page, 0))
    expect(page.locator("#engage-queue")).to_contain_text("done")
    wrap_up(page, card_of(page, 1))
    expect(page).to_have_url(re.compile(r"/practice/[\w-]+/result/"))
    expect(page.locator("main")).to_contain_text("2 of 2")
    expect(page.locator("main")).not_to_contain_text("missed")
    assert find_violations(page) == []
    assert find_overflow(page) == []
    keep(page, f"result-{name}")

    page.goto(f"{real_shop.address}/dashboard/engage/practice/")
    assert find_violations(page) == []
    assert find_overflow(page) == []
    keep(page, f"history-{name}")


def test_practice__second_tab__shows_each_line_once(new_context: NewContext, real_shop: RealShop) -> None:
    context = new_context()
    page = staff.sign_in(context.new_page(), real_shop.address, AGENT)
    begin(page, real_shop, size=1)
    other = context.new_page()
    other.goto(page.url)
    for one in (page, other):
        expect(card_of(one)).to_be_visible(timeout=COMES)
    card_of(page).locator("textarea[name=body]").fill("We sell umbrellas.")
    page.keyboard.press("Control+Enter")
    for one in (page, other):
        expect(card_of(one).locator("li[data-role=agent]")).to_have_count(1)
        expect(card_of(one).locator("li[data-role=shopper]")).to_have_count(2)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#engage-banner")).to_contain_text("The clock stands still")
    page.get_by_role("button", name="Stop").click()
    expect(other).to_have_url(re.compile("/result/"))


def test_practice__supervisor__sees_who_practised(new_context: NewContext, real_shop: RealShop) -> None:
    page = staff.sign_in(new_context().new_page(), real_shop.address, "supervisor@example.com")
    page.goto(f"{real_shop.address}/dashboard/engage/practice/agents/")
    assert find_violations(page) == []
    keep(page, "agents")
    page.locator("main tbody a").last.click()
    expect(page.get_by_role("heading", name=re.compile("Practice of"))).to_be_visible()
    expect(page.locator("svg")).to_have_count(2)
    assert find_violations(page) == []
    assert find_overflow(page) == []
    keep(page, "agent")
