"""What a shopper does in a browser, and how each of our widgets comes up before one."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.demo.patience import BALLOON_AFTER, INVITATION_AFTER

BALLOON = ".engage-balloon"
INVITATION = '[data-engage-widget="invitation"]'
NOTE_CARD = '.engage-card[data-engage-widget="note"]'
PANEL = "#engage-root > .engage-panel:not([hidden])"
SOON = 45_000
"""A beat, the longest pause between two polls, ten seconds until a silence is noticed, and a busy machine, in ms.

Who waits for what comes loses nothing by a long one; it is no measure of how fast anything is.
"""
MOST_VISITORS = 40
GOOD_CARD, BAD_CARD = "4111111111111111", "4000000000000002"


def arrive(address: str, new_context: Callable[[], BrowserContext], *, arm: str | None = "treated") -> Page:
    """Return the page of a fresh visitor who accepted all cookies and fell into ``arm`` of the shop's hold-out.

    The demo bar says which arm that is; ``None`` takes whoever comes. Raises ``LookupError`` when
    40 visitors all fell into the other.
    """
    for _visitor in range(MOST_VISITORS):
        page = new_context().new_page()
        page.goto(f"{address}/")
        page.get_by_role("button", name="Accept all").click()
        bar = page.locator("[data-demobar-arm]")
        expect(bar).to_have_attribute("data-demobar-arm", re.compile("treated|control"), timeout=SOON)
        if arm is None or bar.get_attribute("data-demobar-arm") == arm:
            return page
        page.context.close()
    raise LookupError(f"{MOST_VISITORS} visitors and none was {arm}")


def open_product(page: Page, address: str, category: str = "Tents") -> None:
    """Open the first product of ``category``."""
    page.goto(f"{address}/catalogue/")
    page.get_by_role("link", name=category).first.click()
    page.locator("article.product_pod h3 a").first.click()
    expect(page.locator("#add_to_basket_form")).to_be_visible()


def fill_basket(page: Page, address: str) -> None:
    """Put one tent into the basket."""
    open_product(page, address)
    page.locator("#add_to_basket_form button[type=submit]").click()
    page.wait_for_load_state()


def begin_checkout(page: Page, address: str) -> None:
    """Fill the basket and begin the checkout as a guest; ends at the delivery address."""
    fill_basket(page, address)
    page.goto(f"{address}/checkout/")
    page.locator("#id_username").fill("guest@example.com")
    page.locator("input[name=options][value=anonymous]").check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/checkout/shipping-address/"))


def give_address(page: Page) -> None:
    """Fill in the delivery address; ends at the delivery methods."""
    for name, text in {"first_name": "Gwen", "last_name": "Guest", "line1": "1 Shore Road", "line4": "Skye"}.items():
        page.fill(f"#id_{name}", text)
    page.fill("#id_postcode", "IV51 9XX")
    page.select_option("#id_country", "GB")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/checkout/shipping-method/"))


def choose_delivery(page: Page, address: str) -> None:
    """Take the first delivery method; ends at the payment."""
    page.goto(f"{address}/checkout/shipping-method/")
    page.locator("form[action*='shipping-method'] button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/checkout/payment-details/"))


def give_card(page: Page, number: str = GOOD_CARD) -> None:
    """Fill in a card; ends at the preview of the order."""
    details = {"name_on_card": "G Guest", "number": number, "expiry": "12/30", "security_code": "123"}
    for name, text in details.items():
        page.fill(f"#id_{name}", text)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Place order")).to_be_visible()


def leave_at_the_bank(page: Page, address: str) -> None:
    """Fill a basket, choose to pay by bank, and walk away from the bank's page without an answer; ends at the home page."""
    begin_checkout(page, address)
    give_address(page)
    choose_delivery(page, address)
    page.locator("#payment_form input[name=method]").nth(1).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Place order").click()
    page.get_by_role("link", name="Leave without an answer").click()


def await_balloon(page: Page) -> Locator:
    """Hesitate over the delivery address until the balloon stands there."""
    return _await(page.locator(f"{BALLOON}:not([data-engage-away])"), BALLOON_AFTER)


def await_invitation(page: Page) -> Locator:
    """Hesitate over the delivery method until the invitation to chat stands there (an agent has to be free)."""
    return _await(page.locator(f"{INVITATION}:not([data-engage-away])"), INVITATION_AFTER)


def await_note_card(page: Page, address: str) -> Locator:
    """Search for what no shop has until the note is offered."""
    page.goto(f"{address}/search/?q=submarine")
    return _await(page.locator(f"{NOTE_CARD}:not([data-engage-away])"), 0)


def _await(widget: Locator, seconds: float) -> Locator:
    expect(widget).to_be_visible(timeout=seconds * 1000 + SOON)
    return widget


def open_help(page: Page) -> Locator:
    """Press "Help"; returns the panel."""
    page.locator("#engage-help").click()
    panel = page.locator(PANEL)
    expect(panel).to_be_visible()
    return panel


def open_note(page: Page, question: str) -> Locator:
    """Open the form of a note from the help panel and write ``question``; returns the panel."""
    open_help(page).get_by_role("link", name="Leave a note", exact=True).click()
    panel = page.locator(f"{PANEL}[data-engage-note]")
    panel.get_by_label("Your question").fill(question)
    return panel


def leave_note(page: Page, question: str) -> Locator:
    """Leave a note; returns the panel with the receipt."""
    open_note(page, question).get_by_role("button", name="Leave the note").click()
    expect(page.locator(f"{PANEL} .engage-receipt")).to_contain_text("Reference:")
    return page.locator(PANEL)


def begin_chat(page: Page, words: str) -> Locator:
    """Write the first message of a chat whose form is open; returns the panel of the chat.

    Somebody is here at once for who was invited, and others wait.
    """
    page.locator(PANEL).get_by_label("Your message").fill(words)
    page.locator(PANEL).get_by_role("button", name="Start the chat").click()
    panel = page.locator(f"{PANEL}[data-engage-chat]")
    expect(panel).to_contain_text(re.compile("Waiting for an agent|is here"))
    return panel
