"""Does what answers a question stand beside the words while they are written, in nobody's way, and is nothing sent for it?"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_overflow, find_violations
from tests.browser.test_sticky_note import reach

NewContext = Callable[..., BrowserContext]
PHONE = {"width": 390, "height": 844}
BOTH = pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
ASKED = "I forgot my password, how do I reset it"
TITLE = re.compile("password", re.IGNORECASE)
FOUND = ".engage-suggestions"
_COUNTS = """
from oscar_engage.models import AutoAnswer, Conversation, Message, SignalRecord
import json
print(json.dumps([Conversation.objects.count(), Message.objects.count(), AutoAnswer.objects.count(),
    SignalRecord.objects.filter(kind="answers.self_resolved").count()]))
"""
_OUTCOME = "from oscar_engage.models import AutoAnswer; print(AutoAnswer.objects.latest('pk').outcome)"


def counts(shop: RealShop) -> list[int]:
    """Return how many conversations, messages, automatic answers and helped shoppers the shop has kept."""
    said = shop.manage("shell", "-v0", "-c", _COUNTS)
    return [int(one) for one in re.findall(r"\d+", said.splitlines()[-1])]


def outcome(shop: RealShop) -> str:
    """Return what became of the latest automatic answer."""
    return shop.manage("shell", "-v0", "-c", _OUTCOME).strip()


def visit(shop: RealShop, new_context: NewContext, viewport: dict[str, int]) -> Page:
    """Open a product's page as somebody new."""
    page = shopping.arrive(shop.address, new_context, arm=None)
    page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
    shopping.open_product(page, shop.address)
    return page


def suggested(panel: Locator) -> Locator:
    """Wait for what is suggested in ``panel``."""
    found = panel.locator(FOUND)
    expect(found).to_be_visible()
    return found


def expect_nothing_covered(panel: Locator) -> None:
    """Every control of the form can be scrolled to and is then what lies on top in its middle."""
    for control in (
        panel.locator("form.engage-form").locator("textarea, input:visible, button:visible, .engage-passages summary").all()
    ):
        control.scroll_into_view_if_needed()
        control.click(trial=True)


@BOTH
@pytest.mark.usefixtures("quiet_desk")
def test_note__written__suggestions_cover_nothing_and_answering_sends_nothing(
    new_context: NewContext, real_shop: RealShop, viewport: dict[str, int]
) -> None:
    before = counts(real_shop)
    page = visit(real_shop, new_context, viewport)
    panel = shopping.open_note(page, ASKED)
    found = suggested(panel)

    expect(found.locator("summary").first).to_contain_text(TITLE)
    expect(panel.locator("p.engage-live[role=status]").filter(has_text="Perhaps this answers it already")).to_have_count(1)
    expect(panel.get_by_label("Your question")).to_be_focused()
    expect_nothing_covered(panel)
    found.locator("summary").first.click()
    expect(found.get_by_role("link", name=re.compile("Read all of")).first).to_be_visible()
    expect_nothing_covered(panel)
    assert find_violations(page) == []
    assert find_overflow(page, ours_alone=True) == []

    found.get_by_role("button", name="That answers it").click()
    glad = page.locator(shopping.PANEL)
    expect(glad).to_contain_text("Nothing was sent.")
    expect(glad).to_be_focused()
    assert (
        glad.evaluate("(one) => document.getElementById(one.getAttribute('aria-labelledby'))?.textContent")
        == "Glad that helped"
    )
    assert find_violations(page) == []
    expect(glad.get_by_role("button", name="Close")).to_be_visible()
    after = counts(real_shop)
    assert after[:3] == before[:3]
    assert after[3] == before[3] + 1

    glad.get_by_role("link", name="Ask something all the same").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value(ASKED)  # kept in the browser: a slip loses nothing


@pytest.mark.usefixtures("quiet_desk")
def test_note__by_keyboard_alone__read_and_answered(new_context: NewContext, real_shop: RealShop) -> None:
    page = visit(real_shop, new_context, PHONE)
    page.get_by_role("link", name="Help", exact=True).last.focus()
    page.keyboard.press("Enter")
    reach(page, "Leave a note", "link")
    page.keyboard.press("Enter")
    page.get_by_label("Your question").focus()
    page.keyboard.type(ASKED)
    found = suggested(page.locator(shopping.PANEL))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "summary"
    page.keyboard.press("Enter")
    expect(found.get_by_role("link", name=re.compile("Read all of")).first).to_be_visible()
    page.wait_for_timeout(1_000)
    assert page.evaluate("document.activeElement.localName") == "summary"
    reach(page, "That answers it", "button")
    page.keyboard.press("Enter")
    expect(page.locator(shopping.PANEL)).to_contain_text("Nothing was sent.")


