"""Fields that hold up: names, times and counts; of what stands in them nothing."""

import pytest
from playwright.sync_api import Page

from tests.browser.fake_shop import FakeShop
from tests.browser.sensing import SECRET, Sensing, Wait

FORM = """<form id="form" action="/x/"><input id="name" name="shipping-line1"><input id="phone" name="phone_number" required>
<select id="country" name="country"><option>GB</option><option>DE</option></select>
<input id="password" type="password" name="login-password"><input id="card" name="number" autocomplete="cc-number">
<input id="odd" name="say &quot;hi&quot;"><input type="hidden" name="csrfmiddlewaretoken" value="x">
<textarea name="t" id="t"></textarea>
<button id="send">Send</button></form>
<div class="engage-page"><input id="ours" name="ours"></div>"""


@pytest.fixture
def sensing(page: Page, fake_shop: FakeShop, wait_for: Wait) -> Sensing:
    return Sensing(page, fake_shop, wait_for)


def test_hesitation__four_seconds_without_input__told_once_with_the_name(sensing: Sensing) -> None:
    page = sensing.open(FORM)
    for _ in range(2):
        page.locator("#phone").focus()
        sensing.pass_time(4.1)
        page.locator("#send").focus()

    assert sensing.told("field.hesitated") == [{"name": "phone_number", "seconds": 4}]


def test_hesitation__typed_or_left_in_time_or_not_a_field__is_not_told(sensing: Sensing) -> None:
    page = sensing.open(FORM)
    page.locator("#name").focus()
    sensing.pass_time(3.8)
    page.keyboard.type(SECRET)
    sensing.pass_time(5)
    page.locator("#phone").focus()
    sensing.pass_time(3.8)
    page.locator("#send").focus()
    sensing.pass_time(5)
    page.locator("#ours").focus()
    sensing.pass_time(5)

    assert sensing.told("field.hesitated") == []


@pytest.mark.parametrize("name", ["#password", "#card", "#odd"])
def test_private_field__hesitated_at__is_told_without_its_name(sensing: Sensing, name: str) -> None:
    page = sensing.open(FORM)
    page.locator(name).focus()
    sensing.pass_time(4.1)
    page.keyboard.type(SECRET)

    assert sensing.told("field.hesitated") == [{"name": "", "seconds": 4}]
    (fate,) = sensing.shop.signals("field.left")
    assert fate["data"]["name"] == ""


def test_left__a_form_filled_in__tells_how_each_field_fared(sensing: Sensing) -> None:
    page = sensing.open(FORM)
    page.locator("#name").focus()
    sensing.pass_time(3)
    page.keyboard.type(SECRET)
    page.locator("#phone").focus()
    sensing.pass_time(1)
    page.locator("#name").focus()
    page.keyboard.type("x")
    page.locator("#country").select_option("DE")
    page.locator("#t").focus()
    page.locator("#send").click()

    told = {data["name"]: data for data in sensing.told("field.left")}
    assert set(told) == {"shipping-line1", "phone_number", "country", "t"}
    name, phone, country = told["shipping-line1"], told["phone_number"], told["country"]
    assert (name["edits"], name["returns"], name["empty"], name["invalid"]) == (2, 1, False, False)
    assert 3 <= name["seconds"] < 4
    assert (phone["edits"], phone["empty"], phone["invalid"]) == (0, True, True)
    assert country["edits"] == 1
    assert told["t"]["empty"] is False  # it may be left empty


def test_left__hidden_tab__tells_what_was_not_told_yet(sensing: Sensing) -> None:
    page = sensing.open(FORM)
    page.locator("#name").focus()
    sensing.pass_time(2)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))"
    )
    sensing.wait_for(lambda: sensing.shop.signals("field.left"))

    assert [round(data["seconds"]) for data in sensing.told("field.left")] == [2]


def test_switched_off__hesitation_and_fields__tell_nothing(sensing: Sensing) -> None:
    page = sensing.open(FORM, sensors={"hesitation": None, "fields": None})
    page.locator("#name").focus()
    sensing.pass_time(5)

    assert sensing.told("field.hesitated") == []
    assert sensing.shop.signals("field.left") == []


def test_hesitation__shop_waits_longer__is_told_later(sensing: Sensing) -> None:
    page = sensing.open(FORM, sensors={"hesitation": {"seconds": 8}})
    page.locator("#name").focus()
    sensing.pass_time(6)
    page.locator("#phone").focus()
    sensing.pass_time(8.1)

    assert sensing.told("field.hesitated") == [{"name": "phone_number", "seconds": 8}]
