"""The second half: sticky note, drag, lost network, a killed browser, a message instead, escalation, mail, topics, ratings."""

import re
import time

from playwright.sync_api import expect

from sandbox.drive import shopper as shopping
from sandbox.drive import staff
from sandbox.drive.session import desk, letters
from sandbox.drive.session.opening import OLLE
from sandbox.drive.session.stage import Stage, ensure

POLL = desk.POLL
LEASE_ENDS = 35_000
"""Milliseconds within which a killed browser's chats are back in the queue."""
BREAKS = 150_000
"""A promise of a minute and the sweep of the next one, in ms."""
LARS, MIRA = "lars@example.com", "mira@example.com"
BOARD, RATINGS = "/dashboard/engage/board/", "/dashboard/engage/ratings/"
LONG = {"width": 1280, "height": 1600}


def point_and_ask(stage: Stage) -> str:
    """Lars points at the price of a tent and leaves a note there, with an address."""
    page = stage.shopper("Lars")
    shopping.open_product(page, stage.shop.address, "Tents")
    words = "Is this the price with the poles?"
    panel = shopping.open_note(page, words)
    panel.get_by_label("Your name").fill("Lars")
    panel.get_by_label("Your e-mail address").fill(LARS)
    panel.get_by_role("button", name="Point at something else").click()
    page.locator(".product_main .price_color").first.click()
    picked = panel.locator("[data-engage-picked]").inner_text()
    panel.get_by_role("button", name="Leave the note").click()
    expect(page.locator(f"{shopping.PANEL} .engage-receipt")).to_contain_text("Reference:")
    stage.begin("sticky", "Lars", page, words)
    return f"pinned to “{picked}”"


def drag_to_another_queue(stage: Stage) -> str:
    """Sven drags Lars' note to another queue, and by keyboard moves Mira's and undoes it."""
    sven, sticky, urgent = stage.pages["Sven"], stage.talks["sticky"], stage.talks["urgent"]
    sven.goto(stage.shop.address + BOARD)
    sven.set_viewport_size(LONG)  # type: ignore[arg-type]  # a size; the mouse shall not have to scroll
    ticket = sven.locator(".engage-ticket", has_text=sticky.said[0][1])
    orders = sven.locator(".engage-board-column", has=sven.get_by_role("heading", name=re.compile("^Orders and returns")))
    advice = sven.locator(".engage-board-column", has=sven.get_by_role("heading", name=re.compile("^Advice")))
    expect(advice.locator(".engage-ticket", has_text=sticky.said[0][1])).to_be_visible()
    ticket.drag_to(orders)
    expect(orders).to_contain_text(sticky.said[0][1])
    expect(sven.locator("#engage-board-news")).to_contain_text("waits in “Orders and returns” now")
    words = urgent.said[0][1]
    sven.locator(".engage-ticket", has_text=words).locator("summary").focus()
    for key in ("Enter", "Tab"):
        sven.keyboard.press(key)
    sven.keyboard.type("Ord")
    for key in ("Tab", "Enter"):
        sven.keyboard.press(key)
    expect(orders).to_contain_text(words)
    expect(sven.get_by_role("button", name="Undo")).to_be_focused()
    sven.keyboard.press("Enter")
    expect(advice).to_contain_text(words)
    return "one moved by mouse, one moved and brought back by keyboard"


def lose_the_network(stage: Stage) -> str:
    """Kaja writes three times while her network is away, and none is lost or doubled."""
    page = stage.shopper("Kaja")
    shopping.open_product(page, stage.shop.address, "Stoves")
    shopping.open_help(page).get_by_role("link", name="Chat with us").click()
    words = "Will this stove burn in a storm?"
    page.locator(shopping.PANEL).get_by_label("Your name").fill("Kaja")
    shopping.begin_chat(page, words)
    talk = stage.begin("storm", "Kaja", page, words)
    desk.take(stage, "Olle", talk)
    desk.answer(stage, "Olle", talk, "It does, behind its screen.")
    page.context.set_offline(True)
    written = ("And in the rain?", "And in snow?", "Hello?")
    for one in written:
        talk.panel.get_by_label("Your message").fill(one)
        talk.panel.get_by_label("Your message").press("Enter")
        expect(talk.panel).to_contain_text(one)
    expect(talk.panel).to_contain_text("not sent yet")
    page.context.set_offline(False)
    back = time.monotonic()
    expect(desk.card(stage.pages["Olle"], talk).get_by_role("log")).to_contain_text(written[-1], timeout=30_000)
    stage.figures["what was written offline reached the agent after"] = f"{time.monotonic() - back:.1f} s"
    talk.said += [("shopper", one) for one in written]
    expect(talk.panel.locator(".engage-pending")).to_have_count(0, timeout=POLL)
    desk.answer(stage, "Olle", talk, "In both.")
    return f"{len(written)} messages kept and sent"


