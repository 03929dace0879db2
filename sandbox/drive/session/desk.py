"""What do agents and the supervisor do at the desk in a session? Each as a person would, by mouse and keys."""

import re

from playwright.sync_api import Locator, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.session.stage import Stage, Talk

POLL = 15_000
"""A poll of either side on a busy machine, in ms."""


def at_desk(stage: Stage, who: str) -> Page:
    """The page of ``who``, at the desk."""
    page = stage.pages[who]
    desk = f"{stage.shop.address}/dashboard/engage/desk/"
    if page.url.partition("?")[0].partition("#")[0] != desk:
        page.goto(desk)
    return page


def card(page: Page, talk: Talk) -> Locator:
    """The conversation where it stands beside the others."""
    return page.locator(f'[data-engage-card="{talk.public_id}"]')


def open_card(stage: Stage, who: str, talk: Talk) -> Locator:
    """Open the conversation from the lists, unless it stands there already."""
    page = at_desk(stage, who)
    one = card(page, talk)
    if not one.count():
        page.locator(f'#engage-queue [data-engage-id="{talk.public_id}"]').first.click(timeout=POLL)
        expect(one).to_be_visible()
    return one


def take(stage: Stage, who: str, talk: Talk) -> Locator:
    """Open it and make it one's own."""
    one = open_card(stage, who, talk)
    button = one.get_by_role("button", name="Take", exact=True)
    if button.count():
        button.click()
    expect(one.locator("textarea[name=body]")).to_be_visible()
    return one


def answer(stage: Stage, who: str, talk: Talk, words: str, *, seen: bool = True) -> None:
    """Answer by keyboard; with ``seen`` wait until the shopper has it."""
    one = open_card(stage, who, talk)
    one.locator("textarea[name=body]").fill(words)
    send(one, talk, words)
    if seen:
        expect(talk.page.locator(".engage-messages").first).to_contain_text(words, timeout=POLL)


def send(one: Locator, talk: Talk, words: str) -> None:
    """Send what stands in the box; ``words`` are kept as said once they are in the transcript."""
    one.locator("textarea[name=body]").press("Control+Enter")
    expect(one.get_by_role("log").locator("li > p", has_text=words.splitlines()[-1])).to_have_count(1)
    talk.said.append(("agent", words))


def close(stage: Stage, who: str, talk: Talk, topic: str) -> None:
    """Close it with a topic, as solved."""
    one = open_card(stage, who, talk)
    wrap = one.locator(".engage-wrap")
    wrap.locator("summary").click()
    wrap.get_by_label("Topic").select_option(label=topic)
    wrap.get_by_label("Outcome").select_option(label="solved")
    wrap.get_by_role("button", name="Close").click()
    expect(stage.pages[who].locator("body")).to_contain_text(re.compile("is closed"))


def owner(talk: Talk) -> str:
    """Which agent has it, by what the shopper reads."""
    status = talk.page.locator(f"{shopping.PANEL} .engage-status").first.inner_text()
    return "Olle" if "Olle" in status else "Tova"


def say(talk: Talk, words: str) -> None:
    """Write one more message as the shopper, and see it accepted."""
    box = talk.panel.get_by_label("Your message")
    box.fill(words)
    box.press("Enter")
    mine = talk.page.locator('.engage-message[data-role="shopper"][data-seq]')
    expect(mine.filter(has_text=words)).to_have_count(1, timeout=POLL)
    talk.said.append(("shopper", words))
