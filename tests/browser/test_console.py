"""Can an agent live on this page? Three chats side by side, a phone, the keyboard alone, a colleague at the same note."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_inline_code, find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
AGENT, COLLEAGUE = "agent-one@example.com", "agent-two@example.com"
PHONE = {"width": 390, "height": 844}
QUESTIONS = ("Does the tent fit into a canoe?", "Is the stove allowed on a plane?", "Which size fits 182 cm?")
_ASK = """
import datetime
from django.utils import timezone
from oscar_engage.desk.models import Agent, Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.visitors.models import Visitor
now = timezone.now()
Conversation.objects.all().delete()
Agent.objects.update(used_tenths=0, presence="offline", lease_until=None, online_since=None, away_reason="")
for place, body in enumerate({questions!r}):
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=3)
    began = now - datetime.timedelta(seconds=60 - place)
    open_conversation(ConversationKind.{kind}, visitor_id=visitor.pk, body=body, now=began, name=f"Shopper {{place + 1}}")
"""
_SAY = """
import uuid
from django.utils import timezone
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.post import post_message
post_message(Conversation.objects.get(name={name!r}), role="shopper", body={body!r}, client_id=uuid.uuid4(), now=timezone.now())
"""


def run(shop: RealShop, code: str, **values: Any) -> None:
    shop.manage("shell", "-v0", "-c", code.format(**values))


@pytest.fixture
def sit_down(new_context: NewContext, real_shop: RealShop) -> Callable[..., Page]:
    """Sign in as an agent who is online, at the desk."""

    def build(email: str = AGENT, **options: Any) -> Page:
        page = staff.sign_in(new_context(**options).new_page(), real_shop.address, email)
        staff.go_online(page, real_shop.address)
        return page

    return build


def card(page: Page, name: str) -> Locator:
    return page.locator("[data-engage-card]", has=page.get_by_role("heading", name=re.compile(name)))


def take_all(page: Page) -> None:
    for number in (1, 2, 3):
        page.get_by_role("button", name="Take the next one").click()
        expect(page.locator("[data-engage-card]")).to_have_count(number)


def test_three_chats__at_1280__stand_side_by_side_and_each_is_answered_in_its_place(
    sit_down: Callable[..., Page], real_shop: RealShop
) -> None:
    run(real_shop, _ASK, questions=QUESTIONS, kind="CHAT")
    page = sit_down()
    take_all(page)

    boxes = [one.bounding_box() for one in page.locator("[data-engage-card]").all()]
    assert all(box is not None and box["width"] > 250 for box in boxes)
    assert len({round(box["y"]) for box in boxes if box}) == 1
    replies = [one.bounding_box() for one in page.locator("[data-engage-card] textarea[name=body]").all()]
    assert all(box is not None and box["y"] + box["height"] < 900 for box in replies)  # to be written in without scrolling
    assert find_overflow(page) == []
    assert find_violations(page) == []
    assert find_inline_code(page, page.request.get(page.url).text()) == []

    first, second = card(page, "Shopper 1"), card(page, "Shopper 2")
    second.locator("textarea[name=body]").fill("A draft that stays.")
    first.locator("textarea[name=body]").fill("Yes, if you roll it.")
    first.get_by_role("button", name="Send").click()
    expect(first.get_by_role("log")).to_contain_text("Yes, if you roll it.")
    expect(first.locator("textarea[name=body]")).to_be_focused()
    expect(first.locator("textarea[name=body]")).to_have_value("")
    expect(second.get_by_role("log")).not_to_contain_text("roll it")
    expect(page.locator("#engage-context")).to_contain_text("Shopper 1")

    run(real_shop, _SAY, name="Shopper 3", body="And which colour?")
    third = card(page, "Shopper 3")
    expect(third.get_by_role("log")).to_contain_text("And which colour?")
    expect(third.locator(".engage-badge-unread")).to_contain_text("new")
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    third.locator("textarea[name=body]").focus()
    expect(third.locator(".engage-badge-unread")).to_have_count(0)
    expect(page.locator("#engage-context")).to_contain_text("Shopper 3")

    page.reload()
    expect(card(page, "Shopper 2").locator("textarea[name=body]")).to_have_value("A draft that stays.")
    third.get_by_role("button", name=re.compile("aside")).click()
    expect(page.locator("[data-engage-card]")).to_have_count(2)
    neighbour = page.locator("[data-engage-card][data-engage-focused]")
    expect(neighbour.locator("textarea[name=body]")).to_be_focused()
    expect(page.locator("#engage-context")).to_contain_text(neighbour.locator("h2 a").inner_text())
    page.locator("#engage-queue").get_by_role("link", name="Shopper 3").first.click()
    expect(third.locator("textarea[name=body]")).to_be_focused()


def test_keyboard_alone__takes_answers_and_closes_with_a_topic(sit_down: Callable[..., Page], real_shop: RealShop) -> None:
    run(real_shop, _ASK, questions=QUESTIONS[:2], kind="CHAT")
    page = sit_down()
    page.locator("body").press("t")
    expect(page.locator("[data-engage-card]")).to_have_count(1)
    page.locator("body").press("t")
    expect(page.locator("[data-engage-card]")).to_have_count(2)
    page.locator("body").press("2")
    box = card(page, "Shopper 2").locator("textarea[name=body]")
    expect(box).to_be_focused()
    page.keyboard.type("Not on a plane, sorry: 1 and t are letters here.")
    page.keyboard.press("Control+Enter")
    expect(card(page, "Shopper 2").get_by_role("log")).to_contain_text("1 and t are letters here.")
    expect(box).to_be_focused()

    for _press in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.engage-wrap > summary')"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Prod")
    page.keyboard.press("Tab")
    page.keyboard.type("solved")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text(re.compile("is closed"))
    expect(page.locator("[data-engage-card]")).to_have_count(1)
    expect(page.locator("#engage-comfort")).to_be_visible()  # the page is a new one, and its script has begun
    page.keyboard.press("Alt+Shift+Digit1")
    expect(card(page, "Shopper 1").locator("textarea[name=body]")).to_be_focused()


def test_shortcuts__are_listed_and_can_be_switched_off(sit_down: Callable[..., Page], real_shop: RealShop) -> None:
    run(real_shop, _ASK, questions=QUESTIONS[:1], kind="CHAT")
    page = sit_down()
    page.locator("body").press("Shift+?")
    expect(page.get_by_role("dialog")).to_contain_text("Take the next one")
    assert find_violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Shortcuts", exact=True).click()
    page.locator("body").press("t")
    page.wait_for_timeout(500)
    expect(page.locator("[data-engage-card]")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Shortcuts", exact=True)).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("button", name="Sound", exact=True)).to_have_attribute("aria-pressed", "false")


def test_phone__one_column__nothing_sticks_out(sit_down: Callable[..., Page], real_shop: RealShop) -> None:
    run(real_shop, _ASK, questions=QUESTIONS, kind="CHAT")
    page = sit_down()
    take_all(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dictionary of the two
    assert find_overflow(page) == []
    assert find_violations(page) == []
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Shopper 2").click()
    expect(card(page, "Shopper 2").get_by_role("heading")).to_be_in_viewport()
    assert find_overflow(page) == []


def test_note__two_agents__are_told_of_each_other_and_nobody_answers_unseen(
    sit_down: Callable[..., Page], real_shop: RealShop
) -> None:
    run(real_shop, _ASK, questions=QUESTIONS[:1], kind="NOTE")
    one, other = sit_down(), sit_down(COLLEAGUE)
    for page in (one, other):
        page.locator("#engage-queue").get_by_role("link", name="Shopper 1").first.click()
        expect(page.locator("[data-engage-card]")).to_have_count(1)
    expect(card(one, "Shopper 1").locator(".engage-attention")).to_contain_text("is looking at this, too")
    attention = card(one, "Shopper 1").locator(".engage-attention")
    for _letter in range(20):
        # Writing is shown for six seconds after a key: on a slow machine the page looks between two words, so write on.
        card(other, "Shopper 1").locator("textarea[name=body]").press_sequentially("It does, with. ")
        if "is writing an answer" in attention.inner_text():
            break
        one.wait_for_timeout(1000)
    expect(attention).to_contain_text("is writing an answer")

    card(one, "Shopper 1").locator("textarea[name=body]").fill("Yes.")
    one.route("**/desk/news/**", lambda route: route.abort())  # has not heard of the answer yet
    card(other, "Shopper 1").get_by_role("button", name="Send").click()
    expect(card(other, "Shopper 1").get_by_role("log")).to_contain_text("It does, with")
    card(one, "Shopper 1").get_by_role("button", name="Send").click()
    expect(card(one, "Shopper 1").get_by_role("log")).to_contain_text("It does, with")
    expect(card(one, "Shopper 1").locator("textarea[name=body]")).to_have_value("Yes.")
    card(one, "Shopper 1").get_by_role("button", name="Send anyway").click()
    expect(card(one, "Shopper 1").get_by_role("log")).to_contain_text("Yes.")


def test_without_scripts__take_answer_and_close__are_plain_pages(sit_down: Callable[..., Page], real_shop: RealShop) -> None:
    run(real_shop, _ASK, questions=QUESTIONS[:1], kind="CHAT")
    page = sit_down(java_script_enabled=False)
    page.get_by_role("button", name="Take the next one").click()
    one = card(page, "Shopper 1")
    one.locator("textarea[name=body]").fill("Without a script.")
    one.get_by_role("button", name="Send").click()
    expect(card(page, "Shopper 1").get_by_role("log")).to_contain_text("Without a script.")
    card(page, "Shopper 1").get_by_role("link", name="Close …").click()  # at its head: the form is below the fold
    card(page, "Shopper 1").get_by_label("Topic").select_option(label="Product")
    card(page, "Shopper 1").get_by_role("button", name="Close").click()
    expect(page.locator("body")).to_contain_text("is closed")