@pytest.mark.usefixtures("quiet_desk")
def test_note__changed_to_what_nothing_answers__suggestions_go(new_context: NewContext, real_shop: RealShop) -> None:
    page = visit(real_shop, new_context, PHONE)
    panel = shopping.open_note(page, ASKED)
    suggested(panel)
    panel.get_by_label("Your question").fill("zebra xylophone quartz vortex")

    expect(panel.locator(FOUND)).to_have_count(0)


@BOTH
@pytest.mark.usefixtures("quiet_desk")
def test_chat__written_before__suggested_too(new_context: NewContext, real_shop: RealShop, viewport: dict[str, int]) -> None:
    agent = staff.sign_in(new_context().new_page(), real_shop.address, "agent-one@example.com")
    staff.go_online(agent, real_shop.address)
    page = visit(real_shop, new_context, viewport)
    shopping.open_help(page).get_by_role("link", name=re.compile("Chat with us")).click()
    panel = page.locator(shopping.PANEL)
    panel.get_by_label("Your message").fill(ASKED)
    found = suggested(panel)
    expect_nothing_covered(panel)
    assert find_violations(page) == []
    found.get_by_role("button", name="That answers it").click()
    expect(page.locator(shopping.PANEL)).to_contain_text("Nothing was sent.")


@BOTH
@pytest.mark.usefixtures("quiet_desk")
def test_receipt__yes_then_undone__waits_again(new_context: NewContext, real_shop: RealShop, viewport: dict[str, int]) -> None:
    page = visit(real_shop, new_context, viewport)
    panel = shopping.leave_note(page, ASKED)
    expect(panel.locator(".engage-automatic summary").first).to_contain_text(TITLE)
    assert find_violations(page) == []
    assert find_overflow(page, ours_alone=True) == []

    reach(page, "That helped", "button")
    page.keyboard.press("Enter")
    expect(page.locator(shopping.PANEL)).to_contain_text("nobody needs to write to you")
    expect(page.locator(shopping.PANEL)).to_be_focused()
    assert outcome(real_shop) == "helped"
    assert find_violations(page) == []
    reach(page, re.compile("It does not help after all"), "button")
    page.keyboard.press("Enter")
    expect(page.locator(shopping.PANEL)).to_contain_text("did not help after all")
    assert outcome(real_shop) == "refused"


@pytest.mark.usefixtures("quiet_desk")
def test_receipt__no__stays_with_what_was_tried(new_context: NewContext, real_shop: RealShop) -> None:
    page = visit(real_shop, new_context, PHONE)
    panel = shopping.leave_note(page, ASKED)
    panel.get_by_role("button", name="No, please answer").click()

    expect(page.locator(shopping.PANEL)).to_contain_text("Tried already")
    expect(page.locator(".engage-automatic")).to_have_count(0)
    assert outcome(real_shop) == "refused"


@BOTH
@pytest.mark.usefixtures("quiet_desk")
def test_own_page__written__suggested_and_answered(
    new_context: NewContext, real_shop: RealShop, viewport: dict[str, int]
) -> None:
    page = shopping.arrive(real_shop.address, new_context, arm=None)
    page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
    page.goto(f"{real_shop.address}/engage/note/new/")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Your question").fill(ASKED)
    panel = page.locator(".engage-page .engage-panel")
    found = suggested(panel)
    expect_nothing_covered(panel)
    assert find_violations(page) == []
    found.get_by_role("button", name="That answers it").click()
    expect(panel).to_contain_text("Nothing was sent.")


@pytest.mark.usefixtures("quiet_desk")
def test_no_script__note__answered_on_its_receipt(new_context: NewContext, real_shop: RealShop) -> None:
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{real_shop.address}/engage/note/new/")
    page.get_by_label("Your question").fill(ASKED)
    page.get_by_role("button", name="Leave the note").click()
    expect(page.locator(".engage-automatic summary").first).to_contain_text(TITLE)
    page.get_by_role("button", name="That helped").click()
    expect(page.locator(".engage-page")).to_contain_text("nobody needs to write to you")
    page.get_by_role("button", name=re.compile("It does not help after all")).click()
    expect(page.locator(".engage-page")).to_contain_text("did not help after all")
    assert outcome(real_shop) == "refused"
