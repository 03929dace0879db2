"""The chat through the real stack: what the fake shop cannot tell about logins, htmx and the desk."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.demo.people import CUSTOMERS
from sandbox.drive import shopper as shopping
from sandbox.drive.shop import RealShop
from sandbox.drive.staff import answer, end_conversation, go_online, sign_in

NewContext = Callable[..., BrowserContext]
PANEL = "#engage-root > .engage-panel:not([hidden])"
pytestmark = pytest.mark.usefixtures("quiet_desk")


@pytest.fixture
def agent(real_shop: RealShop, new_context: NewContext) -> Iterator[Page]:
    """An agent's browser, not online yet; gone offline at the end, for the tests after this one."""
    page = sign_in(new_context().new_page(), real_shop.address, "agent-one@example.com")
    yield page
    page.goto(f"{real_shop.address}/dashboard/engage/desk/")
    offline = page.get_by_role("button", name="Go offline")
    if offline.is_visible():
        offline.click()


def begin(page: Page, shop: RealShop, words: str) -> Locator:
    """Begin a chat in the panel of a page of the shop."""
    page.goto(f"{shop.address}/")
    shopping.open_help(page)
    page.evaluate("document.querySelector('#engage-root .engage-panel a[href*=\"note/new\"]').href = '/engage/chat/new/'")
    page.locator(f'{PANEL} a[href="/engage/chat/new/"]').first.click()
    return shopping.begin_chat(page, words)


def test_chat__nobody_comes__left_as_a_message_in_the_panel(real_shop: RealShop, new_context: NewContext) -> None:
    page = new_context().new_page()
    panel = begin(page, real_shop, "Does the tent come in green?")
    expect(panel).to_contain_text("Nobody who could answer this is here right now.")
    panel.get_by_label("Your message").fill("Or in blue?")
    panel.get_by_text("Leave a message instead").click()
    panel.get_by_label("Your e-mail address").fill("wendy@example.com")
    panel.get_by_role("button", name="Leave it as a message").click()

    left = page.locator(PANEL)
    expect(left).to_contain_text("Thank you, we have your note.")
    expect(left).to_contain_text("Or in blue?")
    expect(left).to_contain_text("Reference:")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('engage-chat-draft'))") == []


def test_chat__login_in_another_tab_reload_and_end__goes_on_and_is_rated(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    begin(page, real_shop, "Is the stove heavy, or not?")
    go_online(agent, real_shop.address)
    expect(page.locator(".engage-expected")).to_contain_text("It takes less than a minute.")
    answer(agent, real_shop.address, question="Is the stove heavy, or not?", reply="It weighs 90 grams.")
    expect(page.locator(".engage-messages")).to_contain_text("It weighs 90 grams.")
    expect(page.locator(".engage-waiting")).to_have_count(0)

    log_in(page.context.new_page(), real_shop)
    box = page.locator(PANEL).get_by_label("Your message")
    box.fill("And the gas?")
    box.press("Enter")
    expect(page.locator('.engage-message[data-role="shopper"]').last).to_contain_text("And the gas?")
    expect(page.locator(".engage-pending")).to_have_count(0)
    expect(agent.get_by_role("log")).to_contain_text("And the gas?")
    page.reload()
    expect(page.locator(".engage-messages")).to_contain_text("And the gas?")
    assert page.locator(".engage-messages").inner_text().count("And the gas?") == 1

    end_conversation(agent)
    panel = page.locator(PANEL)
    expect(panel).to_contain_text("How helpful was this?")
    panel.get_by_label("very well").check()
    panel.get_by_label("Would you like to say more?").fill("Quick and kind")
    panel.get_by_role("button", name="Tell us").click()
    expect(page.locator(PANEL)).to_contain_text("You said that it helped: very well.")


def log_in(page: Page, shop: RealShop) -> None:
    person = CUSTOMERS[0]
    page.goto(f"{shop.address}/accounts/login/")
    page.fill("#id_login-username", person.email)
    page.fill("#id_login-password", person.password)
    page.press("#id_login-password", "Enter")
    expect(page.get_by_role("link", name=re.compile("Logout|Account")).first).to_be_visible()
