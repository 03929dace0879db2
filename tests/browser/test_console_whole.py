"""Can an agent with three chats do at the desk all that a conversation's own page offers, each in its place?"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_overflow, find_violations
from tests.browser.test_console import _ASK, AGENT, COLLEAGUE, PHONE, QUESTIONS, card, run, take_all

NewContext = Callable[..., BrowserContext]
SUPERVISOR = "supervisor@example.com"
NAMES = ("Shopper 1", "Shopper 2", "Shopper 3")


@pytest.fixture
def sit_down(new_context: NewContext, real_shop: RealShop) -> Callable[..., Page]:
    """Sign in as an agent who is online, at the desk."""

    def build(email: str = AGENT, **options: Any) -> Page:
        page = staff.sign_in(new_context(**options).new_page(), real_shop.address, email)
        staff.go_online(page, real_shop.address)
        return page

    return build


@pytest.fixture
def desk(sit_down: Callable[..., Page], real_shop: RealShop) -> Iterator[Page]:
    """An agent with three chats side by side; afterwards nobody has any, and all are offline."""
    run(real_shop, _ASK, questions=QUESTIONS, kind="CHAT")
    page = sit_down()
    take_all(page)
    yield page
    run(real_shop, _ASK, questions=(), kind="CHAT")


def keep(page: Page, name: str) -> None:
    """Keep a picture for people to look at, where a folder for them is named."""
    folder = os.environ.get("ENGAGE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def box_of(one: Locator) -> Locator:
    return one.locator("textarea[name=body]")


def find_repeated_ids(page: Page) -> list[str]:
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    return sorted({one for one in ids if ids.count(one) > 1 and one != "navbarDropdown"})  # Oscar's own


def add_note(one: Locator, words: str) -> None:
    one.locator(".engage-note-new > summary").click()
    one.get_by_label("For colleagues; the customer").fill(words)
    one.get_by_role("button", name="Add the note").click()
    expect(one.get_by_role("log").locator("li[data-role=note]")).to_contain_text(words)
    expect(one.get_by_label("For colleagues; the customer")).to_have_value("")
    expect(one.get_by_label("For colleagues; the customer")).to_be_focused()


def test_each_card__ready_made_reply_and_note__stay_in_their_card(desk: Page) -> None:
    for name in NAMES:
        one = card(desk, name)
        box = box_of(one)
        box.focus()
        desk.keyboard.type("/")
        options = one.locator("[role=listbox] [role=option]")
        expect(options.first).to_be_visible()
        assert box.get_attribute("aria-controls") == one.get_by_role("listbox").get_attribute("id")
        keep(desk, f"slash-{name[-1]}")
        desk.keyboard.press("Enter")
        expect(box).not_to_have_value(re.compile("^/?$"))
        add_note(one, f"A word on {name}.")
    for name in NAMES:
        expect(card(desk, name).locator("li[data-role=note]")).to_have_count(1)
        expect(box_of(card(desk, name))).not_to_have_value("")
    keep(desk, "notes")
    assert find_repeated_ids(desk) == []
    assert find_overflow(desk) == []
    assert find_violations(desk) == []
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dictionary of the two
    keep(desk, "notes-phone")
    assert find_overflow(desk) == []
    assert find_violations(desk) == []


def test_insert_and_find__by_the_list__keep_the_card_and_the_others(desk: Page) -> None:
    second = card(desk, "Shopper 2")
    second.get_by_label("Ready-made reply").select_option(index=0)
    second.get_by_role("button", name="Insert").click()
    expect(box_of(second)).not_to_have_value("")
    expect(box_of(second)).to_be_focused()
    second.get_by_text("Send a product or a voucher").click()
    second.get_by_label("Title, UPC, name or code").fill("stove")
    second.get_by_role("button", name="Find", exact=True).last.click()
    found = second.get_by_role("radio")
    expect(found.nth(1)).to_be_attached()
    keep(desk, "found")
    found.nth(1).check()
    box_of(second).fill("This one.")
    second.get_by_role("button", name="Send").click()
    expect(second.get_by_role("log").locator(".engage-carried-card")).to_be_visible()
    expect(second.locator(".engage-reply")).to_have_attribute("id", re.compile("^engage-reply-."))
    expect(box_of(second)).to_have_attribute("id", re.compile("^id_body-."))
    assert find_repeated_ids(desk) == []


def test_hand_on__from_what_stands_beside__leaves_the_others_and_is_undone(desk: Page, sit_down: Callable[..., Page]) -> None:
    sit_down(COLLEAGUE)
    about = desk.locator("#engage-context")
    box_of(card(desk, "Shopper 1")).fill("A draft that stays.")
    expect(about).to_contain_text("Shopper 1")  # until then, what stands there of the third is that from before
    box_of(card(desk, "Shopper 3")).focus()
    expect(about).to_contain_text("Shopper 3")
    about.get_by_text("Hand on…").click()
    about.get_by_label("To", exact=True).select_option(index=1)
    about.get_by_label("Why (your colleague reads it)").fill("Knows sizes")
    keep(desk, "hand-on")
    assert find_violations(desk) == []
    about.get_by_role("button", name="Hand on", exact=True).click()
    expect(desk.locator("[data-engage-card]")).to_have_count(2)
    expect(box_of(card(desk, "Shopper 1"))).to_have_value("A draft that stays.")
    expect(desk.locator(".engage-undo")).to_contain_text("Shopper 3 is handed on.")
    keep(desk, "handed-on")
    assert find_violations(desk) == []
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("[data-engage-card]")).to_have_count(3)
    expect(box_of(card(desk, "Shopper 3"))).to_be_visible()
    expect(card(desk, "Shopper 3").get_by_role("log")).to_contain_text("Knows sizes")


def test_act__proposed_in_the_focused_one__and_the_panel_follows_the_focus(desk: Page) -> None:
    about = desk.locator("#engage-context")
    for name in NAMES[1:]:
        box_of(card(desk, name)).focus()
        expect(about).to_contain_text(name)
        about.get_by_label("Product by title or UPC").fill("stoves-01")
        about.get_by_role("button", name="Search", exact=True).click()
        about.locator("#engage-acts-find li a").first.click()
        about.get_by_role("button", name="Propose to the shopper").click()
        expect(about.locator("#engage-acts li[data-state=waiting]")).to_have_count(1)
        expect(card(desk, name).get_by_role("log")).to_contain_text("would like to put")
    assert find_repeated_ids(desk) == []
    keep(desk, "proposed")
    assert find_violations(desk) == []
    box_of(card(desk, "Shopper 1")).focus()
    expect(about).to_contain_text("Shopper 1")
    expect(about.locator("#engage-acts li[data-state=waiting]")).to_have_count(0)
    box_of(card(desk, "Shopper 2")).focus()
    about.get_by_role("button", name="Withdraw").click()
    expect(about.locator("#engage-acts li[data-state=waiting]")).to_have_count(0)


def test_supervisor__looks_on_and_whispers__the_agent_sees_both_at_once(desk: Page, sit_down: Callable[..., Page]) -> None:
    boss = sit_down(SUPERVISOR)
    link = desk.locator("#engage-queue [data-engage-open]", has_text="Shopper 2").first
    public_id = link.get_attribute("data-engage-id")
    boss.goto(f"{boss.url.split('?')[0]}?open={public_id}")
    watched, mine = card(boss, "Shopper 2"), card(desk, "Shopper 2")
    expect(watched).to_contain_text("The agent sees that.")
    expect(mine.get_by_role("status").filter(has_text="Looking on")).to_be_visible()
    add_whisper(watched, "Offer the lighter stove")
    expect(mine.locator(".engage-whisper")).to_contain_text("Offer the lighter stove")
    expect(mine.get_by_role("log")).to_contain_text("Offer the lighter stove")
    expect(desk.locator("#engage-queue .engage-badge-whisper")).to_have_count(1)
    desk.wait_for_timeout(4000)  # another poll: it is not shown twice
    expect(mine.locator(".engage-whisper")).to_have_count(1)
    keep(desk, "whisper")
    keep(boss, "whisper-boss")
    assert find_violations(desk) == []
    assert find_violations(boss) == []
    box_of(mine).fill("There is a lighter one.")
    mine.get_by_role("button", name="Send").click()
    expect(mine.locator(".engage-whisper")).to_have_count(0)
    expect(desk.locator("#engage-queue .engage-badge-whisper")).to_have_count(0)

    boss.get_by_role("button", name=re.compile("Take over from")).click()
    expect(card(boss, "Shopper 2").locator("textarea[name=body]")).to_be_visible()
    expect(mine).to_contain_text("is answering")


def add_whisper(one: Locator, words: str) -> None:
    one.locator(".engage-note-new > summary").click()
    one.get_by_label("For colleagues; the customer").fill(words)
    one.get_by_role("button", name=re.compile("Whisper to")).click()
    expect(one.get_by_role("log")).to_contain_text(words)
    expect(one.get_by_label("For colleagues; the customer")).to_have_value("")


def test_without_scripts__ready_made_reply__comes_into_its_card_beside_the_others(desk: Page, new_context: NewContext) -> None:
    plain = new_context(java_script_enabled=False, storage_state=desk.context.storage_state()).new_page()
    plain.goto(desk.url)
    second = card(plain, "Shopper 2")
    second.get_by_role("button", name="Insert").click()
    expect(plain.locator("[data-engage-card]")).to_have_count(3)
    expect(box_of(card(plain, "Shopper 2"))).not_to_have_value("")
    expect(box_of(card(plain, "Shopper 1"))).to_have_value("")
