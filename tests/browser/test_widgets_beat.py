"""What does the browser say to the server, when, and never?"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.fake_shop import SHIPPING, Answer, FakeShop

Wait = Callable[..., None]
CARD = "4111111111111111"
FIELDS = """<form action="/x/"><label for="a">Card</label><input id="a" name="number" autocomplete="cc-number">
<label for="b">Text</label><textarea id="b" name="text"></textarea><input type="hidden" name="h" value="5555555555554444">
<div id="c" contenteditable aria-label="Edit"></div></form>"""


def test_first_beat__page_opened__one_request_with_page_viewed(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page("<h1>Tents</h1>", path="/catalogue/tents/", title="Tents") + "?q=secret#frag")
    wait_for(fake_shop.beats)
    page.wait_for_timeout(1500)

    (beat,) = fake_shop.beats()
    assert [signal["kind"] for signal in beat["signals"]] == ["page.viewed"]
    assert (beat["v"], beat["page"], beat["path"], beat["title"]) == (1, "signed:facts", "/catalogue/tents/", "Tents")
    assert beat["fetch"] is True
    assert beat["showing"] == []
    assert 0 < beat["visible"] <= beat["age"] + 1
    assert fake_shop.asked("/engage/beat/")[0].headers["content-type"] == "text/plain;charset=UTF-8"


@pytest.mark.attack("J01")
def test_eager_load__no_widget__one_script_and_one_stylesheet_and_no_storage(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(fake_shop.beats)

    ours = [seen.path for seen in fake_shop.seen if "oscar_engage" in seen.path or "htmx" in seen.path]
    assert sorted(ours) == ["/static/oscar_engage/dist/engage.css", "/static/oscar_engage/dist/engage.js"]
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]


@pytest.mark.attack("I01")
def test_wire__card_number_typed_everywhere__never_leaves(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.beat(lambda beat, number: Answer(204, headers={"Engage-Next": "1"}))
    page.goto(fake_shop.page(FIELDS, kind="checkout"))
    for name in ("#a", "#b", "#c"):
        page.locator(name).press_sequentially(CARD)
    wait_for(fake_shop.beats)
    page.goto(fake_shop.page("next", path="/next/"))
    wait_for(lambda: fake_shop.signals("page.left"))

    wire = "".join(seen.body + str(seen.query) + str(seen.headers) for seen in fake_shop.seen)
    assert CARD not in wire
    assert "5555555555554444" not in wire
    assert CARD[:6] not in wire


def test_wake__header_given__one_beat_at_that_moment(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.beat(
        lambda beat, number: Answer(204, headers={"Engage-Next": "5"} | ({"Engage-Wake": "2.0"} if not number else {}))
    )
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(lambda: len(fake_shop.beats()) == 2)
    page.wait_for_timeout(1500)

    first, second = fake_shop.asked("/engage/beat/")
    assert 1.7 < second.at - first.at < 4.5  # by the clock it would be five
    assert fake_shop.beats()[1]["idle"] >= 1900


@pytest.mark.attack("H10")
def test_wake__zero_again_and_again__does_not_spin(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.beat(lambda beat, number: Answer(204, headers={"Engage-Wake": "0"}))
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(lambda: len(fake_shop.beats()) > 1)
    page.wait_for_timeout(3000)

    asked = [seen.at for seen in fake_shop.asked("/engage/beat/")]
    assert len(asked) - 1 <= 2.4 * (asked[-1] - asked[0]) + 1


def test_gap__many_ordinary_signals__at_most_one_beat_in_five_seconds(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.clock.install()
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    page.clock.run_for(3000)
    wait_for(fake_shop.beats)
    for _ in range(3):
        page.evaluate(HIDE_AND_SHOW, 2500)
        page.clock.run_for(700)
    at_once = [beat for beat in fake_shop.beats()[1:] if beat["fetch"]]
    page.clock.run_for(6000)
    wait_for(lambda: len(fake_shop.signals("page.hidden")) == 3)

    assert len(at_once) <= 1


def test_hidden_tab__longer_than_two_seconds__told_with_its_length(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.clock.install()
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    page.clock.run_for(1000)
    page.evaluate(HIDE_AND_SHOW, 1000)
    page.evaluate(HIDE_AND_SHOW, 4000)
    page.clock.run_for(6000)
    wait_for(lambda: fake_shop.signals("page.hidden"))

    (signal,) = fake_shop.signals("page.hidden")
    made = uuid.UUID(signal["id"])
    assert (made.version, made.variant, made.int >> 80) == (7, uuid.RFC_4122, signal["at"])
    assert 4 <= signal["data"]["seconds"] <= 5


def test_idle__nothing_touched__told_at_each_step_and_sooner_in_checkout(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    for kind, path, steps in (("product", "/p/", [30, 60, 120]), ("checkout", "/c/", [20, 45, 90])):
        page.clock.install()
        page.goto(fake_shop.page("<h1>Tents</h1>", path=path, kind=kind))
        for _ in range(13):
            page.clock.run_for(10_000)
            page.wait_for_timeout(40)
        expected: list[dict[str, Any]] = [{"seconds": step} for step in steps]
        wait_for(lambda: [signal["data"] for signal in fake_shop.signals("page.idle")][-3:] == expected)  # noqa: B023 - called in this turn
    # By their ids: a beat that this clock timed out is sent again.
    assert len({signal["id"] for signal in fake_shop.signals("page.idle")}) == 6


def test_exit_intent__pointer_leaves_upward__told_once_and_only_when_armed(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    leave = "document.dispatchEvent(new MouseEvent('mouseout', {clientY: 5, relatedTarget: null, bubbles: true}))"
    page.clock.install()
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    page.clock.run_for(1000)
    page.evaluate(leave)
    page.clock.run_for(8000)
    wait_for(fake_shop.beats)
    assert fake_shop.signals("page.exit_intent") == []

    page.evaluate(leave)
    page.evaluate(leave)
    page.clock.run_for(7000)
    wait_for(lambda: fake_shop.signals("page.exit_intent"))
    assert len(fake_shop.signals("page.exit_intent")) == 1


def test_leaving__next_page_opened__beacon_that_wants_no_answer(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(fake_shop.beats)
    page.goto(fake_shop.page("next", path="/next/"))
    wait_for(lambda: fake_shop.signals("page.left"))

    (leaving,) = [beat for beat in fake_shop.beats() if any(signal["kind"] == "page.left" for signal in beat["signals"])]
    assert leaving["fetch"] is False
    assert leaving["path"] == "/"
    assert leaving["signals"][-1]["data"]["visible"] > 0


@pytest.mark.attack("J01")
def test_no_consent__server_answers_silence__nothing_more_is_said(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.beat(lambda beat, number: Answer(204, headers={"Engage-Next": "1", "Engage-Quiet": "1"}))
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(3200)
    page.evaluate("document.dispatchEvent(new MouseEvent('mouseout', {clientY: 5, bubbles: true}))")
    page.wait_for_timeout(3000)
    page.goto("about:blank")
    page.wait_for_timeout(300)

    assert len(fake_shop.beats()) == 1


def test_no_consent__consent_given_on_the_page__speaks_again(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    quiet = {"Engage-Next": "30", "Engage-Quiet": "1"}
    fake_shop.beat(lambda beat, number: Answer(204, headers={"Engage-Next": "5"} if number else quiet))
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(200)
    page.evaluate("document.dispatchEvent(new CustomEvent('engage:consent'))")

    wait_for(lambda: len(fake_shop.beats()) == 2)
    assert [signal["kind"] for signal in fake_shop.beats()[1]["signals"]] == ["page.viewed"]


def test_consent__changed_where_the_page_was_told_already__asks_and_tells_it_no_second_time(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(200)
    page.evaluate("document.dispatchEvent(new CustomEvent('engage:consent'))")

    wait_for(lambda: len(fake_shop.beats()) == 2)
    assert fake_shop.beats()[1]["signals"] == []


def test_basket_page__content_swapped_by_script__asks_the_server(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.goto(fake_shop.page('<div id="content_inner"><form id="basket_formset"></form></div>', kind="basket"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(1200)
    page.evaluate("document.getElementById('content_inner').replaceChildren(document.createElement('p'))")

    wait_for(lambda: len(fake_shop.beats()) == 2, 10)


@pytest.mark.attack("K08")
def test_endpoint__missing_failing_or_odd__page_notices_nothing(
    page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    odd = [Answer(200, "<p>no widget", {"Engage-Wake": "soon"}), Answer(500), Answer(404, "gone"), Answer(200, "\x00<<<")]
    fake_shop.beat(lambda beat, number: odd[number % 4])
    for number in range(4):
        page.goto(fake_shop.page(SHIPPING.format(rest=""), path=f"/{number}/"))
        wait_for(lambda: any(beat["path"] == f"/{number}/" for beat in fake_shop.beats()))  # noqa: B023 - called in this turn
        page.wait_for_timeout(200)
    page.route("**/engage/beat/", lambda route: route.abort())
    page.goto(fake_shop.page("blocked", path="/blocked/"))
    page.wait_for_timeout(1500)

    assert [text for text in complaints if "Failed to load resource" not in text] == []


def test_failed_beat__signals__come_with_the_next_under_the_same_id(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.beat(lambda beat, number: Answer(500 if not number else 204))
    page.goto(fake_shop.page("<h1>Tents</h1>"))
    wait_for(fake_shop.beats)
    page.goto(fake_shop.page("next", path="/next/", has_script=False))
    wait_for(lambda: len(fake_shop.beats()) == 2)

    first, second = fake_shop.signals("page.viewed")
    assert first["id"] == second["id"]


HIDE_AND_SHOW = """(ms) => {
  const turn = (hidden) => {
    Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event('visibilitychange'));
  };
  turn(true);
  const now = performance.now;
  const before = performance.now();
  performance.now = () => before + ms;
  turn(false);
  performance.now = now;
}"""
