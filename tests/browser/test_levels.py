"""Does the real browser keep, load and show at each level of consent what the table of docs/privacy.md says?"""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper
from sandbox.drive.shop import RealShop

NewContext = Callable[..., BrowserContext]
SEARCHED_IN_VAIN = "/search/?q=submarine"
SETTLES_MS = 3000
"""A beat and its answer, with room."""


def open_shop(new_context: NewContext, address: str, answer: str, **options: object) -> Page:
    """Return a browser in which the banner was given ``answer`` (empty: not answered yet)."""
    page = new_context(**options).new_page()
    page.goto(f"{address}/")
    if answer:
        page.get_by_role("button", name=answer, exact=True).click()
        page.wait_for_load_state()
    return page


def kept(page: Page) -> tuple[bool, int]:
    """Whether our cookie is there, and how many entries the storages hold."""
    names = {cookie.get("name") for cookie in page.context.cookies()}
    return "engage_visitor" in names, page.evaluate("localStorage.length + sessionStorage.length")


@pytest.mark.parametrize(
    ("answer", "options", "has_cookie"),
    [
        ("", {}, False),
        ("Only what is needed", {}, True),
        ("Only statistics", {}, True),
        ("Accept all", {"extra_http_headers": {"Sec-GPC": "1"}}, True),
        ("Accept all", {"extra_http_headers": {"DNT": "1"}}, True),
    ],
    ids=["none", "functional", "statistics", "Sec-GPC", "DNT"],
)
def test_level__below_personalisation__keeps_what_it_may_and_is_offered_nothing(
    answer: str, options: dict[str, object], has_cookie: bool, new_context: NewContext, real_shop: RealShop
) -> None:
    page = open_shop(new_context, real_shop.address, answer, **options)
    page.goto(f"{real_shop.address}{SEARCHED_IN_VAIN}")
    page.wait_for_timeout(SETTLES_MS)

    assert kept(page) == (has_cookie, 0)
    assert page.locator("[data-engage-widget]").count() == 0
    page.locator("#engage-help").click()
    expect(page.locator(shopper.PANEL)).to_contain_text("How can we help?")


def test_level__personalisation__is_offered_the_note(new_context: NewContext, real_shop: RealShop) -> None:
    page = shopper.arrive(real_shop.address, new_context)
    shopper.await_note_card(page, real_shop.address)
    assert kept(page) == (True, 0)


def test_payment_pages__whatever_the_level__load_no_script_of_ours(new_context: NewContext, real_shop: RealShop) -> None:
    page = open_shop(new_context, real_shop.address, "Accept all")
    shopper.begin_checkout(page, real_shop.address)
    shopper.give_address(page)
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    shopper.choose_delivery(page, real_shop.address)
    page.wait_for_timeout(SETTLES_MS)
    from_payment = [url for url, sender in asked if "/payment-details/" in sender]

    assert any("/oscar_engage/dist/engage" in url and ".css" in url for url in from_payment)
    assert [url for url in from_payment if ".js" in url and ("oscar_engage" in url or "django_htmx" in url)] == []
    assert [url for url in from_payment if "/engage/beat/" in url] == []
