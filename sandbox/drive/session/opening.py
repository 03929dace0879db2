"""The first half of a session: invitation, chat, ready-made reply, product, act, transfer, notes, whisper."""

import re
import time

from playwright.sync_api import expect

from sandbox.drive import shopper as shopping
from sandbox.drive import staff
from sandbox.drive.session import desk
from sandbox.drive.session.stage import Stage, ensure

POLL = desk.POLL
OLLE, TOVA, SVEN = "agent-one@example.com", "agent-two@example.com", "supervisor@example.com"
ACTIVE = 10
"""Tenths of a slot that a chat takes, or a place that is kept."""
LIES_IN_ITS_MESSAGE = """(card) => {
  const [inner, outer] = [card, card.closest("li")].map((one) => one.getBoundingClientRect());
  return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.right <= outer.right;
}"""
INSIDE = "Between us: he has asked twice already."
WHISPER = "Offer him the grey ones, we have plenty."
REASON = "Olle knows these boots."
_SHORT_PROMISE = """
from django.utils import timezone
from oscar_engage.desk.promises.models import Policy
from oscar_engage.desk.promises.store import save_policy
from oscar_engage.rules.models import Rule
Rule.objects.update(holdout_share=0)
rules = [{"field": "visit.zero_result_searches", "operator": ">=", "value": 1}]
save_policy(Policy(name="Searched in vain", priority=1, first_minutes=1, document={"combinator": "and", "rules": rules}),
            user=None, now=timezone.now())
"""
_HOLDS = """
import json
from oscar_engage.desk.dialer.models import Hold
kept = [(one.agent, one.seated_at is not None and one.offered_at < one.asked_at) for one in Hold.objects.all()]
print(json.dumps([(agent.display_name, agent.used_tenths, is_seated) for agent, is_seated in kept]))
"""


def open_the_desk(stage: Stage) -> str:
    """Two agents go online, each in a browser process of their own; the supervisor opens the board."""
    stage.shop.manage("shell", "-v0", "-c", _SHORT_PROMISE)
    for name, email in (("Olle", OLLE), ("Tova", TOVA)):
        staff.go_online(stage.sit_down(name, email, own_process=True), stage.shop.address)
    stage.sit_down("Sven", SVEN).goto(f"{stage.shop.address}/dashboard/engage/board/")
    expect(stage.pages["Sven"].locator(".engage-board-agents")).to_contain_text("Tova")
    return "Olle and Tova are online, Sven has the board"


def leave_an_urgent_note(stage: Stage) -> str:
    """Mira searches in vain and leaves a note: the shop's shortest promise, and nobody answers yet."""
    page = stage.shopper("Mira")
    page.goto(f"{stage.shop.address}/search/?q=submarine")
    words = "Do you have anything that dives?"
    panel = shopping.open_note(page, words)
    panel.get_by_label("Your name").fill("Mira")
    panel.get_by_role("button", name="Leave the note").click()
    expect(page.locator(f"{shopping.PANEL} .engage-receipt")).to_contain_text("Reference:")
    talk = stage.begin("urgent", "Mira", page, words)
    return f"promised by {talk.promises[-1][0]}"


def hesitate(stage: Stage) -> None:
    """Iris comes as far as the delivery method and stands still."""
    page = stage.shopper("Iris")
    shopping.begin_checkout(page, stage.shop.address)
    shopping.give_address(page)


def accept_the_invitation(stage: Stage) -> str:
    """Iris is invited, a place is kept for her, and her chat is an agent's the moment she has asked."""
    page = stage.shopper("Iris")
    invitation = shopping.await_invitation(page)
    invitation.get_by_role("button", name="Chat with us").click()
    words = "Can you send it to a harbour?"
    panel = page.locator(shopping.PANEL)
    panel.get_by_label("Your message").fill(words)
    panel.get_by_label("Your name").fill("Iris")
    asked = time.monotonic()
    panel.get_by_role("button", name="Start the chat").click()
    expect(page.locator(f"{shopping.PANEL}[data-engage-chat] .engage-status").first).to_contain_text("is here", timeout=POLL)
    stage.figures["an invited shopper had an agent after"] = f"{time.monotonic() - asked:.1f} s"
    talk = stage.begin("invited", "Iris", page, words)
    held = stage.look(_HOLDS)  # not before: on a busy machine a look takes longer than an invitation stands
    ensure(len(held) == 1 and held[0][2], f"one place should have been kept, and be taken: {held}")
    ensure(held[0][1] >= ACTIVE, f"a place that is taken is used: {held}")
    owner = held[0][0]
    desk.answer(stage, owner, talk, "Yes, to any harbour with an address.")
    return f"a place was kept at {owner}, who answered"


def chat_and_type(stage: Stage) -> str:
    """Jon begins a chat, Tova takes the next one; each reads that the other is writing; "/" gives the answer."""
    page = stage.shopper("Jon")
    shopping.open_product(page, stage.shop.address, "Boots")
    shopping.open_help(page).get_by_role("link", name="Chat with us").click()
    words = "Can I send boots back that I have worn once?"
    page.locator(shopping.PANEL).get_by_label("Your name").fill("Jon")
    shopping.begin_chat(page, words)
    talk = stage.begin("boots", "Jon", page, words)
    tova = desk.at_desk(stage, "Tova")
    one = desk.card(tova, talk)
    tova.get_by_role("button", name="Take the next one").click()
    expect(one).to_be_visible()
    expect(page.locator(".engage-messages")).to_contain_text("Tova is here", timeout=POLL)
    talk.panel.get_by_label("Your message").press_sequentially("And do you have them", delay=60)
    expect(one.locator(".engage-attention")).to_contain_text("The shopper is writing", timeout=POLL)
    desk.say(talk, "And do you have them in 42?")
    box = one.locator("textarea[name=body]")
    box.focus()
    tova.keyboard.type("/returns", delay=60)
    expect(tova.locator("[role=listbox] [role=option]")).to_have_count(1)
    tova.keyboard.press("Enter")
    expect(box).to_have_value(re.compile("You can send it back"))
    tova.keyboard.type(" ", delay=60)
    expect(talk.panel).to_contain_text("Tova is writing", timeout=POLL)
    desk.send(one, talk, box.input_value().strip())
    expect(page.locator(".engage-messages")).to_contain_text("You can send it back", timeout=POLL)
    return "both saw the other one writing; the answer came from “/returns”"


