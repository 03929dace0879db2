"""What goes on between the steps: more words in the chats that are open, and one more shopper's questions."""

import itertools

from playwright.sync_api import expect

from sandbox.drive import shopper as shopping
from sandbox.drive.session import desk
from sandbox.drive.session.stage import Stage, Talk

WHO, MOST, ROUNDS = "Lars", 4, 3
"""The shopper without a chat in the script; chats in an hour (the fifth question is the note); exchanges in each."""
LIVE = ("boots", "invited", "storm")
"""The chats of the script."""
REST_MS = 5_000
_turns, _numbers = itertools.count(1), itertools.count(1)
_AGENTS = itertools.cycle(("Tova", "Olle"))
_PAGES = itertools.cycle(("/basket/", "/catalogue/", "/"))


def chat_a_little(stage: Stage) -> None:
    """Play a few words more, in a chat that is open or a new one."""
    turn = next(_turns)
    live = [] if "rated" in stage.figures else [stage.talks[key] for key in LIVE if key in stage.talks]
    begun = sum(name.startswith("talk-") for name in stage.talks)
    if begun < MOST and (not live or turn % 4 == 0):
        stage.step(f"small talk {turn}: {WHO} has a question", lambda stage: _ask(stage, begun + 1))
    elif live:
        talk = live[turn % len(live)]
        stage.step(f"small talk {turn}: {talk.name}", lambda stage: _go_on(stage, talk, desk.owner(talk)))
    else:
        stage.pages["Sven"].wait_for_timeout(REST_MS)


def _ask(stage: Stage, number: int) -> str:
    page, agent = stage.shopper(WHO), next(_AGENTS)
    shopping.open_product(page, stage.shop.address, "Tents")
    shopping.open_help(page).get_by_role("link", name="Chat with us").click()
    page.locator(shopping.PANEL).get_by_label("Your name").fill(f"{WHO} {number}")
    words = f"Does tent number {number} stand on rock?"
    shopping.begin_chat(page, words)
    talk = stage.begin(f"talk-{number}", f"{WHO} {number}", page, words)
    desk.take(stage, agent, talk)
    for _round in range(ROUNDS):
        _go_on(stage, talk, agent)
    desk.close(stage, agent, talk, "Product")
    return f"{len(talk.said)} messages with {agent}"


def _go_on(stage: Stage, talk: Talk, agent: str) -> str:
    number = next(_numbers)
    desk.say(talk, f"And what of this ({number})?")
    one = desk.open_card(stage, agent, talk)
    expect(one.get_by_role("log")).to_contain_text(f"({number})?", timeout=desk.POLL)
    talk.page.goto(stage.shop.address + next(_PAGES))  # the answer comes to another page than the question
    desk.answer(stage, agent, talk, f"That, too ({number}).")
    return f"with {agent}"
