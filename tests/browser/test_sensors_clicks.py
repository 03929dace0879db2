"""Clicks in vain: which count, and which only look like it?"""

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.fake_shop import Answer, FakeShop, Seen
from tests.browser.sensing import SECRET, Sensing, Wait

BODY = f"""<h1>Tent</h1><button type="button" id="buy">Buy</button><button type="button" id="other">Other</button>
<p id="words">Words to read, {SECRET}</p><p data-engage-id="price"><button type="button" id="price">9.99</button></p>
<input id="amount" type="number" name="amount" value="1"><button type="button" id="plus">+</button>
<span class="quantity-step"><button type="button" id="more">more</button></span>
<a id="page" href="/slow/">Next page</a><a id="nowhere" href="#">Nowhere</a>
<img id="picture" src="/static/icon.svg" width="40" height="40" alt="Tent">
<form id="form"><button id="send">Send</button></form><p data-engage-ignore><b id="clock">12:00</b></p>"""
LISTEN = "([id, code]) => document.getElementById(id).addEventListener('click', (event) => WAYS[code](event))"
WAYS = """window.WAYS = {
  change: () => document.body.append('Added'),
  attribute: () => document.body.classList.add('open'),
  ours: () => document.getElementById('engage-root').setAttribute('data-x', '1'),
  scroll: () => scrollTo(0, 50),
  focus: () => document.getElementById('amount').focus(),
  select: () => getSelection().selectAllChildren(document.getElementById('words')),
  slow: (event) => { event.preventDefault(); setTimeout(() => document.body.append('Added'), 6000); },
  clock: () => { document.getElementById('clock').textContent = '12:01'; },
  never: (event) => event.preventDefault(),
}"""
TALL = BODY + "<p>More</p>" * 100


@pytest.fixture
def sensing(page: Page, fake_shop: FakeShop, wait_for: Wait) -> Sensing:
    return Sensing(page, fake_shop, wait_for)


def click(page: Page, name: str, times: int = 1, *, apart: int = 0, clicks: int = 1) -> None:
    box = page.locator(name).bounding_box()
    assert box
    for turn in range(times):
        page.mouse.click(box["x"] + 3 + apart * turn, box["y"] + box["height"] / 2, click_count=clicks)


def test_rage__three_clicks_on_one_spot_in_a_second__told_once_for_the_element(sensing: Sensing) -> None:
    page = sensing.open(BODY)
    click(page, "#buy", 3)
    click(page, "#buy", 4)
    sensing.pass_time(2)
    click(page, "#price", 3)

    assert sensing.told("page.rage_clicked") == [{"place": ""}, {"place": "price"}]


def test_rage__just_below__is_not_told(sensing: Sensing) -> None:
    page = sensing.open(BODY + "<button type=button id=wide>Wide, so that three clicks fit</button>")
    click(page, "#buy", 2)
    sensing.pass_time(1.1)
    for _ in range(3):
        click(page, "#other")
        sensing.pass_time(0.6)
    click(page, "#wide", 3, apart=31)

    assert sensing.told("page.rage_clicked") == []


def test_rage__fields_steppers_and_selecting_text__are_no_rage(sensing: Sensing) -> None:
    page = sensing.open(BODY)
    for name in ("#amount", "#plus", "#more"):
        click(page, name, 5)
    box = page.locator("#words").bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + 5, click_count=3)
    for _ in range(5):
        page.locator("#buy").press("Enter")

    assert sensing.told("page.rage_clicked") == []


def test_rage__shop_asks_for_five__three_are_not_told(sensing: Sensing) -> None:
    page = sensing.open(BODY, sensors={"rage": {"clicks": 5}})
    click(page, "#buy", 4)
    click(page, "#other", 5)

    assert len(sensing.told("page.rage_clicked")) == 1


@pytest.mark.parametrize("name", ["#buy", "#nowhere", "#picture"])
def test_dead__clicked_and_nothing_happened__is_told(sensing: Sensing, name: str) -> None:
    page = sensing.open(BODY)
    page.evaluate("document.getElementById('nowhere').addEventListener('click', (event) => event.stopPropagation())")
    page.evaluate("location.hash = '#'")
    click(page, name)
    sensing.pass_time(2.6)

    assert sensing.told("page.dead_clicked") == [{"place": ""}]


