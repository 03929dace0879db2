"""What people see on the real shop: every widget and every page of ours is accessible, fits a phone and keeps to itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from sandbox.drive import shopper, staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import Watch, find_inline_code, find_overflow, find_violations

SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 780})
SETTLES_MS = 900
MOST_TABS = 150
HAS_FOCUS = "selector => document.activeElement?.closest(selector) !== null"
NewContext = Callable[..., BrowserContext]


@dataclass
class Seat:
    """A person before a browser that is listened to."""

    page: Page
    address: str
    watch: Watch
    served: dict[str, None]

    def note(self, response: Response) -> None:
        """Keep the address of a page or fragment that was served."""
        if response.request.method == "GET" and response.headers.get("content-type", "").startswith("text/html"):
            self.served[response.url] = None

    def inspect(self) -> list[str]:
        """What is wrong with ours on the page as it stands, in both sizes."""
        found: list[str] = []
        for size in SIZES:
            self.page.set_viewport_size(size)
            self.page.wait_for_timeout(SETTLES_MS)
            wrong = find_violations(self.page) + find_overflow(self.page)
            found += [f"{size['width']}: {each}" for each in wrong]
        self.page.set_viewport_size(SIZES[0])
        return found + self.watch.complaints + self.watch.foreign

    def find_inline_code(self) -> list[str]:
        """Inline code of ours in the pages and fragments that this browser was served, as they come over the wire."""
        ask = self.page.context.request
        return [found for url in list(self.served) for found in find_inline_code(self.page, ask.get(url).text())]


@pytest.fixture
def sit_down(new_context: NewContext, real_shop: RealShop) -> Callable[[Page], Seat]:
    """Listen to the browser of a page."""

    def listen(page: Page) -> Seat:
        seat = Seat(page, real_shop.address, Watch(page.context, real_shop.address), {})
        page.on("response", seat.note)
        return seat

    return listen


@pytest.fixture
def seat(sit_down: Callable[[Page], Seat], new_context: NewContext, real_shop: RealShop) -> Seat:
    """A treated shopper's browser."""
    return sit_down(shopper.arrive(real_shop.address, new_context))


@pytest.fixture
def agent(new_context: NewContext, real_shop: RealShop) -> Iterator[Page]:
    """An agent who is free."""
    page = staff.sign_in(new_context().new_page(), real_shop.address, "agent-two@example.com")
    staff.go_online(page, real_shop.address)
    yield page
    page.goto(f"{real_shop.address}/dashboard/engage/desk/")
    page.get_by_role("button", name="Go offline").click()
    expect(page.locator("#engage-presence .engage-badge-offline")).to_be_visible()


