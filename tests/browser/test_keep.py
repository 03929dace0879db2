"""Does what a shopper typed into a long form come back, to that shopper alone, and never what is private?"""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from oscar_engage.storefront.more import MORE
from tests.browser.fake_shop import NOTE_FORM, RECEIPT, Answer, FakeShop

Wait = Callable[..., None]
MODULES = [(selector, f"/static/{path}") for selector, path in MORE if path.endswith("/keep.js")]
ADDRESS = """<h1>Address</h1><form id="new_address" method="post" action="/checkout/address/">
<input type="hidden" name="csrfmiddlewaretoken" value="secret-token"><input type="hidden" name="step" value="hidden-step">
<label>First name <input name="first_name" value="{first}"></label><label>Street <input name="line1"></label>
<label>Country <select name="country"><option value="GB">UK</option><option value="DE">Germany</option></select></label>
<label>Notes <textarea name="notes"></textarea></label>
<label>Gift <input type="checkbox" name="gift"></label>{rest}<button>Continue</button></form>"""
LOGIN = """<h1>Log in</h1><form id="login_form" method="post" action="/login/"><input name="username">
<input type="password" name="password"></form>"""
PRIVATE = """<input name="card_number"><input name="iban"><input name="otp_token"><input type="file" name="paper">
<div data-engage-mask><input name="masked"></div><div data-engage-forget><input name="forgotten"></div>
<input name="fixed" readonly><input name="unseen" hidden>"""
STORED = "JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])"


@pytest.fixture
def owner(fake_shop: FakeShop) -> dict[str, str]:
    """Whose browser the server says it is; a test may change it."""
    whose = {"owner": "", "kept": "We kept what you had typed.", "afresh": "Start afresh"}
    fake_shop.answers["/engage/kept/"] = lambda seen, number: Answer(200, json.dumps(whose))
    return whose


def serve(fake_shop: FakeShop, *, first: str = "", rest: str = "", path: str = "/address/") -> str:
    return fake_shop.page(ADDRESS.format(first=first, rest=rest), path=path, more=MODULES)


def visit(page: Page, fake_shop: FakeShop, address: str, wait_for: Wait) -> None:
    """Open a page and wait until the script knows whose browser it is."""
    asked = len(fake_shop.asked("/engage/kept/"))
    page.goto(address)
    wait_for(lambda: len(fake_shop.asked("/engage/kept/")) > asked)
    page.wait_for_timeout(150)


def write(page: Page) -> None:
    page.get_by_label("Street").fill("4 Chapel Row")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Notes").fill("Ring twice")
    page.get_by_label("Gift").check()


def stored(page: Page) -> str:
    return str(page.evaluate(STORED))


def expect_all_back(page: Page) -> None:
    expect(page.get_by_label("Street")).to_have_value("4 Chapel Row")
    expect(page.get_by_label("Country")).to_have_value("DE")
    expect(page.get_by_label("Notes")).to_have_value("Ring twice")
    expect(page.get_by_label("Gift")).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="We kept what you had typed.")).to_be_visible()


def test_keep__form_left_and_opened_again__comes_back_with_a_word(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait, complaints: list[str]
) -> None:
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    page.goto(fake_shop.page("<h1>Elsewhere</h1>", path="/elsewhere/", more=MODULES))
    visit(page, fake_shop, address, wait_for)

    expect_all_back(page)
    assert Axe().run(page, ".engage-kept").violations_count == 0
    assert complaints == []


def test_keep__start_afresh_by_keyboard__puts_the_servers_words_back_and_forgets(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    address = serve(fake_shop, first="Anna")
    visit(page, fake_shop, address, wait_for)
    write(page)
    page.get_by_label("First name").fill("Annabel")
    visit(page, fake_shop, address, wait_for)
    expect(page.get_by_label("First name")).to_have_value("Annabel")
    page.get_by_role("button", name="Start afresh").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_label("First name")).to_have_value("Anna")
    expect(page.get_by_label("First name")).to_be_focused()
    expect(page.get_by_label("Street")).to_have_value("")
    expect(page.get_by_label("Country")).to_have_value("GB")
    expect(page.locator(".engage-kept")).to_have_count(0)
    assert "engage-kept" not in stored(page)


