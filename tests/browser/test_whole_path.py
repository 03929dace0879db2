"""One shopper, one agent, one report: the whole path through the real stack, and a second shopper who is left alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.shop import RealShop
from sandbox.drive.staff import answer, go_online, sign_in

MEASURES = ("eligible", "bought", "orders")
RULE = "Still stalled: invite to a chat"
QUESTION, REPLY = "Do you deliver to my cabin on Skye?", "Yes, by Thursday."
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Browsers that share nothing, each closed at the end."""
    opened: list[BrowserContext] = []

    def build(**options: Any) -> BrowserContext:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        opened[-1].set_default_timeout(shopping.SOON)
        return opened[-1]

    yield build
    for context in opened:
        context.close()


@pytest.fixture
def shop(real_shop: RealShop) -> RealShop:
    """The rules' own hold-outs are off, so that the shop's alone decides who is left alone."""
    real_shop.manage("shell", "-v0", "-c", "from oscar_engage.rules.models import Rule; Rule.objects.update(holdout_share=0)")
    return real_shop


@pytest.mark.usefixtures("quiet_desk")
def test_whole_path__one_shopper_helped_and_one_left_alone__report_tells_both(shop: RealShop, new_context: NewContext) -> None:
    agent = sign_in(new_context().new_page(), shop.address, "agent-one@example.com")
    go_online(agent, shop.address)
    supervisor = sign_in(new_context().new_page(), shop.address, "supervisor@example.com")
    before = read_report(supervisor, shop)

    held_out = shopping.arrive(shop.address, new_context, arm="control")
    shopping.begin_checkout(held_out, shop.address)
    shopper = shopping.arrive(shop.address, new_context, arm="treated")
    shopping.begin_checkout(shopper, shop.address)
    expect(shopping.await_balloon(shopper)).to_contain_text("Home in two to four days")
    expect(held_out.locator(shopping.BALLOON)).to_have_count(0)

    shopping.give_address(held_out)
    shopping.give_address(shopper)
    shopping.await_invitation(shopper).get_by_role("button", name="Chat with us").click()
    held_out.wait_for_timeout(3_000)
    expect(held_out.locator(shopping.INVITATION)).to_have_count(0)

    shopping.begin_chat(shopper, QUESTION)
    answer(agent, shop.address, question=QUESTION, reply=REPLY)
    expect(agent.locator("ol.engage-journey")).to_contain_text("delivery address")
    expect(shopper.locator(".engage-messages")).to_contain_text(REPLY)

    shopper.goto(f"{shop.address}/checkout/shipping-method/")
    # An answer that the page before had not yet told us was read brings the chat back, over the help.
    shopper.add_locator_handler(shopper.get_by_role("button", name="Minimise"), lambda button: button.click())
    expect(shopping.leave_note(shopper, "Can the tent be pitched on sand?")).to_contain_text(re.compile(r"by \d\d:\d\d"))
    shopper.remove_locator_handler(shopper.get_by_role("button", name="Minimise"))
    shopping.choose_delivery(shopper, shop.address)
    assert shopper.locator("script[src*=oscar_engage]").count() == 0
    shopping.give_card(shopper)
    shopper.get_by_role("button", name="Place order").click()
    expect(shopper.locator("body")).to_contain_text(re.compile("order number", re.IGNORECASE))

    after = await_order(supervisor, shop, more_than=before["orders", "treated"])
    gained = {key: after[key] - before[key] for key in after}
    assert {measure: gained[measure, "treated"] for measure in MEASURES} == dict.fromkeys(MEASURES, 1)
    assert (gained["eligible", "left_alone"], gained["orders", "left_alone"]) == (1, 0)
    assert gained["eligible", "control"] == 0
    expect(supervisor.locator("[data-measure=revenue] [data-arm=treated]")).to_contain_text("£")


def await_order(page: Page, shop: RealShop, *, more_than: int) -> dict[tuple[str, str], int]:
    """Return the report once the worker's sweep of the next minute has read the new order."""
    for _attempt in range(30):
        report = read_report(page, shop)
        if report["orders", "treated"] > more_than:
            return report
        page.wait_for_timeout(3_000)
    raise AssertionError("the worker found no order within a minute and a half")


def read_report(page: Page, shop: RealShop) -> dict[tuple[str, str], int]:
    """Return the invitation's figures by measure and arm; a report without a table is all zeros."""
    shop.manage("engage_rollups")  # the worker does it every ten minutes
    page.goto(f"{shop.address}/dashboard/engage/reports/rules/")
    page.get_by_role("link", name=RULE).click()
    expect(page.get_by_role("heading", name=RULE)).to_be_visible()
    cells = {
        (measure, arm): page.locator(f"[data-measure={measure}] [data-arm={arm}]")
        for measure in MEASURES
        for arm in ("treated", "control", "left_alone")
    }
    return {key: _number(cell.inner_text()) if cell.count() else 0 for key, cell in cells.items()}


def _number(text: str) -> int:
    return int(text) if text.strip().isdigit() else 0