def tab_into(page: Page, selector: str) -> None:
    """Press Tab until the focus is in ``selector``; fails when it never gets there."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(HAS_FOCUS, selector):
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_balloon__by_the_address__is_accessible_fits_and_leaves_with_escape(seat: Seat) -> None:
    shopper.begin_checkout(seat.page, seat.address)
    balloon = shopper.await_balloon(seat.page)
    assert seat.inspect() == []
    assert seat.find_inline_code() == []

    tab_into(seat.page, f"{shopper.BALLOON} [data-engage-do=accept]")
    seat.page.keyboard.press("Tab")
    assert seat.page.evaluate(HAS_FOCUS, f"{shopper.BALLOON} [data-engage-do=dismiss]")
    seat.page.keyboard.press("Escape")
    expect(balloon).to_have_count(0)


def test_invitation_and_chat__with_a_free_agent__are_accessible_and_fit(seat: Seat, agent: Page) -> None:
    page = seat.page
    shopper.begin_checkout(page, seat.address)
    shopper.give_address(page)
    invitation = shopper.await_invitation(page)
    assert seat.inspect() == []
    tab_into(page, f"{shopper.INVITATION} [data-engage-do=accept]")
    page.keyboard.press("Enter")
    expect(invitation).to_have_count(0)
    expect(page.locator(shopper.PANEL)).to_contain_text("Chat with us")
    assert seat.inspect() == []

    shopper.begin_chat(page, "Does the tent stand on rock?")
    staff.answer(agent, seat.address, question="stand on rock", reply="It does: the poles carry it alone.")
    expect(agent.locator(".engage-facts", has_text=page.title())).to_have_count(1)
    expect(page.locator(".engage-messages")).to_contain_text("the poles carry it")
    assert seat.inspect() == []
    assert seat.find_inline_code() == []

    page.locator(f"{shopper.PANEL} textarea").focus()
    page.keyboard.press("Escape")
    expand = page.get_by_role("button", name="Open the chat")
    expect(expand).to_be_focused()
    assert seat.inspect() == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Minimise")).to_be_focused()
    staff.end_conversation(agent)


def test_note_card__after_an_empty_search__is_accessible_and_leaves_with_escape(seat: Seat) -> None:
    card = shopper.await_note_card(seat.page, seat.address)
    assert seat.inspect() == []
    tab_into(seat.page, f"{shopper.NOTE_CARD} [data-engage-do=dismiss]")
    seat.page.keyboard.press("Escape")
    expect(card).to_have_count(0)


@pytest.mark.attack("I10")
def test_help_note_and_receipt__on_a_product__are_accessible_and_fit(seat: Seat) -> None:
    page = seat.page
    shopper.open_product(page, seat.address)
    tab_into(page, "#engage-help")
    page.keyboard.press("Enter")
    panel = page.locator(f"{shopper.PANEL}[data-engage-help]")
    expect(panel).to_be_focused()
    assert seat.inspect() == []
    tab_into(page, f"{shopper.PANEL} a")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("#engage-help")).to_be_focused()

    shopper.open_note(page, "How heavy is it?")
    assert seat.inspect() == []
    page.locator(shopper.PANEL).get_by_role("button", name="Leave the note").click()
    expect(page.locator(".engage-receipt")).to_be_visible()
    assert seat.inspect() == []

    page.goto(f"{seat.address}/engage/questions/")
    expect(page.locator(".engage-page")).to_contain_text("How heavy is it?")
    assert seat.inspect() == []
    assert seat.find_inline_code() == []


PLAIN = (
    "help/",
    "note/new/",
    "chat/new/",
    "questions/",
    "help-centre/",
    "help-centre/search/?q=boots",
    "help-centre/search/?q=submarine",
    "help-centre/topics/delivery/",
    "help-centre/articles/boot-size/",
)


@pytest.mark.attack("K05")
@pytest.mark.parametrize("path", PLAIN)
def test_plain_page__without_script__is_accessible_and_fits(
    path: str, sit_down: Callable[[Page], Seat], new_context: NewContext, real_shop: RealShop
) -> None:
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(f"{real_shop.address}/engage/{path}")
    expect(plain.locator(".engage-page .engage-panel")).to_be_visible()

    seat = sit_down(new_context().new_page())
    seat.page.goto(f"{real_shop.address}/engage/{path}")
    assert seat.inspect() == []
    assert seat.find_inline_code() == []


@pytest.mark.attack("I10")
def test_payment_page__help_link__covers_none_of_the_shops_controls(seat: Seat) -> None:
    page = seat.page
    shopper.begin_checkout(page, seat.address)
    shopper.give_address(page)
    shopper.choose_delivery(page, seat.address)
    assert seat.inspect() == []
    assert page.locator("script[src*=oscar_engage], #engage-root").count() == 0
    for size in SIZES:
        page.set_viewport_size(size)
        assert page.evaluate(COVERED) == []
    page.locator("#engage-help").click()
    expect(page.locator(".engage-page")).to_contain_text("How can we help?")


#: Scrolled to each control of the page in turn: those of which the help link hides a part.
COVERED = """() => {
  const help = document.getElementById("engage-help");
  return [...document.querySelectorAll("input, select, button, a")].filter((control) => control !== help && control.offsetWidth)
    .filter((control) => {
      control.scrollIntoView({ block: "nearest" });
      const one = control.getBoundingClientRect(), two = help.getBoundingClientRect();
      return one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;
    }).map((control) => control.outerHTML.slice(0, 120));
}"""

DASHBOARD = (
    "rules/",
    "rules/new/",
    "rules/import/",
    "rules/?show=waiting",
    "segments/",
    "segments/new/",
    "engagements/",
    "engagements/new/",
    "surveys/",
    "surveys/new/",
    "anchors/",
    "articles/",
    "articles/new/",
    "articles/topics/",
    "articles/topics/new/",
    "ladder/",
    "ladder/note/",
    "desk/",
    "board/",
    "promises/",
    "promises/policies/new/",
    "promises/hours/new/",
    "agents/",
    "agents/skills/new/",
    "agents/queues/new/",
    "mailboxes/",
    "mailboxes/new/",
    "visits/",
    "reports/",
    "reports/rules/",
    "reports/funnel/",
    "reports/leaving/",
    "reports/places/",
    "learning/",
    "learning/history/",
    "health/",
    "trail/",
    "privacy/",
)


@pytest.fixture
def staff_seat(sit_down: Callable[[Page], Seat], new_context: NewContext, real_shop: RealShop) -> Seat:
    """The superuser's browser, signed in."""
    return sit_down(staff.sign_in(new_context().new_page(), real_shop.address, "admin@example.com"))