def test_keep__server_filled_in_meanwhile__is_not_overwritten(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    visit(page, fake_shop, serve(fake_shop), wait_for)
    write(page)
    page.get_by_label("First name").fill("Annabel")
    visit(page, fake_shop, serve(fake_shop, first="Anna"), wait_for)

    expect(page.get_by_label("First name")).to_have_value("Anna")
    expect(page.get_by_label("Street")).to_have_value("4 Chapel Row")


def test_keep__typed_before_it_comes_back__stays(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    page.add_init_script("addEventListener('DOMContentLoaded', () => { document.querySelector('[name=line1]').value = 'New' })")
    visit(page, fake_shop, address, wait_for)

    expect(page.get_by_label("Street")).to_have_value("New")
    expect(page.get_by_label("Notes")).to_have_value("Ring twice")


@pytest.mark.attack("I01")
def test_keep__private_fields__are_in_no_storage_and_on_no_wire(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    owner["owner"] = "anna"
    visit(page, fake_shop, serve(fake_shop, rest=PRIVATE), wait_for)
    write(page)
    for name in ("card_number", "iban", "otp_token", "masked", "forgotten"):
        page.locator(f"[name={name}]").fill(f"private-{name}")
    page.locator("[name=unseen]").evaluate("field => { field.value = 'private-unseen' }")
    page.get_by_label("First name").fill("4111 1111-1111\u200b1111")
    page.get_by_label("Notes").fill("Take GB33 BUKB 2020 1555 5555 55")
    kept = stored(page)

    assert "4 Chapel Row" in kept
    for private in ("private-", "secret-token", "hidden-step", "4111", "GB33", "csrf"):
        assert private not in kept
    assert not any("Chapel" in seen.body or "private-" in seen.body for seen in fake_shop.seen)


@pytest.mark.parametrize(
    "secret",
    ['<input type="password" name="p">', '<input name="n" autocomplete="cc-number">', '<input autocomplete="one-time-code">'],
)
def test_keep__form_that_asks_for_a_secret__is_not_kept_at_all(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait, secret: str
) -> None:
    page.goto(serve(fake_shop, rest=secret))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(300)
    write(page)

    assert "engage-kept" not in stored(page)
    assert fake_shop.asked("/engage/kept/") == []


def test_keep__page_on_which_one_pays__has_no_script(page: Page, fake_shop: FakeShop, owner: dict[str, str]) -> None:
    page.goto(fake_shop.page(ADDRESS.format(first="", rest=""), has_script=False))
    write(page)

    assert "engage-kept" not in stored(page)


def test_keep__customer__finds_it_in_another_tab_until_somebody_else_logs_in(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    owner["owner"] = "anna"
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    other = page.context.new_page()
    visit(other, fake_shop, address, wait_for)
    expect_all_back(other)

    owner["owner"] = "ben"
    visit(other, fake_shop, address, wait_for)
    wait_for(lambda: "Chapel" not in stored(other))
    expect(other.get_by_label("Street")).to_have_value("")


def test_keep__guest__has_it_in_this_tab_only_and_loses_it_at_a_login(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    assert page.evaluate("Object.keys(localStorage)") == []
    owner["owner"] = "ben"
    visit(page, fake_shop, address, wait_for)

    wait_for(lambda: "Chapel" not in stored(page))
    expect(page.get_by_label("Street")).to_have_value("")


def test_keep__logout__forgets_at_once(page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait) -> None:
    owner["owner"] = "anna"
    fake_shop.page("<h1>Bye</h1>", path="/accounts/logout/")
    visit(page, fake_shop, serve(fake_shop, rest='<a href="/accounts/logout/">Log out</a>'), wait_for)
    write(page)
    page.get_by_role("link", name="Log out").click()
    page.wait_for_url("**/logout/")

    assert "engage-kept" not in stored(page)


def test_keep__sent__is_over(page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait) -> None:
    fake_shop.page("<h1>Thank you</h1>", path="/checkout/address/")
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/checkout/address/")
    visit(page, fake_shop, address, wait_for)

    wait_for(lambda: "engage-kept" not in stored(page))
    expect(page.get_by_label("Street")).to_have_value("")


def test_keep__sent_after_the_session_expired__comes_back_after_the_login(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    owner["owner"] = "anna"
    fake_shop.page(LOGIN, path="/checkout/address/", more=MODULES)
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/checkout/address/")
    wait_for(lambda: '"sent\\":0' in stored(page).replace("\\\\", "\\"))
    visit(page, fake_shop, address, wait_for)

    expect_all_back(page)


def test_keep__sent_without_a_network__comes_back_with_back(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.go_back()

    expect(page.get_by_label("Street")).to_have_value("4 Chapel Row")


def test_keep__a_day_later__is_gone(page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait) -> None:
    owner["owner"] = "anna"
    address = serve(fake_shop)
    visit(page, fake_shop, address, wait_for)
    write(page)
    page.add_init_script("const now = Date.now.bind(Date); Date.now = () => now() + 86400001;")
    visit(page, fake_shop, address, wait_for)

    wait_for(lambda: "engage-kept" not in stored(page))
    expect(page.get_by_label("Street")).to_have_value("")


def test_keep__marked_by_the_shop__is_kept_or_not(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    forms = """<form id="short" method="post" data-engage-keep><label>Short <input name="a"></label></form>
    <form id="other" method="post" data-engage-forget><label>Other <textarea name="b"></textarea></label></form>
    <form id="search" method="get"><label>Search <textarea name="q"></textarea></label></form>"""
    visit(page, fake_shop, fake_shop.page(forms, more=MODULES), wait_for)
    for label in ("Short", "Other", "Search"):
        page.get_by_label(label).fill(f"words-{label}")

    assert "words-Short" in stored(page)
    assert "words-Other" not in stored(page)
    assert "words-Search" not in stored(page)


def test_keep__storage_off__the_form_works(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], complaints: list[str]
) -> None:
    page.add_init_script("""for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { get() { throw new Error("off"); } });""")
    page.goto(serve(fake_shop))
    page.wait_for_timeout(1000)
    write(page)

    assert complaints == []


def test_keep__note_of_ours__comes_back_until_it_was_sent(
    page: Page, fake_shop: FakeShop, owner: dict[str, str], wait_for: Wait
) -> None:
    form = NOTE_FORM.format(anchor="", decision="")
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, form)
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, form)
    fake_shop.answers["/engage/note/"] = lambda seen, number: Answer(200, RECEIPT)
    address = fake_shop.page("<h1>Tent</h1>", more=MODULES)

    def open_note() -> None:
        page.goto(address)
        wait_for(fake_shop.beats)
        asked = len(fake_shop.asked("/engage/kept/"))
        page.locator("#engage-help").click()
        wait_for(lambda: len(fake_shop.asked("/engage/kept/")) > asked)
        page.wait_for_timeout(150)

    open_note()
    page.get_by_label("Your question").fill("Is it waterproof?")
    open_note()
    expect(page.get_by_label("Your question")).to_have_value("Is it waterproof?")
    page.get_by_role("button", name="Leave the note").click()
    expect(page.locator("[data-engage-receipt]")).to_be_visible()
    assert "waterproof" not in stored(page)
