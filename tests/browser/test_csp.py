"""Under a strict content security policy, in a real browser: does anything of ours break it, on whatever page?

The sandbox has ``default-src 'self'; script-src 'nonce-…' 'strict-dynamic'`` here. Oscar's own inline code is adapted by
``sandbox.policy``, which gives ours nothing; what Oscar's scripts do at run time is Oscar's, and left out by their file.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper, staff
from sandbox.drive.shop import RealShop

NewContext = Callable[..., BrowserContext]
LISTEN = """document.addEventListener("securitypolicyviolation", (event) => window.tellViolation({
  page: location.pathname, directive: event.effectiveDirective, blocked: event.blockedURI, source: event.sourceFile || "",
  line: event.lineNumber, sample: event.sample }))"""
THEIRS = re.compile(r"/static/(oscar|sandbox|admin|wagtailadmin)/")
MOST_PAGES = 70
PATIENCE = 60_000
"""Milliseconds: nothing here is about how fast the machine is."""

#: Files, and what changes something by a link.
NOT_PAGES = re.compile(r"as=csv|\.csv|export|download|logout|/simulator/")


@pytest.fixture(scope="module")
def strict_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    """The sandbox under the strict policy."""
    pytest.importorskip("csp", reason="django-csp is not installed")
    settings = {
        "ENGAGE_SANDBOX_CSP": "1",
        "ENGAGE_SHOP_HOLDOUT": "0",
        "ENGAGE_LEARNING": "0",
        "ENGAGE_COSTLY_BUDGET_MS": "60000",
    }
    shop = RealShop(tmp_path_factory.mktemp("strict"), settings)
    shop.start()
    yield shop
    assert shop.stop() == 0


@pytest.fixture
def watched(new_context: NewContext) -> Callable[..., tuple[BrowserContext, list[dict[str, Any]]]]:
    """Browsers that tell what the policy refused."""

    def build(**options: Any) -> tuple[BrowserContext, list[dict[str, Any]]]:
        context, found = new_context(**options), list[dict[str, Any]]()
        context.set_default_timeout(PATIENCE)
        context.expose_binding("tellViolation", lambda _source, told: found.append(told))
        context.add_init_script(LISTEN)
        return context, found

    return build


def of_ours(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in found if not THEIRS.search(one["source"])]


def policy_of(page: Page, address: str) -> str:
    answer = page.goto(address)
    assert answer is not None
    return str(answer.headers.get("content-security-policy", ""))


@pytest.mark.attack("K09")
def test_k09__policy_itself__is_strict_and_felt(watched: Any, strict_shop: RealShop) -> None:
    context, found = watched()
    page = context.new_page()

    policy = policy_of(page, f"{strict_shop.address}/")
    page.evaluate("""document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>x</p>")""")
    page.wait_for_timeout(200)

    assert re.search(r"default-src 'self'", policy)
    assert re.search(r"script-src 'nonce-[^']+' 'strict-dynamic'(;|$)", policy)
    assert "unsafe" not in policy
    assert [one["directive"] for one in found] == ["style-src-attr"]


@pytest.mark.attack("K09")
def test_k09__shopper_who_is_helped_asks_and_chats__violates_nothing(watched: Any, strict_shop: RealShop) -> None:
    context, found = watched()
    address = strict_shop.address
    page = shopper.arrive(address, lambda: context, arm=None)
    shopper.open_product(page, address)
    expect(page.locator("#engage-help")).to_be_visible()
    assert page.evaluate("!!document.querySelector('script[data-engage-beat]').nonce")
    page.locator("#engage-help").click()
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()
    page.get_by_role("button", name="Close").first.click()
    for path in (
        "/engage/help/",
        "/engage/note/new/",
        "/engage/chat/new/",
        "/engage/questions/",
        "/engage/mails/",
        "/basket/",
        "/help/",
        "/nowhere/",
        "/accounts/login/",
        "/engage/mails/stop/",
    ):
        page.goto(address + path)
        page.wait_for_timeout(300)
    page.goto(f"{address}/engage/note/new/")
    page.get_by_label("Your question").fill("Is it green?")
    page.get_by_role("button", name="Leave the note").click()
    page.wait_for_load_state()
    shopper.fill_basket(page, address)
    page.goto(f"{address}/basket/")
    page.wait_for_timeout(1500)
    shopper.begin_checkout(page, address)
    page.wait_for_timeout(1500)

    assert of_ours(found) == []


@pytest.mark.attack("K09")
def test_k09__every_page_of_the_dashboard__violates_nothing(watched: Any, strict_shop: RealShop) -> None:
    context, found = watched()
    address = strict_shop.address
    page = staff.sign_in(context.new_page(), address, "admin@example.com")
    waiting, seen = ["/dashboard/engage/desk/", "/dashboard/engage/board/"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if (bare := re.sub(r"/\d+/", "/1/", path)) in seen or NOT_PAGES.search(path):
            continue
        seen.add(bare)
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_timeout(150)
        waiting += [
            link.split("#")[0].split("?")[0]
            for link in page.eval_on_selector_all(
                "a[href^='/dashboard/engage/']", "all => all.map((a) => a.getAttribute('href'))"
            )
        ]

    assert len(seen) > 30
    assert of_ours(found) == []


@pytest.mark.attack("K09")
def test_k09__agent_who_answers_a_chat__violates_nothing(watched: Any, strict_shop: RealShop) -> None:
    asking, found = watched()
    answering, found_too = watched()
    address = strict_shop.address
    agent = staff.sign_in(answering.new_page(), address, "agent-one@example.com")
    staff.go_online(agent, address)
    page = shopper.arrive(address, lambda: asking, arm=None)
    page.goto(f"{address}/engage/chat/new/")
    page.locator("textarea[name=message]").fill("Does it float, under a policy?")
    page.get_by_role("button", name="Start the chat").click()
    expect(page.locator(".engage-message").first).to_be_visible()
    staff.answer(agent, address, question="under a policy", reply="It does.")
    expect(page.locator(".engage-message").last).to_contain_text("It does.")
    agent.goto(f"{address}/dashboard/engage/desk/")
    agent.wait_for_timeout(4000)

    assert of_ours(found) == []
    assert of_ours(found_too) == []
