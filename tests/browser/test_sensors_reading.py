"""Eyes and hands that search: the mouse, scrolling, copying, choices, and scripts that fail."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.fake_shop import FakeShop
from tests.browser.sensing import SECRET, Sensing, Wait

TALL = "<h1>Tent</h1>" + "<p>Long</p>" * 120
TEXTS = f"""<p id="price">£1,299.00</p><p id="euro">12,90 EUR</p><p id="words">{SECRET} sleeps two</p><p id="size">42</p>
<textarea id="area">{SECRET}</textarea>"""
CHOICES = """<form action="/en/basket/add/5/">
<select id="size" name="child_id"><option>S</option><option>M</option></select></form>
<form action="/search/"><select id="sort" name="sort_by"><option>S</option><option>M</option></select></form>"""
SELECT = "(id) => getSelection().selectAllChildren(document.getElementById(id))"


@pytest.fixture
def sensing(page: Page, fake_shop: FakeShop, wait_for: Wait) -> Sensing:
    return Sensing(page, fake_shop, wait_for)


def shake(sensing: Sensing, places: list[int], *, seconds: float = 0.15) -> None:
    for x in places:
        sensing.page.mouse.move(x, 300)
        sensing.page.clock.run_for(int(seconds * 1000))


def scroll_to(sensing: Sensing, *places: int) -> None:
    for y in places:
        sensing.page.evaluate("(y) => scrollTo(0, y)", y)
        sensing.pass_time(0.3)


def test_pointer__six_flips_and_600_pixels_in_two_seconds__told_once(sensing: Sensing) -> None:
    sensing.open(TALL)
    shake(sensing, [100, 300] * 10)

    assert sensing.told("pointer.thrashed") == [{}]


@pytest.mark.parametrize(
    ("places", "seconds"),
    [
        ([100, 300, 100, 300, 100, 300, 100], 0.15),  # five flips
        ([100, 180] * 4, 0.15),  # six flips, 560 pixels
        ([100, 300] * 8, 0.4),  # as many, but slowly
        (list(range(100, 1100, 60)), 0.15),  # a long way, straight
    ],
)
def test_pointer__just_below__is_not_told(sensing: Sensing, places: list[int], seconds: float) -> None:
    sensing.open(TALL)
    shake(sensing, places, seconds=seconds)

    assert sensing.told("pointer.thrashed") == []


def test_scroll__part_of_the_way__tells_the_quarter_once(sensing: Sensing) -> None:
    page = sensing.open(TALL)
    height = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    scroll_to(sensing, 100, round(height * 0.5), 200)

    assert sensing.told("page.scrolled") == [{"deepest": 50}]


def test_scroll__to_the_end_on_a_phone__is_all_of_it(
    new_context: Callable[..., BrowserContext], fake_shop: FakeShop, wait_for: Wait
) -> None:
    context = new_context(has_touch=True, is_mobile=True)
    sensing = Sensing(context.new_page(), fake_shop, wait_for)
    page = sensing.open(TALL)
    scroll_to(sensing, page.evaluate("document.documentElement.scrollHeight"))

    assert sensing.told("page.scrolled") == [{"deepest": 100}]


def test_scroll__not_at_all__is_not_told(sensing: Sensing) -> None:
    sensing.open(TALL)

    assert sensing.told("page.scrolled") == []


def test_seeking__eight_turns_over_40_pixels__told_once(sensing: Sensing) -> None:
    sensing.open(TALL)
    scroll_to(sensing, *[400, 300] * 6)

    assert len(sensing.told("page.sought")) == 1


@pytest.mark.parametrize("places", [[400, 300] * 4, [400, 365] * 8, list(range(100, 2000, 100))])
def test_seeking__just_below__is_not_told(sensing: Sensing, places: list[int]) -> None:
    sensing.open(TALL)
    scroll_to(sensing, *places)

    assert sensing.told("page.sought") == []


def test_copy__texts_and_prices__tells_lengths_and_which_was_a_price(sensing: Sensing) -> None:
    page = sensing.open(TEXTS)
    for name in ("price", "euro", "words", "size"):
        page.evaluate(SELECT, name)
        page.keyboard.press("Control+C")
    page.locator("#area").select_text()
    page.keyboard.press("Control+C")

    assert sensing.told("text.copied") == [
        {"length": 9, "price": True},
        {"length": 9, "price": True},
        {"length": len(SECRET) + 11, "price": False},
        {"length": 2, "price": False},
    ]


def test_option__size_changed_four_times__told_once(sensing: Sensing) -> None:
    page = sensing.open(CHOICES, kind="product")
    for choice in "MSMSMS":
        page.locator("#size").select_option(choice)

    assert sensing.told("option.toggled") == [{"name": "child_id", "times": 4}]


def test_option__three_times_or_another_choice__is_not_told(sensing: Sensing) -> None:
    page = sensing.open(CHOICES, kind="product")
    for choice in "MSM":
        page.locator("#size").select_option(choice)
    for choice in "MSMSMS":
        page.locator("#sort").select_option(choice)

    assert sensing.told("option.toggled") == []


def test_script__errors__are_counted_without_their_words(sensing: Sensing) -> None:
    page = sensing.open(TALL)
    for _ in range(3):
        page.evaluate(f"() => window.dispatchEvent(new ErrorEvent('error', {{message: '{SECRET}', filename: '/shop.js'}}))")
    for message, filename in (("ResizeObserver loop limit exceeded", ""), ("x", "chrome-extension://abc/x.js")):
        page.evaluate(
            "(about) => window.dispatchEvent(new ErrorEvent('error', about))", {"message": message, "filename": filename}
        )

    assert [data["count"] for data in sensing.told("script.failed")] == [1, 2]


def test_switched_off__all_of_them__tell_nothing(sensing: Sensing) -> None:
    off = dict.fromkeys(("pointer", "scroll", "seeking", "copy", "option", "script", "speed", "exit", "idle", "away", "places"))
    page = sensing.open(TALL + TEXTS + CHOICES, kind="product", sensors=off)
    shake(sensing, [100, 300] * 10)
    scroll_to(sensing, *[400, 300] * 6)
    page.evaluate(SELECT, "price")
    page.keyboard.press("Control+C")
    page.evaluate("() => window.dispatchEvent(new ErrorEvent('error', {message: 'x'}))")
    sensing.pass_time(200)
    sensing.leave()

    assert {signal["kind"] for beat in sensing.shop.beats() for signal in beat["signals"]} == {"page.viewed", "page.left"}


def test_thresholds__set_by_the_shop__hold_for_the_older_sensors_too(sensing: Sensing) -> None:
    changed = {"idle": {"seconds": [10, 15]}, "exit": {"pixels": 60, "after": 5}, "away": {"seconds": 20}}
    page = sensing.open("<h1>Tent</h1>", sensors=changed)
    leave_at = "(y) => document.dispatchEvent(new MouseEvent('mouseout', {bubbles: true, clientY: y}))"
    sensing.pass_time(5)
    page.evaluate(leave_at, 61)
    page.evaluate(leave_at, 59)
    sensing.pass_time(16)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => window.isAway, configurable: true});"
        "window.isAway = true; document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))"
    )
    sensing.pass_time(19)
    page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")

    assert sensing.told("page.exit_intent") == [{}]
    assert [data["seconds"] for data in sensing.told("page.idle")] == [10, 15]
    assert sensing.told("page.hidden") == []


def test_speed__page_left__tells_once_how_long_it_took(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page("<h1>Tent</h1>"))
    wait_for(fake_shop.beats)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")  # still in view: not left
    page.goto(fake_shop.page("<p>Next</p>", path="/next/", has_script=False))
    wait_for(lambda: fake_shop.signals("page.timed"))

    (signal,) = fake_shop.signals("page.timed")
    assert sorted(signal["data"]) == ["answer", "load"]
    assert 0 <= signal["data"]["answer"] <= signal["data"]["load"] < 60_000
    assert all(isinstance(value, int) for value in signal["data"].values())
