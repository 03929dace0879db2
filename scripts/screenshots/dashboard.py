"""What do the staff see? Every page of ours in Oscar's dashboard, with something in it."""

from playwright.sync_api import Browser, Page, expect

from sandbox.drive import shopper, staff
from scripts.screenshots.camera import SIZES, Camera
from scripts.screenshots.rules import RULE, take_rules

ENGAGEMENT = "Home in two to four days"
QUESTIONS = ("Is the blue one darker than in the picture?", "Can I send it back after wearing it once around the house?")


def take_dashboard(browser: Browser, address: str, camera: Camera) -> None:
    """Take every picture of the dashboard; two notes and a chat wait at the desk."""
    page = staff.sign_in(browser.new_context(viewport=SIZES[0]).new_page(), address, "admin@example.com")
    root = f"{address}/dashboard/engage"
    take_rules(page, root, camera)
    page.goto(f"{root}/engagements/")
    camera.take(page, "engagements")
    page.get_by_role("link", name=ENGAGEMENT).click()
    camera.take(page, "engagement-form")
    _take_desk(page, browser, address, camera)
    page.goto(f"{root}/reports/")
    camera.take(page, "reports")
    page.get_by_role("link", name="When shoppers leave").click()
    camera.take(page, "exits", focus=page.locator(".engage-curve").nth(2))
    page.goto(f"{root}/learning/")
    camera.take(page, "learning")
    page.goto(f"{root}/reports/")
    page.get_by_role("link", name="Places on the pages").click()
    camera.take(page, "places")
    page.goto(f"{root}/reports/rules/")
    page.get_by_role("link", name=RULE).click()
    camera.take(page, "report")
    page.goto(f"{root}/health/")
    camera.take(page, "health")


def _take_desk(page: Page, browser: Browser, address: str, camera: Camera) -> None:
    staff.go_online(page, address)
    for question in QUESTIONS:
        visitor = shopper.arrive(address, browser.new_context)
        shopper.open_product(visitor, address, "Boots")
        shopper.leave_note(visitor, question)
        visitor.context.close()
    visitor = shopper.arrive(address, browser.new_context)
    shopper.begin_checkout(visitor, address)
    shopper.open_help(visitor).get_by_role("link", name="Chat with us").click()
    shopper.begin_chat(visitor, "My postcode is not accepted, what can I do?")
    staff.go_online(page, address)
    camera.take(page, "desk")
    _take_console(page, address, camera)
    staff.answer(page, address, question="My postcode", reply="Hello! Which postcode is it?")
    camera.take(page, "conversation")
    reference = page.locator("h1").inner_text().split()[1]
    staff.end_conversation(page)
    page.goto(f"{address}/dashboard/engage/visits/")
    camera.take(page, "visits")
    page.get_by_role("link", name="Visit ").first.click()
    camera.take(page, "visit")
    page.get_by_role("link", name="Why rules show or not").click()
    why = page.locator("details.engage-why", has_text=RULE)
    why.locator("summary").click()
    camera.take(page, "visit-why", focus=why)
    visitor.context.close()
    _take_privacy(page, f"{address}/dashboard/engage", reference, camera)


def _take_console(page: Page, address: str, camera: Camera) -> None:
    """The chat beside the lists, with the list of ready-made replies open, and then the board with it."""
    page.get_by_role("button", name="Take the next one").click()
    card = page.locator("[data-engage-card]")
    expect(page.locator("#engage-context")).to_contain_text("Basket")
    camera.take(page, "desk-card", focus=card)
    expect(card.locator("[data-engage-slash]")).to_be_visible()
    box = card.locator("textarea[name=body]")
    box.press_sequentially("/", delay=60)
    expect(page.get_by_role("listbox")).to_be_visible()
    camera.take(page, "desk-replies", focus=box)
    box.press("Escape")
    box.fill("")
    page.goto(f"{address}/dashboard/engage/board/")
    camera.take(page, "board")


def _take_privacy(page: Page, root: str, reference: str, camera: Camera) -> None:
    page.goto(f"{root}/privacy/")
    page.locator(".engage-box input[type=text], .engage-box input[type=search]").first.fill(reference)
    page.get_by_role("button", name="Find").click()
    camera.take(page, "privacy")
    page.locator(".engage-box table a").first.click()
    camera.take(page, "privacy-person")