def test_dead__same_element_again__is_told_once(sensing: Sensing) -> None:
    page = sensing.open(BODY)
    for _ in range(3):
        click(page, "#price")
        sensing.pass_time(2.6)

    assert sensing.told("page.dead_clicked") == [{"place": "price"}]


@pytest.mark.parametrize("way", ["change", "attribute", "scroll", "focus", "select", "slow"])
def test_dead__something_happened__is_not_told(sensing: Sensing, way: str) -> None:
    page = sensing.open(TALL)
    page.evaluate(WAYS)
    page.evaluate(LISTEN, ["buy", way])
    click(page, "#buy")
    sensing.pass_time(7)
    sensing.pass_time(4)

    assert sensing.told("page.dead_clicked") == []


@pytest.mark.parametrize("way", ["ours", "clock", "never"])
def test_dead__only_our_own_elements_changed_or_a_script_took_it_for_nothing__is_told(sensing: Sensing, way: str) -> None:
    page = sensing.open(TALL)
    page.evaluate(WAYS)
    page.evaluate(LISTEN, ["buy", way])
    click(page, "#buy")
    sensing.pass_time(11)

    assert len(sensing.told("page.dead_clicked")) == 1


def test_dead__reading_typing_sending_and_following_links__are_not_told(sensing: Sensing) -> None:
    page = sensing.open(BODY)
    page.evaluate("document.getElementById('form').addEventListener('submit', (event) => event.preventDefault())")
    for name in ("#words", "h1", "#amount", "#send"):
        click(page, name)
        sensing.pass_time(2.6)
    click(page, "#buy")
    sensing.pass_time(2.4)

    assert sensing.told("page.dead_clicked") == []


def test_dead__link_that_leads_on__is_not_told_however_long_the_page_takes(sensing: Sensing) -> None:
    sensing.shop.answers["/slow/"] = lambda seen, number: Answer(204)  # leads nowhere, and leaves this page as it is
    page = sensing.open(BODY)
    click(page, "#page")
    sensing.wait_for(lambda: sensing.shop.asked("/slow/"))
    sensing.pass_time(11)

    assert sensing.told("page.dead_clicked") == []


def test_rage__tapped_on_a_phone__is_told(
    new_context: Callable[..., BrowserContext], fake_shop: FakeShop, wait_for: Wait
) -> None:
    sensing = Sensing(new_context(has_touch=True, is_mobile=True).new_page(), fake_shop, wait_for)
    page = sensing.open(BODY)
    box = page.locator("#buy").bounding_box()
    assert box
    for _ in range(3):
        page.touchscreen.tap(box["x"] + 3, box["y"] + 3)
    sensing.pass_time(2.6)

    assert len(sensing.told("page.rage_clicked")) == 1
    assert len(sensing.told("page.dead_clicked")) == 1


def test_switched_off__every_sensor__tells_nothing_of_it(sensing: Sensing) -> None:
    page = sensing.open(BODY, sensors={"rage": None, "dead": None})
    click(page, "#buy", 5)
    sensing.pass_time(4)

    assert sensing.told("page.rage_clicked") == []
    assert sensing.shop.signals("page.dead_clicked") == []


BASKET = """<div id="messages"></div><div id="content_inner"><form id="basket_formset" action="/basket/" method="post">
<input type="checkbox" id="id_form-0-DELETE" name="form-0-DELETE" hidden><a href="#" data-id="0" data-behaviours="remove"
 id="remove">Remove</a></form></div><script src="/static/oscar/js/jquery/jquery.min.js"></script>
<script src="/static/oscar/js/oscar/ui.js"></script>"""


def test_dead__stock_basket_that_posts_by_jquery_and_waits_long__is_not_told(sensing: Sensing) -> None:
    may_answer = threading.Event()

    def answer(seen: Seen, number: int) -> Answer:
        may_answer.wait(20)
        return Answer(200, '{"content_html": "<p>Your basket is empty</p>", "messages": {}}')

    page = sensing.open(BASKET, path="/en/basket/", kind="basket")
    page.evaluate("oscar.basket.init({basketURL: '/post/'})")
    sensing.shop.answers["/post/"] = answer
    click(page, "#remove")
    sensing.wait_for(lambda: sensing.shop.asked("/post/"))
    sensing.pass_time(4)
    click(page, "#remove")
    sensing.pass_time(4)
    may_answer.set()
    page.get_by_text("Your basket is empty").wait_for()
    sensing.pass_time(11)

    assert sensing.told("page.dead_clicked") == []
