"""Error pages under a strict content security policy, in a real browser: nothing of ours breaks it, and help is one press away.

The same page is opened where we are to stay away, too: what the policy refuses there is Django's or Oscar's own.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from oscar_engage.desk.flood import CONVERSATIONS_PER_HOUR
from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_overflow, find_violations
from tests.browser.test_csp import LISTEN, PATIENCE

NewContext = Callable[..., BrowserContext]
POST = """(address) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = address; document.body.append(form); form.submit();
}"""
PAGES = {
    "404 of no view": ("no.where/", 404),
    "404 of a view": ("missing/", 404),
    "403": ("refused/", 403),
    "403 without a token": ("posted/", 403),
    "500": ("broken/", 500),
}
HELPED = [name for name, (_path, status) in PAGES.items() if status < 500]
SETTLES_MS = 400


@pytest.fixture(scope="module")
def faulty_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    """The sandbox under the policy, with pages that fail."""
    pytest.importorskip("csp", reason="django-csp is not installed")
    settings = {
        "DJANGO_SETTINGS_MODULE": "tests.browser.error_settings",
        "ENGAGE_SANDBOX_CSP": "1",
        "ENGAGE_SHOP_HOLDOUT": "0",
        "ENGAGE_LEARNING": "0",
    }
    shop = RealShop(tmp_path_factory.mktemp("faulty"), settings)
    shop.start()
    yield shop
    assert shop.stop() == 0


class Visitor:
    """A browser that tells what the policy refused, page by page."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address, self.told = context, address, list[dict[str, Any]]()
        context.set_default_timeout(PATIENCE)
        context.expose_binding("tellViolation", lambda _source, told: self.told.append(told))
        context.add_init_script(LISTEN)
        self.page: Page = context.new_page()

    def open(self, path: str) -> Response:
        """Open a page, or send it a form without a token where it takes forms; return the answer."""
        self.told.clear()
        if path.endswith("/posted/"):
            self.page.goto(f"{self.address}/engage/help/")
            self.told.clear()
            with self.page.expect_navigation() as begun:
                self.page.evaluate(POST, self.address + path)
            answer = begun.value
        else:
            answer = self.page.goto(self.address + path)  # type: ignore[assignment]  # None for the same page alone
        self.page.wait_for_timeout(SETTLES_MS)
        assert answer is not None
        return answer

    def refused(self) -> Counter[tuple[str, str, str]]:
        """What the policy refused on the page that is open; a page before it may be heard of late."""
        here = [one for one in self.told if one["page"] == urlsplit(self.page.url).path]
        return Counter((one["directive"], one["blocked"].replace(self.address, ""), one["sample"]) for one in here)


@pytest.fixture
def visitor(new_context: NewContext, faulty_shop: RealShop) -> Visitor:
    """Somebody who has agreed to everything."""
    found = Visitor(new_context(), faulty_shop.address)
    found.context.add_cookies([{"name": "shop_consent", "value": "all", "url": faulty_shop.address}])
    return found


@pytest.mark.attack("K09")
@pytest.mark.parametrize("name", PAGES)
def test_error_page__of_the_shop__violates_no_more_with_us_than_without(visitor: Visitor, name: str) -> None:
    path, status = PAGES[name]
    plain = visitor.open(f"/plain/{path}")
    theirs = visitor.refused()
    assert plain.status == status
    assert visitor.page.locator("[class*=engage]").count() == 0

    ours = visitor.open(f"/with/{path}")

    assert ours.status == status
    assert "default-src 'self'" in ours.headers["content-security-policy"]
    assert visitor.refused() - theirs == Counter()


@pytest.mark.parametrize("name", HELPED)
@pytest.mark.parametrize("size", [(1280, 800), (390, 780)], ids=["desktop", "phone"])
def test_error_page__of_the_shop__has_accessible_help_that_opens(visitor: Visitor, name: str, size: tuple[int, int]) -> None:
    page = visitor.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.open(f"/with/{PAGES[name][0]}")

    help_link = page.locator("#engage-help")
    expect(help_link).to_be_visible()
    assert find_violations(page) == []
    assert find_overflow(page, ours_alone=True) == []

    help_link.click()
    expect(page.locator(".engage-panel").first).to_be_visible()
    assert find_violations(page) == []


def test_error_page__the_shop_broke__is_left_as_it_is(visitor: Visitor) -> None:
    visitor.open("/with/broken/")

    assert visitor.page.locator("[class*=engage], [id^=engage], script[src*=engage]").count() == 0


@pytest.mark.attack("K09")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/engage/note/nothing-of-mine/", 404),
        ("/engage/chat/nothing-of-mine/", 404),
        ("/engage/questions/found/?token=forged", 404),
        ("/engage/answer/?token=forged", 404),
        ("/engage/mails/stop/?token=forged", 404),
    ],
)
def test_error_page__of_ours__violates_no_more_than_a_page_without_us(visitor: Visitor, path: str, status: int) -> None:
    visitor.open("/plain/missing/")
    theirs = visitor.refused()

    answer = visitor.open(path)

    assert answer.status == status
    assert visitor.refused() - theirs == Counter()
    assert find_violations(visitor.page) == []
    assert find_overflow(visitor.page, ours_alone=True) == []


@pytest.mark.attack("K09")
def test_error_page__asked_too_much__keeps_the_words_and_violates_nothing(visitor: Visitor) -> None:
    page = visitor.page
    for number in range(CONVERSATIONS_PER_HOUR + 1):
        visitor.open("/engage/note/new/")
        page.get_by_label("Your question").fill(f"Is it green? ({number})")
        with page.expect_navigation() as begun:
            page.evaluate("document.querySelector('form.engage-form').submit()")  # as a browser without scripts sends it
        answer = begun.value
        page.wait_for_timeout(SETTLES_MS)  # what this page is refused is told before the next one begins

    assert answer is not None
    assert answer.status == 429
    expect(page.get_by_role("alert").first).to_contain_text("a lot within the last hour")
    assert page.get_by_label("Your question").input_value() == f"Is it green? ({CONVERSATIONS_PER_HOUR})"
    # Of a page that was posted, Oscar's own scripts are told of in other words than of one that was opened.
    assert [each for each in visitor.refused() if "oscar_engage" in str(each)] == []
    assert find_violations(page) == []


@pytest.mark.attack("K09")
def test_error_page__of_the_dashboard__violates_no_more_than_oscars_own(visitor: Visitor) -> None:
    page = staff.sign_in(visitor.page, visitor.address, "agent-one@example.com")
    theirs = Counter[tuple[str, str, str]]()
    for path in ("/dashboard/", "/plain/refused/"):
        visitor.open(path)
        theirs |= visitor.refused()

    for path, status in {"/dashboard/engage/rules/": 403, "/dashboard/engage/desk/999999/": 404}.items():
        answer = visitor.open(path)
        assert answer.status == status
        assert visitor.refused() - theirs == Counter()
        assert find_violations(page) == []