def send_a_product(stage: Stage) -> str:
    """Tova sends a product with a picture and a price."""
    talk = stage.talks["boots"]
    one = desk.open_card(stage, "Tova", talk)
    one.locator("textarea[name=body]").fill("These come in 42:")
    one.locator("details.engage-carry-cards summary").click()
    one.get_by_label("Title, UPC, name or code").fill("boots-01")
    stage.pages["Tova"].keyboard.press("Enter")
    one.locator(".engage-found input[value^='product:']").first.check()
    desk.send(one, talk, "These come in 42:")
    shown = talk.page.locator(".engage-messages li", has_text="These come in 42:")
    expect(shown).to_contain_text("£", timeout=POLL)
    ensure(shown.locator(".engage-carried").evaluate(LIES_IN_ITS_MESSAGE), "the card does not lie in its message")
    return "the shopper sees the card with its price"


def act_for_the_shopper(stage: Stage) -> str:
    """Tova proposes boots, Jon says yes, and Oscar's basket has the line."""
    talk = stage.talks["boots"]
    tova, find = stage.pages["Tova"], "#engage-acts-find"
    desk.open_card(stage, "Tova", talk).locator("textarea[name=body]").focus()
    expect(tova.locator("#engage-context")).to_contain_text("Jon")
    tova.locator(f"{find} input[type=search]").fill("boots-01-42")
    tova.locator(find).get_by_role("button", name="Search").click()
    tova.locator(f"{find} li a").first.click()
    tova.get_by_role("button", name="Propose to the shopper").click()
    talk.page.locator(".engage-act").get_by_role("button", name="Yes, please").click(timeout=POLL)
    expect(talk.page.locator(".engage-messages")).to_contain_text("is in the basket.")
    expect(tova.locator("#engage-acts li[data-state=done]")).to_have_count(1, timeout=POLL)
    talk.page.goto(f"{stage.shop.address}/basket/")
    expect(talk.page.locator("#basket_formset .basket-items")).to_have_count(1)
    expect(talk.page.locator(".engage-messages")).to_contain_text("is in the basket.", timeout=POLL)
    return "the line is in the basket, and the chat came along"


def hand_on(stage: Stage) -> str:
    """Tova hands Jon on to Olle and says why."""
    talk = stage.talks["boots"]
    tova = stage.pages["Tova"]
    desk.open_card(stage, "Tova", talk).locator("textarea[name=body]").focus()
    form = tova.locator("#engage-context .engage-hand-on")
    form.locator("summary").click()
    to = form.locator("option", has_text="Olle").get_attribute("value") or ""
    form.get_by_label("To", exact=True).select_option(value=to)
    form.get_by_label("Why (your colleague reads it)").fill(REASON)
    form.get_by_role("button", name="Hand on").click()
    expect(talk.page.locator(".engage-messages")).to_contain_text("Olle", timeout=POLL)
    expect(talk.panel.locator(".engage-status").first).to_contain_text("Olle is here", timeout=POLL)
    one = desk.open_card(stage, "Olle", talk)
    expect(one.locator("textarea[name=body]")).to_be_visible(timeout=POLL)
    expect(one).to_contain_text(REASON, timeout=POLL)
    desk.answer(stage, "Olle", talk, "Olle here: 42 is in the basket.")
    return "the reason stands at Olle's desk, and the shopper reads who is there"


def note_and_whisper(stage: Stage) -> str:
    """Olle writes an internal note; Sven looks on and whispers; Jon sees neither, Olle is told of both."""
    talk, olle, sven = stage.talks["boots"], stage.pages["Olle"], stage.pages["Sven"]
    one = desk.open_card(stage, "Olle", talk)
    one.get_by_role("heading").get_by_role("link").click()
    olle.get_by_text("Internal note", exact=True).first.click()
    olle.get_by_label("For colleagues; the customer does not see it").fill(INSIDE)
    olle.get_by_role("button", name="Add the note").click()
    expect(olle.get_by_role("log")).to_contain_text(INSIDE)
    one = desk.open_card(stage, "Olle", talk)
    row = sven.locator(".engage-board-agents li li", has_text="Jon")
    row.get_by_role("link", name=re.compile("Look on, whisper")).click(timeout=POLL)
    expect(sven.get_by_role("log")).to_contain_text(INSIDE)
    sven.get_by_text("Note or whisper").click()
    sven.get_by_label("For colleagues; the customer does not see it").fill(WHISPER)
    sven.get_by_role("button", name="Whisper to").click()
    expect(sven.get_by_role("log")).to_contain_text(WHISPER)
    expect(one).to_contain_text(WHISPER, timeout=POLL)
    expect(one).to_contain_text("Sven", timeout=POLL)
    desk.answer(stage, "Olle", talk, "There are grey ones as well.")
    shown = talk.page.content()
    ensure(not any(words in shown for words in (INSIDE, WHISPER, REASON)), "a note reached the shopper's page")
    sven.goto(f"{stage.shop.address}/dashboard/engage/board/")
    return "the agent is told who looks on; the shopper's page has nothing of it"
