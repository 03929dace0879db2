"""What goes on between the steps: one more shopper's question, answered, talked over on the next page, and closed."""

import itertools
from dataclasses import dataclass

from playwright.sync_api import expect

from sandbox.drive import shopper as shopping
from sandbox.drive.session import desk
from sandbox.drive.session.stage import Stage

WHO = "Lars"
"""The shopper who has no chat of their own in the script."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is asked where, and who answers what."""

    agent: str
    category: str
    question: str
    reply: str


_TURNS = itertools.cycle(
    (
        Turn("Tova", "Tents", "Does it stand on rock?", "With the free-standing poles."),
        Turn("Olle", "Lamps", "Is it bright enough to read?", "On the second step, yes."),
        Turn("Tova", "Stoves", "How long does a can last?", "About an hour at full flame."),
    )
)
_numbers = itertools.count(1)


def chat_a_little(stage: Stage) -> None:
    """Play one short chat from the first word to the topic."""
    turn, number = next(_TURNS), next(_numbers)
    agent = turn.agent if turn.agent in stage.pages else "Tova"
    stage.step(f"small talk {number}: {WHO} and {agent}", lambda stage: _talk(stage, number, agent, turn))


def _talk(stage: Stage, number: int, agent: str, turn: Turn) -> str:
    page = stage.shopper(WHO)
    shopping.open_product(page, stage.shop.address, turn.category)
    shopping.open_help(page).get_by_role("link", name="Chat with us").click()
    page.locator(shopping.PANEL).get_by_label("Your name").fill(f"{WHO} {number}")
    words, thanks = f"{turn.question} ({number})", f"Thank you! ({number})"
    shopping.begin_chat(page, words)
    talk = stage.begin(f"talk-{number}", f"{WHO} {number}", page, words)
    desk.take(stage, agent, talk)
    desk.answer(stage, agent, talk, f"{turn.reply} ({number})")
    page.goto(f"{stage.shop.address}/basket/")
    expect(page.locator(".engage-messages")).to_contain_text(turn.reply, timeout=desk.POLL)
    desk.say(talk, thanks)
    expect(desk.card(stage.pages[agent], talk).get_by_role("log")).to_contain_text(thanks, timeout=desk.POLL)
    desk.close(stage, agent, talk, "Product")
    return f"{len(talk.said)} messages"
