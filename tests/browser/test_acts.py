"""The whole path in the real shop: an agent proposes boots, the shopper says yes, and it is in Oscar's basket."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.shop import RealShop
from sandbox.drive.staff import answer, go_online, sign_in

NewContext = Callable[..., BrowserContext]
QUESTION = "Can you put the 42 in for me?"
FIND, STATE = "#engage-acts-find", "#engage-acts"


def propose_boots(agent: Page) -> str:
    """Find a pair of boots by the UPC of a size, which is then chosen, and propose it; returns what the shopper is asked."""
    agent.locator(f"{FIND} input[type=search]").fill("boots-01-42")
    agent.locator(FIND).get_by_role("button", name="Search").click()
    agent.locator(f"{FIND} li a").first.click()
    expect(agent.locator(f"{FIND} select[name=child_id] option:checked")).to_contain_text("42")
    agent.get_by_role("button", name="Propose to the shopper").click()
    waiting = agent.locator(f"{STATE} li[data-state=waiting] .engage-list-main").first
    expect(waiting).to_contain_text("would like to put")
    return waiting.inner_text()


def test_acts__proposed_and_agreed__line_is_in_the_basket_and_the_agent_sees_it(
    real_shop: RealShop, new_context: NewContext
) -> None:
    shop = real_shop
    agent = sign_in(new_context().new_page(), shop.address, "agent-one@example.com")
    go_online(agent, shop.address)
    shopper = shopping.arrive(shop.address, new_context, arm=None)
    shopping.open_product(shopper, shop.address, category="Stoves")
    shopping.open_help(shopper).get_by_role("link", name="Chat with us").click()
    shopping.begin_chat(shopper, QUESTION)
    answer(agent, shop.address, question=QUESTION, reply="Gladly.")

    asked = propose_boots(agent)
    expect(shopper.locator(".engage-messages")).to_contain_text(asked)
    where = shopper.url
    shopper.locator(".engage-act").get_by_role("button", name="Yes, please").click()
    expect(shopper.locator(".engage-messages")).to_contain_text("is in the basket.")
    expect(shopper.locator(".engage-act")).to_have_count(0)
    assert shopper.url == where

    expect(agent.locator(f"{STATE} li[data-state=done]")).to_have_count(1)
    expect(agent.get_by_role("log")).to_contain_text("is in the basket.")
    expect(agent.locator(STATE)).to_contain_text("Lines of the basket")
    shopper.goto(f"{shop.address}/basket/")
    found = re.search(r"put \d+ \u00d7 (.+?) into", asked)
    assert found is not None
    expect(shopper.locator("#basket_formset")).to_contain_text(found[1].partition(" (")[0])

    agent.locator(f"{STATE} select[name=template]").select_option(label="Sorry for the trouble")
    agent.get_by_role("button", name="Propose to give it").click()
    gift = shopper.locator(".engage-messages li", has_text="give you a voucher")
    expect(gift.locator(".engage-act")).to_be_visible()
    gift.get_by_role("button", name="Yes, please").click()
    expect(shopper.locator(".engage-messages")).to_contain_text("is in the basket, until")
    shopper.goto(f"{shop.address}/basket/")
    expect(shopper.locator("#content_inner")).to_contain_text("Given by customer service")


def test_acts__without_javascript__agent_and_shopper_get_there_by_plain_pages(
    real_shop: RealShop, new_context: NewContext
) -> None:
    shop = real_shop
    agent = sign_in(new_context().new_page(), shop.address, "agent-one@example.com")
    go_online(agent, shop.address)
    shopper = new_context(java_script_enabled=False).new_page()
    shopper.goto(f"{shop.address}/engage/chat/new/")
    shopper.get_by_label("Your message").fill("Plain and simple: a stove, please.")
    shopper.get_by_role("button", name="Start the chat").click()
    answer(agent, shop.address, question="Plain and simple", reply="Here it comes.")
    plain = new_context(java_script_enabled=False, storage_state=agent.context.storage_state()).new_page()
    plain.goto(agent.url)
    plain.locator(f"{FIND} input[type=search]").fill("stoves-01")
    plain.locator(FIND).get_by_role("button", name="Search").click()
    plain.locator(f"{FIND} li a").first.click()
    plain.get_by_role("button", name="Propose to the shopper").click()
    expect(plain.locator(f"{STATE} li[data-state=waiting]")).to_have_count(1)

    shopper.get_by_role("link", name="Show new messages").click()
    shopper.get_by_role("button", name="Yes, please").click()
    expect(shopper.locator(".engage-messages")).to_contain_text("is in the basket.")
    shopper.get_by_role("link", name="Go to my basket").click()
    expect(shopper.locator("#basket_formset .basket-items")).to_have_count(1)
    plain.reload()
    expect(plain.locator(f"{STATE} li[data-state=done]")).to_have_count(1)
