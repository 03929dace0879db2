"""What the shop's staff do in a browser: sign in, go online, answer."""

import re
from contextlib import suppress

from playwright.sync_api import Page, TimeoutError, expect

from sandbox.demo.people import STAFF

PASSWORDS = {person.email: person.password for person in STAFF}


def sign_in(page: Page, address: str, email: str) -> Page:
    """Sign in at the dashboard as one of the sandbox's people; returns ``page``."""
    page.goto(f"{address}/dashboard/login/?next=/dashboard/engage/reports/")
    page.fill("#id_username", email)
    page.fill("#id_password", PASSWORDS[email])
    page.press("#id_password", "Enter")
    expect(page).not_to_have_url(re.compile("/dashboard/login/"))
    return page


def go_online(page: Page, address: str) -> None:
    """Open the desk and be free for chats (for as long as the page stays open)."""
    page.goto(f"{address}/dashboard/engage/desk/")
    online = page.locator("#engage-presence .engage-badge-online")
    if not online.is_visible():
        page.get_by_role("button", name="Go online").click()
    expect(online).to_be_visible()


def open_conversation(page: Page, address: str, words: str) -> None:
    """Open the page of the latest conversation in the inbox that contains ``words``; a press there opens it beside others."""
    page.goto(f"{address}/dashboard/engage/desk/")
    link = page.locator("#engage-queue li", has_text=words).get_by_role("link").last
    page.goto(address + str(link.get_attribute("href")))


def answer(page: Page, address: str, *, question: str, reply: str) -> None:
    """Answer the latest conversation that contains ``question``, and take it first unless it was given to the agent already."""
    open_conversation(page, address, question)
    reply_box, take = page.locator("#engage-reply textarea"), page.get_by_role("button", name="Take")
    expect(reply_box.or_(take).first).to_be_visible()
    if take.is_visible():
        with suppress(TimeoutError):  # it may be given to the agent just now
            take.click(timeout=5_000)
    reply_box.fill(reply)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log")).to_contain_text(reply)


def end_conversation(page: Page) -> None:
    """Close the conversation that is open on ``page``, an agent's or a shopper's; an agent calls its topic “Other”."""
    wrap = page.locator(".engage-wrap")
    if wrap.count():
        wrap.locator("summary").click()
        wrap.get_by_label("Topic").select_option(label="Other")
    page.get_by_role("button", name=re.compile("^(Close|End)")).first.click()
    page.wait_for_load_state()