@pytest.mark.attack("I10")
@pytest.mark.parametrize("path", DASHBOARD)
def test_dashboard_page__as_it_opens__is_accessible_and_fits(staff_seat: Seat, path: str) -> None:
    staff_seat.page.goto(f"{staff_seat.address}/dashboard/engage/{path}")
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("rules/", "Still stalled: invite to a chat"),
        ("engagements/", "Home in two to four days"),
        ("reports/rules/", "Still stalled: invite to a chat"),
    ],
)
def test_dashboard_details__of_a_listed_thing__are_accessible_and_fit(staff_seat: Seat, path: str, link: str) -> None:
    staff_seat.page.goto(f"{staff_seat.address}/dashboard/engage/{path}")
    staff_seat.page.get_by_role("link", name=link).click()
    expect(staff_seat.page.get_by_role("heading", level=1)).to_contain_text(link)
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []


def test_exits_page__with_curves__is_accessible_and_fits(staff_seat: Seat, real_shop: RealShop) -> None:
    real_shop.manage("shell", "-v0", "-c", "from scripts.screenshots.past import fill_exits; fill_exits()")
    staff_seat.page.goto(f"{staff_seat.address}/dashboard/engage/reports/leaving/")
    assert staff_seat.page.locator("svg.engage-curve").count() == 9
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_learning_page__with_models__is_accessible_and_fits(
    language: str, new_context: NewContext, sit_down: Callable[[Page], Seat], real_shop: RealShop
) -> None:
    context = new_context(locale=language, extra_http_headers={"Accept-Language": language})
    seat = sit_down(staff.sign_in(context.new_page(), real_shop.address, "admin@example.com"))
    if language == "en":
        real_shop.manage("shell", "-v0", "-c", "from scripts.screenshots.learnt import fill_learning; fill_learning()")
    seat.page.goto(f"{seat.address}/dashboard/engage/learning/")
    assert seat.page.locator("svg.engage-plot").count() == 5
    for summary in seat.page.locator(".engage details > summary").all():
        summary.press("Enter")
    assert seat.inspect() == []
    assert seat.find_inline_code() == []


def test_rule_editor__with_errors__is_accessible_and_leads_to_the_fields(staff_seat: Seat) -> None:
    page = staff_seat.page
    page.goto(f"{staff_seat.address}/dashboard/engage/rules/new/")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("[data-engage-summary]")).to_be_focused()
    assert staff_seat.inspect() == []
    page.locator("[data-engage-summary] a").first.click()
    assert page.evaluate(HAS_FOCUS, "input, select, textarea")


def test_rule_history__changed_compared_and_taken_back__is_accessible_and_fits(staff_seat: Seat) -> None:
    page = staff_seat.page
    page.goto(f"{staff_seat.address}/dashboard/engage/rules/")
    page.get_by_role("link", name="Still stalled: invite to a chat").click()
    number = page.locator("input[name$='.value.amount']").first
    number.fill(str(int(number.input_value()) + 1))
    page.get_by_role("button", name="Save draft").last.click()
    page.get_by_role("link", name="History").click()
    expect(page.locator(".engage-changes")).to_contain_text("became")
    assert staff_seat.inspect() == []
    page.get_by_role("button", name="Make it the newest draft").first.click()
    expect(page.locator("#engage-trail ~ ul")).to_contain_text("went back to version")
    assert staff_seat.find_inline_code() == []


