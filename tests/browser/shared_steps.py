"""What shopper and agent do to look at one page together."""

import re

from playwright.sync_api import Locator, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.shop import RealShop
from sandbox.drive.staff import answer

PANEL = "#engage-root > .engage-panel:not([hidden])"
BAR = ".engage-live-bar"


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
    expect(page.locator(".engage-messages")).to_contain_text("Let me see.")


def look(agent: Page) -> Page:
    """Open the page on which a shopper's is seen in a tab of its own, as its link does; the desk stays open."""
    link = agent.get_by_role("link", name=re.compile("^Look at the"))
    tab = agent.context.new_page()
    tab.goto(f"{agent.url.split('/dashboard/')[0]}{link.get_attribute('href')}")
    return tab


def replayed(agent: Page) -> Locator:
    return agent.frame_locator("#engage-stage iframe").locator("body")


def share(page: Page, agent: Page) -> Page:
    """Have the agent ask and the shopper say yes, in a chat of the two; return the page on which the agent looks."""
    view = look(agent)
    view.get_by_role("button", name="Ask to see the page").click()
    page.get_by_role("button", name="Yes, show my page").click()
    expect(view.locator("#engage-stage iframe")).to_be_visible()
    return view


__all__ = ["BAR", "PANEL", "begin_chat", "look", "replayed", "share", "talk"]