def kill_a_browser(stage: Stage) -> str:
    """Olle's browser is killed; his shoppers are told, and Tova goes on."""
    his = [talk for key in ("boots", "storm", "invited") if desk.owner(talk := stage.talks[key]) == "Olle"]
    ensure(his, "Olle has no chat")
    stage.kill("Olle")
    killed = time.monotonic()
    for talk in his:
        left = LEASE_ENDS - (time.monotonic() - killed) * 1000
        expect(talk.page.locator(".engage-messages")).to_contain_text("had to leave", timeout=max(left, 1))
    took = time.monotonic() - killed
    stage.figures["chats of a killed browser were back after"] = f"{took:.1f} s"
    for talk in his:
        stage.note_promise(talk)
        desk.take(stage, "Tova", talk)
        desk.answer(stage, "Tova", talk, f"Tova here, I go on for Olle, {talk.name}.")
    staff.go_online(stage.sit_down("Olle", OLLE, own_process=True), stage.shop.address)
    return f"{len(his)} chats back after {took:.0f} s, told to each shopper, taken by Tova"


def leave_a_message_instead(stage: Stage) -> str:
    """Mira begins a chat and does not want to wait."""
    page = stage.shopper("Mira")
    shopping.open_product(page, stage.shop.address, "Lamps")
    shopping.open_help(page).get_by_role("link", name="Chat with us").click()
    words = "Which lamp lasts a whole night?"
    page.locator(shopping.PANEL).get_by_label("Your name").fill("Mira")
    panel = shopping.begin_chat(page, words)
    talk = stage.begin("instead", "Mira", page, words)
    panel.get_by_text("Leave a message instead").click()
    panel.get_by_label("Your e-mail address").fill(MIRA)
    panel.get_by_role("button", name="Leave it as a message").click()
    expect(page.locator(shopping.PANEL)).to_contain_text("Thank you, we have your note.", timeout=POLL)
    stage.note_promise(talk)
    desk.answer(stage, "Tova", talk, "The Barn lamp: forty hours.", seen=False)
    page.goto(f"{stage.shop.address}/engage/note/{talk.public_id}/")
    expect(page.locator(".engage-messages").first).to_contain_text("forty hours")
    return "the chat became a note with the same words, and was answered"


def escalate(stage: Stage) -> str:
    """The promise to Mira is broken: the supervisor sees it on the board and at the desk; then she is answered."""
    sven, talk = stage.pages["Sven"], stage.talks["urgent"]
    sven.goto(stage.shop.address + BOARD)
    ticket = sven.locator(".engage-ticket", has_text=talk.said[0][1])
    expect(ticket).to_contain_text("escalated", timeout=BREAKS)
    expect(sven.locator(".engage-figure", has_text="Promises broken today")).not_to_contain_text(re.compile(r"today\s*0"))
    sven.goto(f"{stage.shop.address}/dashboard/engage/desk/")
    expect(sven.locator("#engage-queue")).to_contain_text("Escalated: a promise was broken")
    desk.answer(stage, "Olle", talk, "Our duffel bags do, sorry for the wait.", seen=False)
    talk.page.goto(f"{stage.shop.address}/engage/note/{talk.public_id}/")
    expect(talk.page.locator(".engage-messages").first).to_contain_text("duffel bags")
    return "shown as broken on the board and on top of the supervisor's desk, then answered"


def reply_by_mail(stage: Stage) -> str:
    """Lars gets a mail and replies to it; a forged reply and a stranger's are refused."""
    talk = stage.talks["sticky"]
    desk.answer(stage, "Tova", talk, "Yes, poles and pegs are in it.", seen=False)
    to = letters.await_reply_address(stage.shop.folder / "mail", LARS)
    words = "Thank you. And the repair kit?"
    taken = [
        stage.shop.manage("engage_mail", stdin=letters.write(sender, address, text)).strip()
        for sender, address, text in (
            (LARS, letters.forge(to), "Forged: send it all to me."),
            ("mallory@example.com", to, "Stranger: what did she buy?"),
            (LARS, to, words),
        )
    ]
    ensure(taken == ["refused forged", "refused stranger", "continued"], f"the mails were {taken}")
    talk.said.append(("shopper", words))
    one = desk.open_card(stage, "Tova", talk)
    expect(one.get_by_role("log")).to_contain_text(words, timeout=POLL)
    expect(one.get_by_role("log")).not_to_contain_text("Forged")
    desk.answer(stage, "Tova", talk, "The kit, too.", seen=False)
    return "continued by the true reply alone"


def close_and_rate(stage: Stage) -> str:
    """The chats are closed with a topic, rated by the shoppers, and Sven reads what they said."""
    for key, topic, score in (
        ("boots", "Product", "very well"),
        ("storm", "Product", "well"),
        ("invited", "Delivery", "very well"),
    ):
        talk = stage.talks[key]
        desk.close(stage, desk.owner(talk), talk, topic)
        panel = talk.page.locator(shopping.PANEL)
        expect(panel).to_contain_text("How helpful was this?", timeout=POLL)
        panel.get_by_label(score, exact=True).check()
        panel.get_by_label("Would you like to say more?").fill(f"Said by {talk.name} in the session")
        panel.get_by_role("button", name="Tell us").click()
        expect(panel).to_contain_text("Thank you", timeout=POLL)
    sven = stage.pages["Sven"]
    sven.goto(stage.shop.address + RATINGS)
    for name in ("Jon", "Kaja", "Iris"):
        expect(sven.locator("#content_inner, main, body").first).to_contain_text(f"Said by {name} in the session")
    stage.figures["rated"] = "3 chats"
    return "three topics, three ratings, read by the supervisor"
