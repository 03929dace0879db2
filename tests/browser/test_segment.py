"""Does a personal part come into its place without moving the page, and never under the shopper's hands?"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from oscar_engage.storefront.more import MORE
from tests.browser.fake_shop import Answer, FakeShop

Wait = Callable[..., None]
MODULES = [(selector, f"/static/{path}") for selector, path in MORE if path.endswith("/segment.js")]
BODY = """<h1>Shop</h1><div data-engage-segment="signed:a"><p>Welcome to the shop. Look around.</p>
<p><a href="#x">Our offers</a></p></div><h2 id="below">What sells best</h2>{rest}"""
FAR = "<p>Tents</p>" * 80 + '<div data-engage-segment="signed:b"><p>Default below</p></div>'
SHIFT = """window.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });"""


def answer(fake_shop: FakeShop, **parts: str) -> None:
    html = "".join(f'<div data-engage-segment="signed:{name}">{content}</div>' for name, content in parts.items())
    fake_shop.answers["/engage/segments/"] = lambda seen, number: Answer(200 if html else 204, html)


def visit(page: Page, fake_shop: FakeShop, wait_for: Wait, **more: Any) -> None:
    page.add_init_script(SHIFT)
    page.goto(fake_shop.page(BODY.format(**{"rest": "", **more}), path="/shop/", more=MODULES))
    wait_for(lambda: fake_shop.asked("/engage/segments/"))
    page.wait_for_timeout(300)


def test_segment__personal_part__takes_the_place_and_nothing_moves(
    page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    answer(fake_shop, a="<p>Back again?</p>", b="<p>Yours below</p>")
    visit(page, fake_shop, wait_for, rest=FAR)

    expect(page.get_by_text("Back again?")).to_be_visible()
    expect(page.get_by_text("Welcome to the shop")).to_have_count(0)
    expect(page.get_by_text("Yours below")).to_have_count(1)
    assert page.evaluate("window.shift") == 0
    assert complaints == []
    (asked,) = fake_shop.asked("/engage/segments/")
    assert asked.query == {"path": ["/shop/"], "ref": ["signed:a", "signed:b"]}


def test_segment__larger_than_its_place__waits_until_it_is_out_of_view(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    answer(fake_shop, a="<p>Back again?</p>" * 12)
    visit(page, fake_shop, wait_for, rest=FAR)
    expect(page.get_by_text("Welcome to the shop")).to_be_visible()
    assert page.evaluate("window.shift") == 0

    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_text("Welcome to the shop")).to_have_count(0)
    assert page.get_by_text("Back again?").count() == 12


def test_segment__focus_inside__is_not_taken_away(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    answer(fake_shop, a="<p>Back again?</p>")
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.querySelector('[data-engage-segment] a').focus())"
    )
    visit(page, fake_shop, wait_for)

    expect(page.get_by_role("link", name="Our offers")).to_be_focused()


def test_segment__nothing_for_this_visitor_or_a_failure__leaves_the_default(
    page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    answer(fake_shop)
    visit(page, fake_shop, wait_for)
    expect(page.get_by_text("Welcome to the shop")).to_be_visible()
    assert complaints == []

    fake_shop.answers["/engage/segments/"] = lambda seen, number: Answer(500)
    visit(page, fake_shop, wait_for)
    expect(page.get_by_text("Welcome to the shop")).to_be_visible()


def test_segment__script_in_the_answer__does_not_run(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    answer(fake_shop, a='<p>Hi</p><script>window.ran = 1</script><img src="x" onerror="window.ran = 1">')
    visit(page, fake_shop, wait_for)

    expect(page.get_by_text("Hi", exact=True)).to_be_visible()
    assert page.evaluate("window.ran") is None


def test_segment__page_without_a_part__asks_nothing(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page("<h1>Shop</h1>", more=MODULES))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(300)

    assert fake_shop.asked("/engage/segments/") == []
