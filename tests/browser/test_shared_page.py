"""Do shopper and agent look at the same page? Two real browsers and the real shop: the yes, the hand, the marks, each end."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.shop import RealShop
from sandbox.drive.staff import answer, go_online, sign_in
from tests.browser.findings import find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
PANEL = "#engage-root > .engage-panel:not([hidden])"
BAR = ".engage-live-bar"
SOON = shopping.SOON
END = 12_000
"""Ten seconds until either side knows, and the machine's own."""

pytestmark = pytest.mark.usefixtures("quiet_desk")


@pytest.fixture
def agent(real_shop: RealShop, new_context: NewContext) -> Iterator[Page]:
    """An agent's browser, online; gone offline at the end, for the tests after this one."""
    page = sign_in(new_context().new_page(), real_shop.address, "agent-one@example.com")
    go_online(page, real_shop.address)
    yield page
    page.goto(f"{real_shop.address}/dashboard/engage/desk/")
    offline = page.get_by_role("button", name="Go offline")
    if offline.is_visible():
        offline.click()


def begin_chat(page: Page, shop: RealShop, words: str) -> Locator:
    """Begin a chat on a product's page."""
    shopping.open_product(page, shop.address)
    shopping.open_help(page)
    page.evaluate("document.querySelector('#engage-root .engage-panel a[href*=\"note/new\"]').href = '/engage/chat/new/'")
    page.locator(f'{PANEL} a[href="/engage/chat/new/"]').first.click()
    return shopping.begin_chat(page, words)


def talk(page: Page, agent: Page, shop: RealShop, words: str = "Which tent is that?") -> None:
    """Have a chat of the two that goes on."""
    begin_chat(page, shop, words)
    answer(agent, shop.address, question=words, reply="Let me see.")
    expect(page.locator(".engage-messages")).to_contain_text("Let me see.", timeout=SOON)


def look(agent: Page) -> Page:
    """Open the page on which a shopper's is seen, and return it."""
    link = agent.get_by_role("link", name=re.compile("^Look at the"))
    agent.goto(f"{agent.url.split('/dashboard/')[0]}{link.get_attribute('href')}")
    return agent


def replayed(agent: Page) -> Locator:
    return agent.frame_locator("#engage-stage iframe").locator("body")


def test_shared_page__asked_seen_pointed_at_over_pages_and_ended(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    talk(page, agent, real_shop)
    title = page.locator("h1").first.inner_text()
    assert not [url for url in asked if "record.js" in url or "share.js" in url]

    look(agent).get_by_role("button", name="Ask to see the page").click()
    dialog = page.get_by_role("dialog", name=re.compile("asks to see this page"))
    expect(dialog).to_be_visible(timeout=SOON)
    expect(dialog).to_contain_text("Not seen: what you type")
    assert find_violations(page) == []
    assert not [url for url in asked if "record.js" in url]
    expect(agent.get_by_role("status")).to_contain_text("Asked.")
    dialog.get_by_role("button", name="Yes, show my page").click()

    expect(replayed(agent)).to_contain_text(title, timeout=SOON)
    expect(page.locator(BAR)).to_contain_text("sees this page", timeout=SOON)
    expect(page.locator(".engage-live-frame")).to_be_visible()
    page.screenshot(path="/tmp/sharedpage/shopper.png")
    agent.screenshot(path="/tmp/sharedpage/agent.png")
    assert find_violations(page) == []
    assert find_violations(agent) == []

    layer = agent.get_by_role("application")
    layer.hover(position={"x": 200, "y": 120})
    expect(page.locator(".engage-live-hand")).to_be_visible(timeout=SOON)
    agent.get_by_role("button", name="Outline what I click").click()
    layer.click(position={"x": 300, "y": 200})
    expect(page.locator(".engage-live-outline")).to_be_visible(timeout=SOON)

    page.locator(BAR).get_by_role("button", name="Mark something").click()
    page.locator("h1").first.click()
    expect(agent.locator(".engage-shared-ring")).to_be_visible(timeout=SOON)

    page.goto(f"{real_shop.address}/catalogue/")
    expect(replayed(agent)).to_contain_text("All products", timeout=SOON)
    expect(page.locator(BAR)).to_contain_text("sees this page", timeout=SOON)

    page.locator(BAR).get_by_role("button", name="Stop sharing").click()
    expect(page.locator(BAR)).to_contain_text("Nobody sees your page any more.")
    expect(page.locator(".engage-live-frame")).to_be_hidden()
    expect(agent.get_by_role("status")).to_contain_text("The shopper has stopped.", timeout=END)
    expect(agent.locator("#engage-stage iframe")).to_have_count(0)
    expect(page.locator(".engage-messages")).to_contain_text(re.compile(r"Page shared \d\d:\d\d–\d\d:\d\d\."), timeout=SOON)
    assert find_overflow(page) == []
