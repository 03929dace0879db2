"""What do shoppers see of us? Every widget, panel and page, on the way of one shopper through the shop."""

from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Page, expect

from sandbox.drive import shopper, staff
from scripts.screenshots.camera import SIZES, Camera

AGENT = "agent-one@example.com"
NewContext = Callable[..., BrowserContext]


def take_storefront(browser: Browser, address: str, camera: Camera) -> None:
    """Take every picture of the shopper's side; an agent is online meanwhile. No offer is dismissed: a "no" ends them all."""

    def new_context(**options: object) -> BrowserContext:
        return browser.new_context(viewport=SIZES[0], **options)

    agent = staff.sign_in(new_context().new_page(), address, AGENT)
    staff.go_online(agent, address)
    page = shopper.arrive(address, new_context)
    _take_note(page, address, camera)
    _take_offers(page, address, camera)
    _take_chat(page, agent, address, camera)
    shopper.choose_delivery(page, address)
    camera.take(page, "payment")
    camera.take(page, "payment-help", focus=page.locator("#engage-help"))
    shopper.give_card(page, shopper.BAD_CARD)
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("#engage-trouble")).to_be_visible()
    camera.take(page, "payment-trouble", focus=page.locator("#engage-trouble"))
    _take_without_script(new_context(java_script_enabled=False).new_page(), address, camera)
    agent.get_by_role("button", name="Go offline").click()
    shopper.leave_at_the_bank(again := shopper.arrive(address, new_context), address)
    expect(again.locator(shopper.PANEL)).to_be_visible(timeout=shopper.SOON)
    camera.take(again, "kept-basket")


def _take_note(page: Page, address: str, camera: Camera) -> None:
    shopper.await_note_card(page, address)
    camera.take(page, "note-card")
    shopper.open_product(page, address)
    shopper.open_help(page)
    camera.take(page, "help")
    page.keyboard.press("Escape")
    panel = shopper.open_note(page, "Does it stand up to a storm on an exposed ridge?")
    panel.get_by_role("button", name="Point at something else").click()
    page.locator(".product_main h1").hover()
    page.locator(".product_main h1").click()
    camera.take(page, "note-form")
    panel.get_by_role("button", name="Leave the note").click()
    expect(page.locator(".engage-receipt")).to_be_visible()
    camera.take(page, "note-receipt")


def _take_offers(page: Page, address: str, camera: Camera) -> None:
    shopper.begin_checkout(page, address)
    shopper.await_balloon(page)
    camera.take(page, "balloon")
    shopper.give_address(page)
    shopper.await_invitation(page)
    camera.take(page, "invitation")


def _take_chat(page: Page, agent: Page, address: str, camera: Camera) -> None:
    page.locator(shopper.INVITATION).get_by_role("button", name="Chat with us").click()
    expect(page.locator(shopper.PANEL)).to_be_visible()
    camera.take(page, "chat-form")
    shopper.begin_chat(page, "Do you deliver to my cabin on Skye?")
    camera.take(page, "chat-waiting")
    staff.answer(agent, address, question="my cabin on Skye", reply="We do, Gwen. Order today and it is with you by Thursday.")
    expect(page.locator(".engage-messages")).to_contain_text("by Thursday", timeout=shopper.SOON)
    camera.take(page, "chat")
    page.get_by_role("button", name="Minimise").click()
    camera.take(page, "chat-small")
    page.goto(f"{address}/engage/questions/")
    camera.take(page, "questions")
    staff.end_conversation(agent)


def _take_without_script(page: Page, address: str, camera: Camera) -> None:
    page.goto(f"{address}/engage/help/")
    camera.take(page, "help-page")
    page.goto(f"{address}/engage/note/new/")
    camera.take(page, "note-page")
