"""What if our files do not come, the shop's policy is strict, or the screen is small? The shop goes on as without us."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.fake_shop import (
    BALLOON,
    CHAT,
    INVITATION,
    MESSAGE,
    NOTE_FORM,
    POLICY,
    RECEIPT,
    SHIPPING,
    Answer,
    FakeShop,
    field_of,
)

PHONE = {"width": 390, "height": 844}
ANSWER, DETAIL = "/engage/note/abc/", "/engage/chat/abc/"
LONG = SHIPPING.format(rest="<p>Filler text of the shop.</p>" * 60)
OFFER = BALLOON.format(decision="d-1", anchor="shipping-method")
FAILURES: dict[str, Callable[[Route], None]] = {
    "missing": lambda route: route.fulfill(status=404),
    "failing": lambda route: route.fulfill(status=500, body="oops"),
    "blocked": lambda route: route.abort("blockedbyclient"),
}
WATCH = """
window.shifts = []; window.violations = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value)))
  .observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => window.violations.push(violatedDirective));
"""
#: Controls of the shop of which ours hide a part when they are scrolled into view.
COVERED = """() => [...document.querySelectorAll(".page button, .page a, .page input")].filter((control) => {
  control.scrollIntoView({ block: "center" });
  const { left, top, width, height } = control.getBoundingClientRect();
  return [[1, 1], [width / 2, height / 2], [width - 1, height - 1]].some(([x, y]) =>
    document.elementFromPoint(left + x, top + y)?.closest("#engage-root, .engage-help-place"));
}).map((control) => control.outerHTML)"""


def brings(fake_shop: FakeShop, html: str) -> None:
    """Answer the first beat with ``html`` and all later ones with nothing."""
    fake_shop.beat(lambda beat, number: Answer(204 if number else 200, "" if number else html, {"Engage-Next": "1"}))


@pytest.mark.parametrize("how", FAILURES)
def test_script__does_not_come__says_only_that_and_the_shop_works(
    page: Page, fake_shop: FakeShop, complaints: list[str], how: str
) -> None:
    page.add_init_script(WATCH)
    page.route("**/engage.js", FAILURES[how])
    fake_shop.answers["/en/checkout/shipping-method/"] = lambda seen, number: Answer(200, "<h1>Payment</h1>")
    fake_shop.page("<h1>Help</h1>", path="/engage/help/")
    address = fake_shop.page(LONG, kind="checkout")

    page.goto(address)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifts") == []
    assert [text for text in complaints if "Failed to load resource" not in text] == []
    page.get_by_role("button", name="Select option").first.click()
    expect(page.get_by_role("heading", name="Payment")).to_be_visible()

    page.goto(address)
    page.locator("#engage-help").click()
    expect(page.get_by_role("heading", name="Help")).to_be_visible()
    assert fake_shop.beats() == []


@pytest.mark.parametrize("how", FAILURES)
def test_note__neither_its_script_nor_htmx_comes__is_sent_as_a_plain_form(
    page: Page, fake_shop: FakeShop, complaints: list[str], how: str
) -> None:
    for name in ("note.js", "htmx-2.min.js"):
        page.route(f"**/{name}", FAILURES[how])
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, NOTE_FORM.format(anchor="", decision=""))
    fake_shop.answers["/engage/note/"] = lambda seen, number: Answer(200, "<h1>Thank you</h1>")
    page.goto(fake_shop.page(LONG))
    page.wait_for_timeout(400)
    page.locator("#engage-help").click()
    page.get_by_label("Your question").fill("Is it green?")
    page.get_by_role("button", name="Leave the note").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    (sent,) = fake_shop.asked("/engage/note/")
    assert field_of(sent.body, "question") == "Is it green?"
    assert [text for text in complaints if "Failed to load resource" not in text] == []


def test_policy__default_src_self_without_nonce__no_violation_from_the_offer_to_the_receipt_and_in_a_chat(
    page: Page, fake_shop: FakeShop, complaints: list[str]
) -> None:
    assert "unsafe" not in POLICY
    assert "nonce" not in POLICY
    said = MESSAGE.format(seq=1, role="agent", body="Hello")
    page.add_init_script(WATCH)
    brings(fake_shop, OFFER)
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, NOTE_FORM.format(anchor="", decision=""))
    fake_shop.answers["/engage/note/"] = lambda seen, number: Answer(200, RECEIPT)
    fake_shop.answers["/engage/chat/new/"] = lambda seen, number: Answer(200, CHAT.format(messages=said, status="open"))
    fake_shop.answers["/engage/chat/abc/events/"] = lambda seen, number: Answer(204, headers={"Engage-Status": "open"})
    fake_shop.answers["/engage/chat/abc/messages/"] = lambda seen, number: Answer(
        200, MESSAGE.format(seq=2, role="shopper", body="Hi")
    )
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator(".engage-balloon")).to_be_visible()
    page.locator(".engage-balloon .engage-button").click()
    page.get_by_label("Your question").fill("Is it green?")
    page.get_by_role("button", name="Point at something else").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Leave the note").click()
    expect(page.locator(".engage-receipt")).to_be_visible()
    page.locator("#engage-root .engage-panel .engage-close").click()

    fake_shop.answers["/engage/help/"] = fake_shop.answers["/engage/chat/new/"]
    page.locator("#engage-help").click()
    page.get_by_label("Your message").fill("Hi")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".engage-message").last).to_contain_text("Hi")
    page.get_by_role("button", name="Minimise").click()

    assert page.evaluate("window.violations") == []
    assert complaints == []


def test_phone__answer_waits__help_link_says_so_covers_nothing_and_leads_to_it(page: Page, fake_shop: FakeShop) -> None:
    page.set_viewport_size(PHONE)
    brings(fake_shop, f'<div data-engage-widget="answer" data-engage-open="{ANSWER}?fragment=1">Your answer is here</div>')
    fake_shop.answers[ANSWER] = lambda seen, number: Answer(200, RECEIPT)
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator("#engage-help")).to_have_text("Your answer is here")
    assert fake_shop.asked(ANSWER) == []
    assert page.evaluate(COVERED) == []

    page.locator("#engage-help").click()
    expect(page.locator(".engage-receipt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#engage-help")).to_have_text("Help")
    assert len(fake_shop.asked(ANSWER)) == 1


def test_desktop__answer_waits__opens_by_itself(page: Page, fake_shop: FakeShop) -> None:
    brings(fake_shop, f'<div data-engage-widget="answer" data-engage-open="{ANSWER}?fragment=1">Your answer is here</div>')
    fake_shop.answers[ANSWER] = lambda seen, number: Answer(200, RECEIPT)
    page.goto(fake_shop.page(LONG, kind="checkout"))

    expect(page.locator(".engage-receipt")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize("has_script", [True, False])
def test_phone__running_chat__covers_no_control_and_help_stands_in_for_a_missing_script(
    page: Page, fake_shop: FakeShop, has_script: bool
) -> None:
    page.set_viewport_size(PHONE)
    if not has_script:
        page.route("**/chat.js", FAILURES["blocked"])
    brings(fake_shop, f'<div data-engage-widget="chat" data-engage-open="{DETAIL}?fragment=1">Your chat</div>')
    fake_shop.answers[DETAIL] = lambda seen, number: Answer(200, CHAT.format(messages="", status="open"))
    fake_shop.answers[f"{DETAIL}events/"] = lambda seen, number: Answer(204, headers={"Engage-Status": "open"})
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator("#engage-root .engage-panel")).to_be_attached()
    page.wait_for_timeout(500)

    assert page.locator("#engage-root .engage-panel").is_visible() is has_script
    assert page.locator("#engage-help").is_visible() is not has_script
    assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("html", [OFFER, INVITATION], ids=["balloon", "card"])
def test_phone__ways_to_pay_at_both_edges__offer_stands_between_them(page: Page, fake_shop: FakeShop, html: str) -> None:
    page.set_viewport_size(PHONE)
    brings(fake_shop, html)
    bars = "".join(
        f'<div class="fixed-{edge} bg-light p-3"><button type="button" data-engage-protect>Pay</button></div>'
        for edge in ("top", "bottom")
    )
    page.goto(fake_shop.page(LONG + bars, kind="checkout"))
    expect(page.locator("[data-engage-widget]")).to_be_visible()
    page.wait_for_timeout(400)

    for pay in page.get_by_role("button", name="Pay").all():
        pay.click(trial=True)
