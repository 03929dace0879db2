"""Is a doubt about a size answered where it arose, and does what was answered once spare the next shopper the wait?"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive import staff
from sandbox.drive.shop import RealShop

NewContext = Callable[..., BrowserContext]
PHONE = {"width": 390, "height": 844}
TABLE = '[data-engage-id="size-table"]'
QUESTION = "My foot is 26.5 cm long, which size of boot should I take?"
ALIKE = "What boot size for feet of 26.5 cm?"
REPLY = "With a foot of 26.5 cm take size 43. Measure in walking socks, and look at the row with the length of the foot."

_NOBODY_ASKED = """
from oscar_engage.desk.models import Conversation
Conversation.objects.filter(anchor="size-table").delete()
"""


def open_boot(page: Page, address: str) -> None:
    """Open a boot's page, and look at its table of sizes."""
    shopping.open_product(page, address, "Walking boots")
    page.locator(TABLE).scroll_into_view_if_needed()


def ask(page: Page, question: str, *, words: tuple[str, str, str, str]) -> Locator:
    """Point at the table and leave a note on it; ``words`` are those of the page. Returns the panel with the receipt."""
    leave, point, label, send = words
    shopping.open_help(page).get_by_role("link", name=leave, exact=True).click()
    page.get_by_role("button", name=point).click()
    page.locator(TABLE).get_by_role("rowheader").nth(1).click()
    expect(page.locator("[data-engage-picked]")).to_contain_text("UK")
    page.get_by_label(label).fill(question)
    page.get_by_role("button", name=send).click()
    panel = page.locator(shopping.PANEL)
    expect(panel.locator(".engage-receipt")).to_contain_text(re.compile(r"\d\d:\d\d"))
    return panel


ENGLISH = ("Leave a note", "Point at something else", "Your question", "Leave the note")
GERMAN = ("Notiz hinterlassen", "Auf etwas anderes zeigen", "Ihre Frage", "Notiz hinterlassen")


@pytest.mark.usefixtures("quiet_desk")
def test_story__a_doubt_about_a_size__is_answered_there_and_spares_the_next_shopper_the_wait(
    new_context: NewContext, real_shop: RealShop
) -> None:
    address = real_shop.address
    real_shop.manage("shell", "-v0", "-c", _NOBODY_ASKED)

    # A shopper asks on the table; what is found at once does not help, so there is a promise.
    shopper = shopping.arrive(address, new_context, arm=None)
    open_boot(shopper, address)
    boot = shopper.url
    receipt = ask(shopper, QUESTION, words=ENGLISH)
    expect(receipt).to_contain_text("Your note is about: Sizes")
    refuse = receipt.get_by_role("button", name="No, please answer")
    if refuse.is_visible():
        refuse.click()
        expect(receipt).to_contain_text("That did not help")

    # The agent sees what it is about, with the page and the pin, and replies.
    agent = staff.sign_in(new_context().new_page(), address, "agent-one@example.com")
    look_and_reply(agent, address)

    # The answer stands at the table, on a later visit, and in the response centre; the shopper rates it, on a phone.
    later = shopper.context.new_page()
    shopper.close()
    later.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    later.goto(boot)
    helping = later.locator("#engage-help")  # the table is further down
    expect(helping).to_contain_text("Answer to your question")
    later.locator(TABLE).scroll_into_view_if_needed()
    note = later.locator(".engage-balloon[data-engage-put-away]:not([data-engage-away])")
    expect(note).to_contain_text("Sizes")
    note.get_by_role("button", name="Read it").click()
    panel = later.locator(shopping.PANEL)
    expect(panel).to_contain_text(REPLY)
    expect(helping).not_to_contain_text("Answer to your question")
    rate(panel)
    expect(panel).to_contain_text("Thank you. You said that it helped: very well.")
    later.goto(f"{address}/engage/questions/")
    expect(later.locator(".engage-page")).to_contain_text(REPLY)

    # The merchandiser sees that this table causes questions, and makes an article of the reply.
    merchandiser = staff.sign_in(new_context().new_page(), address, "merchandiser@example.com")
    make_article(merchandiser, address)

    # The next one is answered at once: nobody has to.
    following = shopping.arrive(address, new_context, arm=None)
    open_boot(following, address)
    receipt = await_answer(following, boot, ALIKE)
    expect(receipt).to_contain_text("take size 43")
    receipt.get_by_role("button", name="That helped").click()
    expect(receipt).to_contain_text("This conversation is closed.")
    agent.goto(f"{address}/dashboard/engage/desk/")
    expect(agent.locator("#engage-queue")).to_contain_text("Waiting (0)")


