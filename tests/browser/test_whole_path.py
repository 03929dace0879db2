"""One shopper, one agent, one report: the whole path through the real stack, and a second shopper who is left alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sandbox.demo.engagements import BALLOON_AFTER, INVITATION_AFTER
from tests.browser.real_shop import RealShop

SOON = 12_000  # ms: a beat, a poll and a busy machine
BALLOON = ".engage-balloon"
INVITATION = '[data-engage-widget="invitation"]'
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    """Half of all visitors are held out, so that both kinds are found quickly; no rule holds out the others."""
    shop = RealShop(tmp_path_factory.mktemp("shop"), {"ENGAGE_SHOP_HOLDOUT": "0.5"})
    shop.start()
    shop.manage("shell", "-v0", "-c", "from oscar_engage.rules.models import Rule; Rule.objects.update(holdout_share=0)")
    yield shop
    assert shop.stop() == 0


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Browsers that share nothing, each closed at the end."""
    opened: list[BrowserContext] = []

    def build(**options: Any) -> BrowserContext:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        opened[-1].set_default_timeout(SOON)
        return opened[-1]

    yield build
    for context in opened:
        context.close()


def test_whole_path__treated_shopper_and_held_out_shopper__report_tells_both(shop: RealShop, new_context: NewContext) -> None:
    agent = sign_in(new_context().new_page(), shop, "agent-one@example.com", "agent-fjord")
    agent.goto(f"{shop.address}/dashboard/engage/desk/")
    agent.get_by_role("button", name="Go online").click()
    expect(agent.locator("#engage-presence .engage-badge-online")).to_be_visible()

    held_out = arrive(shop, new_context, arm="control")
    begin_checkout(held_out, shop)
    shopper = arrive(shop, new_context, arm="treated")
    begin_checkout(shopper, shop)
    expect(shopper.locator(BALLOON)).to_be_visible(timeout=(BALLOON_AFTER + 12) * 1000)
    expect(shopper.locator(BALLOON)).to_contain_text("Home in two to four days")
    expect(held_out.locator(BALLOON)).to_have_count(0)

    give_address(held_out)
    give_address(shopper)
    expect(shopper.locator(INVITATION)).to_be_visible(timeout=(INVITATION_AFTER + 12) * 1000)
    held_out.wait_for_timeout(3_000)
    expect(held_out.locator(INVITATION)).to_have_count(0)
    shopper.locator(INVITATION).get_by_role("button", name="Chat with us").click()
    panel = shopper.locator(".engage-panel")
    panel.get_by_label("Your question").fill("Do you deliver to my cabin on Skye?")
    panel.get_by_role("button", name="Start the chat").click()
    expect(panel).to_contain_text("Waiting for an agent")

    answer_as_agent(agent, shop, question="Do you deliver to my cabin", reply="Yes, by Thursday.")
    expect(shopper.locator(".engage-messages")).to_contain_text("Yes, by Thursday.", timeout=SOON)

    leave_note(shopper, "Can the tent be pitched on sand?")
    order_as_guest(shopper, shop)

    shop.manage("engage_tick")
    check_report(new_context().new_page(), shop)


def sign_in(page: Page, shop: RealShop, email: str, password: str) -> Page:
    page.goto(f"{shop.address}/dashboard/login/?next=/dashboard/engage/reports/")
    page.fill("#id_username", email)
    page.fill("#id_password", password)
    page.locator("form[action] button[type=submit], form button[type=submit]").last.click()
    page.wait_for_load_state()
    return page


def arrive(shop: RealShop, new_context: NewContext, *, arm: str) -> Page:
    """Return a shopper's page whose visitor fell into ``arm`` of the shop's hold-out; the demo bar says which that is."""
    for _attempt in range(40):
        page = new_context().new_page()
        page.goto(f"{shop.address}/")
        page.get_by_role("button", name="Accept all").click()
        bar = page.locator("[data-demobar-arm]")
        expect(bar).to_have_attribute("data-demobar-arm", re.compile("treated|control"), timeout=SOON)
        if bar.get_attribute("data-demobar-arm") == arm:
            return page
        page.context.close()
    raise AssertionError(f"40 visitors and none was {arm}")


def begin_checkout(page: Page, shop: RealShop) -> None:
    """Browse, fill the basket and begin the checkout as a guest."""
    page.goto(f"{shop.address}/catalogue/category/tents_1/")
    page.locator("article.product_pod h3 a").first.click()
    page.locator("#add_to_basket_form button[type=submit]").click()
    page.goto(f"{shop.address}/checkout/")
    page.locator("#id_username").fill("guest@example.com")
    page.locator("input[name=options][value=anonymous]").check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/checkout/shipping-address/"))


def answer_as_agent(agent: Page, shop: RealShop, *, question: str, reply: str) -> None:
    agent.goto(f"{shop.address}/dashboard/engage/desk/")
    agent.locator("#engage-queue li", has_text=question).get_by_role("link").click()
    journey = agent.locator(".engage-journey")
    expect(journey).to_contain_text("shipping-address")
    agent.get_by_role("button", name="Take").click()
    agent.locator("#engage-reply textarea").fill(reply)
    agent.get_by_role("button", name="Send").click()
    expect(agent.locator("#engage-messages")).to_contain_text(reply)


def leave_note(page: Page, question: str) -> None:
    page.goto(page.url)
    page.locator("#engage-help").click()
    page.get_by_role("link", name="Leave a note").click()
    panel = page.locator(".engage-panel")
    panel.get_by_label("Your question").fill(question)
    panel.get_by_role("button", name="Leave the note").click()
    receipt = panel.locator(".engage-receipt")
    expect(receipt).to_contain_text("Reference:")
    expect(receipt).to_contain_text(re.compile(r"by \d\d:\d\d"))


def give_address(page: Page) -> None:
    for name, text in {"first_name": "Gwen", "last_name": "Guest", "line1": "1 Shore Road", "line4": "Skye"}.items():
        page.fill(f"#id_{name}", text)
    page.fill("#id_postcode", "IV51 9XX")
    page.select_option("#id_country", "GB")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/checkout/shipping-method/"))


def order_as_guest(page: Page, shop: RealShop) -> None:
    page.goto(f"{shop.address}/checkout/shipping-method/")
    page.locator("form[action*='shipping-method'] button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/checkout/payment-details/"))
    assert page.locator("script[src*=oscar_engage]").count() == 0
    for name, text in {
        "name_on_card": "G Guest",
        "number": "4111111111111111",
        "expiry": "12/30",
        "security_code": "123",
    }.items():
        page.fill(f"#id_{name}", text)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("body")).to_contain_text("Order number")


def check_report(page: Page, shop: RealShop) -> None:
    """The invitation's report counts one treated shopper who came all the way, and one who was left alone."""
    sign_in(page, shop, "supervisor@example.com", "super-fjord")
    page.goto(f"{shop.address}/dashboard/engage/reports/")
    page.get_by_role("link", name="Still stalled: invite to a chat").click()
    for measure, treated, control in (
        ("eligible", "1", "1"),
        ("offered", "1", "0"),
        ("seen", "1", "0"),
        ("accepted", "1", "0"),
        ("orders", "1", "0"),
    ):
        row = page.locator(f"[data-measure={measure}]")
        expect(row.locator("[data-arm=treated]")).to_have_text(treated)
        expect(row.locator("[data-arm=control]")).to_have_text(control)
    expect(page.locator("[data-measure=revenue] [data-arm=treated]")).to_contain_text("£")