def test_rule_import__of_what_was_exported__is_accessible_and_fits(staff_seat: Seat) -> None:
    page = staff_seat.page
    page.goto(f"{staff_seat.address}/dashboard/engage/rules/")
    page.get_by_role("checkbox").first.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export the chosen rules").click()
    page.goto(f"{staff_seat.address}/dashboard/engage/rules/import/")
    page.get_by_label("File").set_input_files(download.value.path())
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#engage-plan ~ ul")).to_contain_text("is there already")
    assert staff_seat.inspect() == []


def test_segment__made_without_a_script__is_offered_in_rules(
    staff_seat: Seat, new_context: NewContext, real_shop: RealShop
) -> None:
    page = staff.sign_in(new_context(java_script_enabled=False).new_page(), real_shop.address, "admin@example.com")
    page.goto(f"{real_shop.address}/dashboard/engage/segments/new/")
    page.get_by_role("textbox", name="Name", exact=True).fill("Browsing")
    page.get_by_role("textbox", name="Short name").fill("browsing")
    page.get_by_role("combobox", name="Variable").select_option("visit.pages")
    page.get_by_role("button", name="Show the choices for this variable").click()
    page.get_by_role("combobox", name="Comparison").select_option(">")
    page.get_by_role("textbox", name="Value").fill("3")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator("main")).to_contain_text("No rule uses it yet")
    staff_seat.page.goto(page.url)
    assert staff_seat.inspect() == []
    staff_seat.page.goto(f"{staff_seat.address}/dashboard/engage/rules/new/")
    assert staff_seat.page.locator("optgroup[label=Segments] option[value='segment.browsing']").count() == 1


@pytest.mark.attack("I10")
def test_desk_and_conversation__with_a_waiting_note__are_accessible_and_fit(staff_seat: Seat, seat: Seat) -> None:
    shopper.open_product(seat.page, seat.address)
    shopper.leave_note(seat.page, "Is the ground sheet sold on its own?")
    page = staff_seat.page
    page.goto(f"{staff_seat.address}/dashboard/engage/desk/")
    expect(page.locator("#engage-queue")).to_contain_text("ground sheet sold on its own")
    assert staff_seat.inspect() == []
    staff.answer(page, staff_seat.address, question="ground sheet sold on its own", reply="Yes, from next week.")
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []


def test_watched_visit__while_it_goes_on__is_accessible_and_fits(staff_seat: Seat, seat: Seat) -> None:
    shopper.fill_basket(seat.page, seat.address)
    page = staff_seat.page
    page.goto(f"{staff_seat.address}/dashboard/engage/visits/")
    assert staff_seat.inspect() == []
    page.get_by_role("link", name="Visit ").first.click()
    expect(page.locator("[data-engage-signal='basket.line_added']")).to_be_visible()
    page.get_by_role("link", name="Stop refreshing").click()
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []


def test_why_and_dry_run__of_a_rule__are_accessible_and_fit(staff_seat: Seat, seat: Seat, real_shop: RealShop) -> None:
    shopper.fill_basket(seat.page, seat.address)
    page = staff_seat.page
    page.goto(f"{staff_seat.address}/dashboard/engage/rules/")
    page.get_by_role("link", name="Still stalled: invite to a chat").click()
    page.get_by_role("link", name="Why did it not show?").click()
    assert staff_seat.inspect() == []
    page.locator(".engage-visits a").first.click()
    expect(page.locator("details.engage-why[open] table")).to_be_visible()
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Dry run").click()
    assert staff_seat.inspect() == []
    page.get_by_role("button", name="Try version").click()
    expect(page.locator("#engage-dry-run")).to_be_visible()
    real_shop.manage("shell", "-v0", "-c", COUNTED)
    page.reload()
    expect(page.locator("#engage-dry-run .engage-step-bar").first).to_be_visible()
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []


COUNTED = """
from django.utils import timezone
from oscar_engage.models import DryRun
numbers = {"visits": 120, "partial": 3, "in_scope": 60, "matched": 20, "eligible": 18, "offered": 9, "unsure": 4}
steps = {"reached": {"0.0": 60, "0.1": 20}, "held": {"0.0": 60, "0.1": 30}, "alone": {"0.1": 14}}
moments = {"moments": {"offered": 9, "lost": 9}, "ended": {"offered": 9, "lost": 9}, "unsaid": {"page.idle_seconds": 4}}
DryRun.objects.update(tally={**numbers, **steps, **moments}, visits_total=123, visits_done=123, finished_at=timezone.now())
"""
"""Writes a result into the dry run that was begun: in the sandbox hardly a visit has ended."""