def look_and_reply(agent: Page, address: str) -> None:
    """Open the question, look at the shopper's page with the pin, and answer."""
    staff.open_conversation(agent, address, QUESTION)
    about = agent.get_by_role("region", name="What it is about")
    expect(about).to_contain_text("size-table")
    about.get_by_text("The page as the shopper saw it").click()
    expect(agent.frame_locator(".engage-page-copy iframe").locator("#engage-pin")).to_be_visible()
    staff.answer(agent, address, question=QUESTION, reply=REPLY)
    expect(agent.locator("#engage-status")).to_have_text("open")


def make_article(page: Page, address: str) -> None:
    """Find the table that causes questions, the question asked there, and make an article of its reply."""
    page.goto(f"{address}/dashboard/engage/reports/places/")
    page.get_by_role("link", name="size-table", exact=True).click()
    asked = page.get_by_role("region", name="What was asked here")
    expect(asked).to_contain_text(QUESTION)
    asked.get_by_role("link", name="Write an article").first.click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(REPLY)
    expect(page.get_by_label("Places it explains")).to_have_value("size-table")
    page.get_by_label("Topic").select_option(label="Products, sizes and care")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_role("alert").filter(has_text="is live")).to_be_visible()


def rate(panel: Locator) -> None:
    """Say that it helped very well; every score has to be in reach."""
    score = panel.get_by_label("very well")
    score.scroll_into_view_if_needed()
    place = panel.locator(".engage-rating-place").bounding_box()
    assert place is not None
    assert place["height"] > 150  # not a strip that scrolls by itself
    score.check()
    panel.get_by_role("button", name="Tell us").click()


def await_answer(page: Page, boot: str, question: str) -> Locator:
    """Write the question until the new article is suggested (articles are read every few seconds), then leave the note."""
    for _attempt in range(10):
        page.goto(boot)
        shopping.open_note(page, question)
        found = page.locator(".engage-panel[data-engage-note]").get_by_text(QUESTION)
        try:
            expect(found.first).to_be_visible(timeout=4_000)
        except AssertionError:
            continue
        break
    page.goto(boot)
    return ask(page, question, words=ENGLISH)


@pytest.mark.usefixtures("quiet_desk")
def test_story__in_german__is_asked_answered_and_rated_in_german(new_context: NewContext, real_shop: RealShop) -> None:
    address, question = real_shop.address, "Fällt dieser Stiefel bei breiten Füßen am Spann eher eng aus?"
    page = shopping.arrive(address, new_context, arm=None)
    page.locator("select[name=language]").first.select_option("de")
    page.get_by_role("button", name="Go").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    open_boot(page, address)
    boot = page.url
    receipt = ask(page, question, words=GERMAN)
    expect(receipt).to_contain_text("Ihre Notiz betrifft: Größen")

    agent = staff.sign_in(new_context().new_page(), address, "agent-one@example.com")
    staff.answer(agent, address, question=question, reply="Eher weit: Nehmen Sie Ihre Größe.")
    page.goto(boot)
    page.locator(TABLE).scroll_into_view_if_needed()
    page.get_by_role("button", name="Lesen").click()
    panel = page.locator(shopping.PANEL)
    expect(panel).to_contain_text("Eher weit")
    panel.get_by_label("sehr gut").check()
    panel.get_by_role("button", name="Absenden").click()
    expect(panel).to_contain_text("Danke")
