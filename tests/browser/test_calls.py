"""Does a call-back asked for tomorrow at ten reach the agent then, and is each page of it in order for everybody?"""

import os
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
PHONE = {"width": 390, "height": 844}
NUMBER, ABOUT = "020 7946 0018", "Does the tent fit two?"
_NO_CALLS = """
from oscar_engage.desk.models import Conversation
Conversation.objects.filter(kind="call").delete()
"""
_VALUES = "(options) => options.map((option) => option.value)"
_SWEEP = """
from datetime import timedelta
from oscar_engage.desk.calls.due import open_due
from oscar_engage.desk.calls.models import PhoneCall
open_due({{}}, now=PhoneCall.objects.latest("pk").starts_at + timedelta(minutes={minutes}))
"""


def is_in_order(page: Page, name: str) -> None:
    """Nothing that axe finds, nothing that sticks out at 390 px or 1280; a picture, where one is wanted."""
    pictures = os.environ.get("ENGAGE_PICTURES")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert find_overflow(page, ours_alone=True) == [], (name, width)
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{width}.png", full_page=True)
    assert find_violations(page) == [], name


def ask_for_ten(page: Page, address: str) -> None:
    """Ask for a call tomorrow at ten, on a phone and by the keyboard, from the help of a product's page."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    shopping.open_product(page, address)
    shopping.open_help(page).get_by_role("link", name="Have us call you").press("Enter")
    panel = page.locator(shopping.PANEL)
    number = panel.get_by_label("Your telephone number")
    number.fill("020 79")
    number.press("Enter")
    expect(panel).to_contain_text("There is no such number.")
    number.fill(NUMBER)
    slots = panel.get_by_label("When shall we call?").locator("option")
    tens = slots.filter(has_text=re.compile("^10:00 to 10:15$"))
    tomorrow = f"{timezone.now() + timedelta(days=1):%Y%m%d}"
    (value,) = [value for value in tens.evaluate_all(_VALUES) if value.startswith(tomorrow)]
    panel.get_by_label("When shall we call?").select_option(value)
    panel.get_by_label("What is it about? (optional)").fill(ABOUT)
    is_in_order(page, "call-form")
    panel.get_by_role("button", name="Call me").press("Enter")
    receipt = panel.locator(".engage-receipt")
    expect(receipt).to_contain_text(re.compile(r"we call \+44 … 18: .*, between 10:00 and 10:15"))
    is_in_order(page, "call-receipt")


@pytest.mark.usefixtures("quiet_desk")
def test_story__call_asked_for_tomorrow_at_ten__reaches_the_agent_then(new_context: NewContext, real_shop: RealShop) -> None:
    address = real_shop.address
    real_shop.manage("shell", "-v0", "-c", _NO_CALLS)

    shopper = shopping.arrive(address, new_context, arm=None)
    ask_for_ten(shopper, address)

    # Until then it is in nobody's way; then it waits before the agent with what it is about, and a promise.
    agent = staff.sign_in(new_context().new_page(), address, "agent-one@example.com")
    staff.go_online(agent, address)
    real_shop.manage("shell", "-v0", "-c", _SWEEP.format(minutes=-1))
    agent.reload()
    expect(agent.locator("#engage-queue")).not_to_contain_text(ABOUT)
    real_shop.manage("shell", "-v0", "-c", _SWEEP.format(minutes=0))
    expect(agent.locator("#engage-queue")).to_contain_text(ABOUT)

    # The supervisor sees it planned for now.
    supervisor = staff.sign_in(new_context().new_page(), address, "supervisor@example.com")
    supervisor.goto(f"{address}/dashboard/engage/calls/")
    expect(supervisor.get_by_role("row", name=re.compile("due"))).to_contain_text("+44 20 7946 0018")
    is_in_order(supervisor, "calls")
    supervisor.get_by_role("link", name="Advice", exact=True).click()
    is_in_order(supervisor, "call-terms")

    # The agent takes it, calls, and says what came of it.
    staff.open_conversation(agent, address, ABOUT)
    expect(agent.locator(".engage-call")).to_contain_text("+44 20 7946 0018")
    agent.get_by_role("button", name="Take").click()
    agent.get_by_role("button", name="Call", exact=True).press("Enter")
    expect(agent.get_by_role("link", name="Dial +44 20 7946 0018")).to_have_attribute("href", "tel:+442079460018")
    is_in_order(agent, "call-at-the-desk")
    shopper.goto(f"{address}/engage/questions/")
    expect(shopper.locator(".engage-page")).to_contain_text(ABOUT)
    is_in_order(shopper, "call-in-questions")
    agent.get_by_role("button", name="Reached").press("Enter")
    expect(agent.locator(".engage-call")).to_contain_text("You have spoken.")
    expect(agent.get_by_role("log")).to_contain_text("called and reached you")
    staff.end_conversation(agent)
    shopper.reload()
    expect(shopper.locator(".engage-page")).to_contain_text("called and reached you")


@pytest.mark.usefixtures("quiet_desk")
def test_call__without_javascript_in_german__asked_for_and_called_off(new_context: NewContext, real_shop: RealShop) -> None:
    address = real_shop.address
    real_shop.manage("shell", "-v0", "-c", _NO_CALLS)
    page = new_context(java_script_enabled=False, locale="de-DE").new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height

    page.goto(f"{address}/engage/call/new/?page_path=/catalogue/")
    page.get_by_label("Ihre Telefonnummer").fill("030 901820")
    page.get_by_label("Wann sollen wir anrufen?").select_option(index=3)
    page.get_by_role("button", name="Rufen Sie mich an").click()
    receipt = page.locator(".engage-receipt")
    expect(receipt).to_contain_text(re.compile(r"Vielen Dank, wir rufen \+49 … 20 an: .* zwischen \d\d:\d\d und \d\d:\d\d Uhr"))
    page.get_by_role("button", name="Absagen").click()
    expect(receipt).to_contain_text("Der Anruf wurde abgesagt.")