def test_privacy_pages__from_search_to_erasure__are_accessible_and_fit(staff_seat: Seat, seat: Seat) -> None:
    shopper.open_product(seat.page, seat.address)
    shopper.leave_note(seat.page, "Please forget me afterwards.")
    reference = seat.page.locator(f"{shopper.PANEL} .engage-receipt strong").inner_text()
    page = staff_seat.page

    def find() -> None:
        page.goto(f"{staff_seat.address}/dashboard/engage/privacy/")
        page.get_by_role("textbox", name="E-mail address, customer number").fill(reference)
        page.get_by_role("button", name="Find", exact=True).click()

    find()
    assert staff_seat.inspect() == []
    page.get_by_role("link", name="Browser ").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.locator("[data-engage-summary]")).to_contain_text("Tick the box")
    assert staff_seat.inspect() == []
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.locator("#engage-erasure")).to_contain_text("finished")
    assert staff_seat.inspect() == []
    assert staff_seat.find_inline_code() == []
    find()
    expect(page.locator("main")).to_contain_text("Nothing is kept about such a person")
    assert staff_seat.inspect() == []


def test_anchors__on_the_running_shop__stand_at_the_right_elements(seat: Seat) -> None:
    page, address = seat.page, seat.address
    page.route(
        "**/engage-anchors.js", lambda route: route.fulfill(path="frontend/src/anchors.js", content_type="text/javascript")
    )
    shopper.open_product(page, address)
    found = {**words_at(page, "add-to-basket", "price", "stock", "description", "search")}
    shopper.fill_basket(page, address)
    page.goto(f"{address}/basket/")
    found |= words_at(page, "basket-lines", "basket-totals", "voucher", "proceed-to-checkout")
    page.goto(f"{address}/accounts/login/")
    found |= words_at(page, "login")
    shopper.begin_checkout(page, address)
    found |= words_at(page, "delivery-address")
    shopper.give_address(page)
    found |= words_at(page, "shipping-method")
    assert {slot: words for slot, words in EXPECTED.items() if words not in found.get(slot, "")} == {}


ANCHORS = Path(__file__).resolve().parents[2] / "frontend" / "src" / "anchors.js"
#: Slot → words of the element it stands for.
EXPECTED = {
    "add-to-basket": "Add to cart",
    "price": "£",
    "stock": "In stock",
    "description": "Product Description",
    "search": "<input",
    "basket-lines": "Update",
    "basket-totals": "Order total",
    "voucher": "coupon code",
    "proceed-to-checkout": "Proceed to checkout",
    "login": "Log In",
    "delivery-address": "First line of address",
    "shipping-method": "Standard delivery",
}
RESOLVE = """slots => import("/engage-anchors.js").then(({ resolve }) => Object.fromEntries(slots.map((slot) => {
  const place = resolve(slot);
  return [slot, place ? place.element.innerText || place.element.outerHTML : "nowhere"];
})))"""


def words_at(page: Page, *slots: str) -> dict[str, str]:
    """The words of the element at which each slot resolves on this page."""
    found: dict[str, Any] = page.evaluate(RESOLVE, list(slots))
    return found


def test_basket_left_at_the_bank__offered_on_the_next_page__is_put_back_and_accessible(
    new_context: NewContext, sit_down: Callable[[Page], Seat], real_shop: RealShop
) -> None:
    seat = sit_down(shopper.arrive(real_shop.address, new_context))
    page = seat.page

    shopper.leave_at_the_bank(page, seat.address)
    panel = page.locator(shopper.PANEL)
    expect(panel).to_contain_text("We have kept your basket")
    assert seat.inspect() == []
    panel.get_by_role("button", name="Put it back").click()

    expect(page).to_have_url(f"{seat.address}/basket/")
    expect(page.locator("#messages")).to_contain_text("back in your basket")
    assert page.locator("#basket_formset .basket-items").count() > 0
