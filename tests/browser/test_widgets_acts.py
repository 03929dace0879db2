"""How does a proposal come, get its answer, and go, in an open chat?"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_shop import CHAT, Answer, FakeShop, Seen, field_of
from tests.browser.findings import find_violations
from tests.browser.test_widgets_chat import EVENTS, FIRST, open_chat, texts

Wait = Callable[..., None]
ACT = "/engage/chat/abc/acts/p1/"
OPEN = {"Engage-Status": "open", "Engage-Next": "1"}
PROPOSAL = f"""<li class="engage-message" data-seq="3" data-role="system"><span class="engage-text">Mia would like to put
 1 \u00d7 Rain boots into your basket.</span> <time class="engage-time">10:00</time><form class="engage-act"
 data-engage-act="p1" method="post" action="{ACT}" hx-post="{ACT}" hx-target="closest .engage-panel" hx-swap="outerHTML"><span
 class="engage-actions" role="group" aria-label="Your answer to this proposal"><button type="submit" class="engage-button"
 name="answer" value="yes">Yes, please</button> <button type="submit" class="engage-button-quiet" name="answer"
 value="no">No, thank you</button></span></form></li>"""
DONE = """<li class="engage-message" data-seq="4" data-role="system" data-engage-settles="p1"><span class="engage-text">1 \u00d7
 Rain boots is in the basket.</span> <time class="engage-time">10:01</time></li>"""


def bring(fake_shop: FakeShop, *later: str) -> None:
    """Have the first poll bring the proposal, and the next ones each of ``later``."""
    news = [PROPOSAL, *later]
    fake_shop.answers[EVENTS] = lambda seen, number: (
        Answer(200, news[number], OPEN) if number < len(news) else Answer(204, headers=OPEN)
    )


@pytest.mark.parametrize(("button", "value"), [("Yes, please", "yes"), ("No, thank you", "no")])
def test_proposal__answered__goes_out_with_the_panels_token_and_what_was_typed_stays(
    page: Page, fake_shop: FakeShop, wait_for: Wait, button: str, value: str
) -> None:
    bring(fake_shop)
    fake_shop.answers[ACT] = lambda seen, number: Answer(200, CHAT.format(messages=FIRST + DONE, status="open"))
    open_chat(page, fake_shop)
    page.get_by_label("Your message").fill("And in red?")
    page.get_by_role("button", name=button).click()
    expect(page.locator(".engage-act")).to_have_count(0)

    [sent] = fake_shop.asked(ACT)
    assert (field_of(sent.body, "answer"), field_of(sent.body, "csrfmiddlewaretoken")) == (value, "token")
    assert "is in the basket" in texts(page)[-1]
    assert page.get_by_label("Your message").input_value() == "And in red?"
    assert page.locator(".engage-panel").count() == 1
    expect(page.get_by_role("list", name="Messages")).to_be_focused()


def test_proposal__by_keyboard__is_answered(page: Page, fake_shop: FakeShop) -> None:
    bring(fake_shop)
    fake_shop.answers[ACT] = lambda seen, number: Answer(200, CHAT.format(messages=FIRST + DONE, status="open"))
    open_chat(page, fake_shop)
    page.get_by_role("button", name="Yes, please").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="No, thank you")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".engage-act")).to_have_count(0)

    assert field_of(fake_shop.asked(ACT)[0].body, "answer") == "no"


def test_proposal__pressed_twice__is_sent_once(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    bring(fake_shop)
    fake_shop.answers[ACT] = lambda seen, number: Answer(200, CHAT.format(messages=FIRST + DONE, status="open"))
    open_chat(page, fake_shop)
    page.get_by_role("button", name="Yes, please").dblclick()
    expect(page.locator(".engage-act")).to_have_count(0)

    assert len(fake_shop.asked(ACT)) == 1


def test_proposal__answered_in_another_tab__asks_no_more(page: Page, fake_shop: FakeShop) -> None:
    bring(fake_shop, DONE)
    open_chat(page, fake_shop)
    expect(page.get_by_text("is in the basket")).to_be_visible()

    expect(page.locator(".engage-act")).to_have_count(0)


def test_proposal__answer_is_lost__can_be_given_again(page: Page, fake_shop: FakeShop) -> None:
    def act(seen: Seen, number: int) -> Answer:
        return Answer(200, CHAT.format(messages=FIRST + DONE, status="open")) if number else Answer(503)

    bring(fake_shop)
    fake_shop.answers[ACT] = act
    open_chat(page, fake_shop)
    page.get_by_role("button", name="Yes, please").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    page.get_by_role("button", name="Yes, please").click()
    expect(page.locator(".engage-act")).to_have_count(0)

    assert len(fake_shop.asked(ACT)) == 2


@pytest.mark.parametrize("width", [1280, 390])
def test_proposal__in_the_panel__fits_is_large_enough_and_has_no_findings(page: Page, fake_shop: FakeShop, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    bring(fake_shop)
    open_chat(page, fake_shop)
    if width < 500:
        page.locator("[data-engage-do=minimise]").click()
    yes = page.get_by_role("button", name="Yes, please")
    expect(yes).to_be_visible()
    box = yes.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    assert box["x"] + box["width"] <= width

    assert find_violations(page) == []
