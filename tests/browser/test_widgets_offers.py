"""How do offers stand on the page?"""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.fake_shop import BALLOON, HELP, INVITATION, NOTE_FORM, RECEIPT, SHIPPING, Answer, FakeShop, Seen, field_of

Wait = Callable[..., None]
HEADER = "<p>A header of the shop</p>" * 5
LONG = SHIPPING.format(rest="<div>" + "<p>Filler text of the shop.</p>" * 80 + "</div>")
OFFER = BALLOON.format(decision="d-1", anchor="shipping-method")
SHIFTS = """() => { window.shifts = []; new PerformanceObserver((list) =>
 window.shifts.push(...list.getEntries().map((e) => e.value)))
.observe({type: 'layout-shift', buffered: true}); }"""


def offering(fake_shop: FakeShop, html: str) -> None:
    """Answer the first beat with ``html`` and all later ones with nothing."""
    fake_shop.beat(lambda beat, number: Answer(204 if number else 200, "" if number else html, {"Engage-Next": "1"}))


def box(page: Page, selector: str) -> dict[str, float]:
    """The bounding box of the first match."""
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return dict(found)


def is_apart(one: dict[str, float], two: dict[str, float]) -> bool:
    """Whether two boxes do not overlap."""
    return (
        one["x"] + one["width"] <= two["x"]
        or two["x"] + two["width"] <= one["x"]
        or one["y"] + one["height"] <= two["y"]
        or two["y"] + two["height"] <= one["y"]
    )


def press(page: Page, selector: str) -> None:
    """Press what is offered once it stands there, by keyboard: a click that is tried again scrolls the page under it."""
    expect(page.locator(selector)).to_be_visible()
    page.locator(selector).press("Enter")


def open_help(fake_shop: FakeShop, page: Page, fragment: str = HELP) -> None:
    """Open a page and press its help link; the panel is ``fragment``."""
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, fragment)
    page.goto(fake_shop.page(LONG, kind="checkout"))
    page.wait_for_timeout(400)
    page.locator("#engage-help").click()
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()


def test_balloon__offered__stands_beside_its_anchor_on_no_button_and_is_seen(
    page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    offering(fake_shop, OFFER)
    page.goto(fake_shop.page(HEADER + LONG, kind="checkout"))
    expect(page.locator(".engage-balloon")).to_be_visible()
    page.wait_for_timeout(400)

    balloon = box(page, ".engage-balloon")
    anchor = box(page, ".basket-items")
    assert page.locator(".engage-balloon:popover-open").count() == 1
    assert is_apart(balloon, anchor)
    assert abs(balloon["y"] + balloon["height"] - anchor["y"]) < 40
    for button in page.locator("button[type=submit]").all():
        rect = button.bounding_box()
        assert rect is not None
        assert is_apart(balloon, dict(rect))
    wait_for(lambda: fake_shop.signals("widget.seen"))
    assert [signal["data"] for signal in fake_shop.signals("widget.seen")] == [{"decision": "d-1"}]
    assert complaints == []


def test_balloon__page_just_opened__waits_two_seconds_and_steals_no_focus(page: Page, fake_shop: FakeShop) -> None:
    offering(fake_shop, OFFER)
    page.goto(fake_shop.page('<input id="mine" aria-label="Mine">' + LONG, kind="checkout"))
    page.locator("#mine").focus()
    expect(page.locator(".engage-balloon")).to_be_visible()

    assert page.evaluate("performance.now()") >= 2000
    assert page.evaluate("document.activeElement.id") == "mine"
    expect(page.locator("#engage-root [role=status]")).to_contain_text("Which delivery is right?")
    assert page.locator("#engage-root [role=status]").count() == 1


def test_balloon__page_scrolled__follows_hides_with_its_anchor_and_shifts_nothing(page: Page, fake_shop: FakeShop) -> None:
    offering(fake_shop, OFFER)
    page.goto(fake_shop.page("<p>Above</p>" * 10 + LONG, kind="checkout"))
    page.evaluate(SHIFTS)
    expect(page.locator(".engage-balloon")).to_be_visible()
    page.wait_for_timeout(300)
    distance = box(page, ".engage-balloon")["y"] - box(page, ".basket-items")["y"]
    page.mouse.wheel(0, 60)
    page.wait_for_timeout(400)
    assert abs(box(page, ".engage-balloon")["y"] - box(page, ".basket-items")["y"] - distance) < 2
    page.mouse.wheel(0, 2500)
    expect(page.locator(".engage-balloon")).to_be_hidden()
    page.mouse.wheel(0, -4000)
    expect(page.locator(".engage-balloon")).to_be_visible()

    assert page.evaluate("window.shifts") == []


def test_balloon__browser_without_css_anchors__stands_at_the_same_place(page: Page, fake_shop: FakeShop) -> None:
    places = []
    for support in ("0;", "CSS.supports = () => false;"):
        page.add_init_script(support)
        page.goto("about:blank")
        page.wait_for_timeout(200)
        fake_shop.seen.clear()
        offering(fake_shop, OFFER)
        page.goto(fake_shop.page("<p>Above</p>" * 10 + LONG, kind="checkout"))
        expect(page.locator(".engage-balloon")).to_be_visible()
        page.mouse.wheel(0, 40)
        page.wait_for_timeout(600)
        places.append(box(page, ".engage-balloon"))

    assert places[1] == pytest.approx(places[0], abs=2)


@pytest.mark.attack("O02")
@pytest.mark.parametrize("anchor", ["no-such-place", 'x"],body,[y="', "constructor"])
def test_balloon__anchor_missing__not_shown_and_not_seen(page: Page, fake_shop: FakeShop, wait_for: Wait, anchor: str) -> None:
    offering(fake_shop, BALLOON.format(decision="d-1", anchor=anchor.replace('"', "&quot;")))
    page.goto(fake_shop.page(LONG, kind="checkout"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(3500)
    page.goto("about:blank")
    page.wait_for_timeout(300)

    assert fake_shop.signals("page.left")
    assert fake_shop.signals("widget.seen") == []


def test_balloon__own_mark_of_the_shop__wins_over_the_stock_map(page: Page, fake_shop: FakeShop) -> None:
    offering(fake_shop, OFFER)
    page.goto(fake_shop.page('<p id="own"><b data-engage-id="shipping-method">Delivery</b></p>' + LONG))
    expect(page.locator(".engage-balloon")).to_be_visible()
    page.wait_for_timeout(300)

    assert 0 < box(page, ".engage-balloon")["y"] - box(page, "#own b")["y"] < 60


def test_balloon__stands_below_the_window__seen_only_when_scrolled_to(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    offering(fake_shop, OFFER)
    page.goto(fake_shop.page("<p>Above</p>" * 60 + LONG, kind="checkout"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(3000)
    expect(page.locator(".engage-balloon")).to_be_hidden()
    assert fake_shop.signals("widget.seen") == []

    page.evaluate("document.querySelector('.basket-items').scrollIntoView({block: 'center'})")
    wait_for(lambda: fake_shop.signals("widget.seen"))


def test_balloon__dismissed_by_button__signal_and_gone(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    offering(fake_shop, OFFER)
    page.goto(fake_shop.page(LONG, kind="checkout"))
    press(page, ".engage-balloon .engage-close")

    expect(page.locator(".engage-balloon")).to_have_count(0)
    wait_for(lambda: fake_shop.signals("widget.dismissed"))
    assert fake_shop.signals("widget.dismissed")[0]["data"] == {"decision": "d-1"}
    assert page.locator(".basket-items").first.get_attribute("style") is None


def test_balloon__escape__dismisses_and_returns_the_focus(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    offering(fake_shop, OFFER)
    page.goto(fake_shop.page('<input id="mine" aria-label="Mine">' + LONG, kind="checkout"))
    expect(page.locator(".engage-balloon")).to_be_visible()
    page.locator("#mine").focus()
    page.locator(".engage-balloon .engage-button").focus()
    page.keyboard.press("Escape")

    expect(page.locator(".engage-balloon")).to_have_count(0)
    expect(page.locator("#mine")).to_be_focused()
    wait_for(lambda: fake_shop.signals("widget.dismissed"))


def test_two_offers__in_one_answer_and_later__one_at_a_time(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    both = OFFER + INVITATION
    fake_shop.beat(lambda beat, number: Answer(200, both, {"Engage-Next": "1", "Engage-Wake": "1.5"}))
    page.goto(fake_shop.page(LONG, kind="checkout"))
    wait_for(lambda: len(fake_shop.beats()) >= 4)

    assert page.locator("[data-engage-widget]").count() == 1
    assert fake_shop.beats()[-1]["showing"] == ["d-1"]
    assert len(fake_shop.signals("widget.seen")) == 1


@pytest.mark.attack("A14")
def test_offer__hostile_markup_in_it__nothing_runs(page: Page, fake_shop: FakeShop, complaints: list[str]) -> None:
    hostile = OFFER.replace(
        "Which delivery",
        "<script>window.ran=1</script><img src=/x.gif onerror='window.ran=1'><svg onload='window.ran=1'></svg>"
        "<a href=' javascript:window.ran=1' id=bad>x</a><iframe srcdoc='<script>parent.ran=1</script>'></iframe>"
        "<b hx-on:click='window.ran=1' style='position:fixed'>y</b>Which delivery",
    )
    offering(fake_shop, hostile + "<script>window.ran = 1; throw new Error('x')</script>")
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator(".engage-balloon")).to_be_visible()

    assert page.evaluate("window.ran") is None
    assert page.locator(".engage-balloon :is(script, svg, iframe, [onerror], [style], [hx-on\\:click])").count() == 0
    assert page.locator("#bad").get_attribute("href") is None
    assert [text for text in complaints if "404" not in text and "Content Security Policy" not in text] == []


def test_card__offered__in_a_corner_on_no_button(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    offering(fake_shop, INVITATION)
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator(".engage-card")).to_be_visible()
    wait_for(lambda: fake_shop.signals("widget.seen"))

    card = box(page, ".engage-card")
    assert card["x"] > 600
    assert is_apart(card, box(page, "#engage-help"))
    for button in page.locator("button[type=submit]").all():
        rect = button.bounding_box()
        assert rect is not None
        assert is_apart(card, dict(rect))


def test_card__accepted__signal_and_panel(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    offering(fake_shop, INVITATION)
    fake_shop.answers["/engage/chat/new/"] = lambda seen, number: Answer(200, NOTE_FORM.format(anchor="", decision=""))
    page.goto(fake_shop.page(LONG, kind="checkout"))
    press(page, ".engage-card .engage-button")
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()

    assert fake_shop.asked("/engage/chat/new/")[0].query == {"decision": ["d-inv"], "fragment": ["1"]}
    assert fake_shop.asked("/engage/chat/new/")[0].headers["x-engage-fragment"] == "1"
    wait_for(lambda: fake_shop.signals("widget.accepted"))


def test_panel__opened_from_a_balloon__is_told_from_the_press_until_a_moment_after_it_closed(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    """Each beat whose ``showing`` is empty gets an offer, as from a server with one more moment; none is lost unseen."""
    offered: list[str] = []

    def offer(beat: dict[str, Any], number: int) -> Answer:
        if not beat["fetch"] or beat["showing"]:
            return Answer(204, headers={"Engage-Next": "1", "Engage-Wake": "0.5"})
        offered.append(f"d-{number}")
        return Answer(200, BALLOON.format(decision=offered[-1], anchor="shipping-method"), {"Engage-Next": "1"})

    def load(seen: Seen, number: int) -> Answer:
        time.sleep(1.5)  # a slow connection: the beat with the acceptance goes out before the panel stands
        return Answer(200, NOTE_FORM.format(anchor="", decision=""))

    fake_shop.beat(offer)
    fake_shop.answers["/engage/note/new/"] = load
    page.goto(fake_shop.page(LONG, kind="checkout"))
    press(page, ".engage-balloon .engage-button")
    wait_for(lambda: fake_shop.signals("widget.accepted"))
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()
    page.wait_for_timeout(2000)
    assert len(offered) == 1

    page.keyboard.press("Escape")
    closed_at = time.monotonic()
    expect(page.locator("#engage-root .engage-panel")).to_be_hidden()
    expect(page.locator(".engage-balloon")).to_be_visible()
    assert time.monotonic() - closed_at >= 4.5
    wait_for(lambda: [signal["data"]["decision"] for signal in fake_shop.signals("widget.seen")] == offered)
    assert len(offered) == 2


def test_panel__opened_by_the_shopper__is_told_without_an_id(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.beat(lambda beat, number: Answer(204, headers={"Engage-Next": "1", "Engage-Wake": "0.5"}))
    open_help(fake_shop, page)
    before = len(fake_shop.beats())
    wait_for(lambda: len(fake_shop.beats()) >= before + 2)

    assert fake_shop.beats()[-1]["showing"] == ["panel"]


@pytest.mark.parametrize("html", [OFFER, INVITATION])
def test_phone__offer__is_a_sheet_at_the_edge(page: Page, fake_shop: FakeShop, wait_for: Wait, html: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    offering(fake_shop, html)
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator("[data-engage-widget]")).to_be_visible()
    page.wait_for_timeout(400)

    sheet = box(page, "[data-engage-widget]")
    assert (sheet["x"], sheet["width"]) == (0, 390)
    assert sheet["height"] <= 0.45 * 844
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
    assert is_apart(sheet, box(page, ".basket-items button"))
    wait_for(lambda: fake_shop.signals("widget.seen"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-engage-widget]")).to_have_count(0)


def test_phone__shop_keeps_a_bar_at_the_bottom__ours_stay_above(page: Page, fake_shop: FakeShop) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    offering(fake_shop, INVITATION)
    bar = '<div class="fixed-bottom bg-light p-3" id="bar"><button type="button">Buy</button></div>'
    page.goto(fake_shop.page(LONG + bar))
    expect(page.locator("[data-engage-widget]")).to_be_visible()
    page.wait_for_timeout(400)

    assert is_apart(box(page, "#engage-help"), box(page, "#bar"))
    assert is_apart(box(page, "[data-engage-widget]"), box(page, "#bar"))


def test_help__with_script__panel_takes_the_focus_and_gives_it_back(page: Page, fake_shop: FakeShop) -> None:
    open_help(fake_shop, page)
    expect(page.locator("#engage-root .engage-panel")).to_be_focused()
    assert fake_shop.asked("/engage/help/")[0].query == {"fragment": ["1"]}
    page.keyboard.press("Escape")

    expect(page.locator("#engage-root .engage-panel")).to_be_hidden()
    expect(page.locator("#engage-help")).to_be_focused()


@pytest.mark.attack("K05")
def test_help__without_script__is_a_plain_link(page: Page, fake_shop: FakeShop) -> None:
    page.route("**/engage.js", lambda route: route.abort())
    fake_shop.page("<h1>Help</h1>", path="/engage/help/")
    page.goto(fake_shop.page(LONG))
    page.locator("#engage-help").click()

    page.wait_for_url("**/engage/help/")


def test_help__fragment_fails__plain_page_opens(page: Page, fake_shop: FakeShop) -> None:
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(500 if "fragment" in seen.query else 200, "<h1>Help</h1>")
    page.goto(fake_shop.page(LONG))
    page.wait_for_timeout(400)
    page.locator("#engage-help").click()

    page.wait_for_url("**/engage/help/")


def test_panel__choice_in_it__opens_in_the_panel_and_focus_returns_to_the_first_opener(page: Page, fake_shop: FakeShop) -> None:
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, NOTE_FORM.format(anchor="", decision=""))
    open_help(fake_shop, page)
    page.get_by_role("link", name="Leave a note").click()
    expect(page.get_by_role("dialog", name="Leave a note")).to_be_visible()

    expect(page.locator(".engage-panel:visible")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#engage-help")).to_be_focused()


def test_panel__closed_with_words_in_it__words_are_still_there(page: Page, fake_shop: FakeShop) -> None:
    open_help(fake_shop, page, NOTE_FORM.format(anchor="", decision=""))
    page.get_by_label("Your question").fill("Is it green?")
    page.keyboard.press("Escape")
    page.locator("#engage-help").click()

    expect(page.get_by_label("Your question")).to_have_value("Is it green?")
    assert len(fake_shop.asked("/engage/help/")) == 1


def test_panel__address_of_another_site__never_asked(page: Page, fake_shop: FakeShop, complaints: list[str]) -> None:
    offering(fake_shop, OFFER.replace('data-engage-open="note"', 'data-engage-open="https://evil.example/x"'))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(fake_shop.page(LONG, kind="checkout"))
    press(page, ".engage-balloon .engage-button")
    page.wait_for_timeout(500)

    assert [url for url in asked if not url.startswith(fake_shop.url)] == []
    assert page.url.startswith(fake_shop.url)


def test_note__about_a_page_alone__names_it_by_its_title(page: Page, fake_shop: FakeShop) -> None:
    form = NOTE_FORM.format(anchor="", decision="").replace(
        "data-engage-picked>the shop<", "data-engage-picked>/catalogue/boots_1/<"
    )
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, HELP)
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, form)
    page.goto(fake_shop.page(LONG, path="/catalogue/boots_1/", title="Rask boots"))
    press(page, "#engage-help")
    page.get_by_role("link", name="Leave a note").click()
    expect(page.locator("[data-engage-picked]")).to_have_text("Rask boots")


def test_note__opened_from_a_balloon__knows_page_and_place_and_is_sent_by_htmx(
    page: Page, fake_shop: FakeShop, complaints: list[str]
) -> None:
    def form(seen: Seen, number: int) -> Answer:
        return Answer(200, NOTE_FORM.format(anchor=seen.query["anchor"][0], decision=seen.query["decision"][0]))

    offering(fake_shop, OFFER)
    fake_shop.answers["/engage/note/new/"] = form
    fake_shop.answers["/engage/note/"] = lambda seen, number: Answer(200, RECEIPT)
    page.goto(fake_shop.page(LONG, path="/en/checkout/shipping-method/", kind="checkout", title="Shipping") + "?q=1")
    press(page, ".engage-balloon .engage-button")
    expect(page.locator("[data-engage-picked]")).to_have_text("Standard")
    page.get_by_label("Your question").fill("Is it green?")
    page.get_by_role("button", name="Leave the note").click()
    expect(page.locator(".engage-receipt")).to_contain_text("K7Q2-9FMX")

    (sent,) = fake_shop.asked("/engage/note/")
    assert sent.headers["hx-request"] == "true"
    posted = {
        name: field_of(sent.body, name)
        for name in ("page_path", "page_title", "anchor", "anchor_label", "decision", "question")
    }
    assert posted == {
        "page_path": "/en/checkout/shipping-method/",
        "page_title": "Shipping",
        "anchor": "shipping-method",
        "anchor_label": "Standard",
        "decision": "d-1",
        "question": "Is it green?",
    }
    assert page.evaluate("[htmx.config.allowEval, htmx.config.includeIndicatorStyles]") == [False, False]
    expect(page.locator(".engage-panel")).to_be_focused()
    assert complaints == []


SIZES = """<h1>Urd</h1><h2>Sizes</h2><p>Measure in the evening.</p><table data-engage-id="size-table">
<tr><th>Size</th><td>38</td><td>39</td></tr><tr><th>UK</th><td>5</td><td>6</td></tr></table><p>Between two sizes?</p>"""


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Size", "Sizes \N{EN DASH} Size"),
        ("6", "Sizes \N{EN DASH} UK"),
        ("Between two sizes?", "Sizes"),
        ("Measure in the evening.", "Sizes"),
    ],
)
def test_note__pointed_at_a_table__is_about_its_title_and_row(page: Page, fake_shop: FakeShop, words: str, named: str) -> None:
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, HELP)
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, NOTE_FORM.format(anchor="", decision=""))
    page.goto(fake_shop.page(SIZES + "<p style='height: 900px'></p>"))
    press(page, "#engage-help")
    page.get_by_role("link", name="Leave a note").click()
    page.get_by_role("button", name="Point at something else").click()
    page.get_by_text(words, exact=True).click()
    expect(page.locator("[data-engage-picked]")).to_have_text(named)


def test_note__opened_for_a_table__is_about_the_title_above_it(page: Page, fake_shop: FakeShop) -> None:
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, HELP)
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(
        200, NOTE_FORM.format(anchor="size-table", decision="")
    )
    page.goto(fake_shop.page(SIZES))
    press(page, "#engage-help")
    page.get_by_role("link", name="Leave a note").click()
    expect(page.locator("[data-engage-picked]")).to_have_text("Sizes")


def test_note__place_pointed_at__by_mouse_and_by_keyboard_and_escape_leaves_it(page: Page, fake_shop: FakeShop) -> None:
    open_help(fake_shop, page, NOTE_FORM.format(anchor="", decision=""))
    picked = page.locator("[data-engage-picked]")
    pick = page.get_by_role("button", name="Point at something else")
    pick.click()
    page.get_by_text("Tomorrow before noon").hover()
    expect(page.locator(".engage-mark")).to_be_visible()
    page.get_by_text("Tomorrow before noon").click()
    expect(picked).to_have_text("Express")
    assert page.locator("[name=anchor_path]").input_value().startswith("div")
    assert len(page.locator("[name=anchor_path]").input_value()) <= 200

    pick.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(picked).to_have_text("Express")
    expect(page.locator(".engage-mark")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_visible()

    pick.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(picked).to_have_text("Shipping method")
    expect(pick).to_be_focused()


def test_note__pointing_at_a_submit_button__does_not_press_it(page: Page, fake_shop: FakeShop) -> None:
    open_help(fake_shop, page, NOTE_FORM.format(anchor="", decision=""))
    page.get_by_role("button", name="Point at something else").click()
    page.get_by_role("button", name="Select option").first.click()
    page.wait_for_timeout(300)

    assert page.locator("[name=anchor]").input_value() == "shipping-method"
    assert [seen for seen in fake_shop.seen if seen.method == "POST" and "checkout" in seen.path] == []


AXE_OPTIONS: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("html", [OFFER, INVITATION], ids=["balloon", "card"])
def test_axe__offer__no_violation(page: Page, fake_shop: FakeShop, html: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    offering(fake_shop, html)
    page.goto(fake_shop.page(LONG, kind="checkout"))
    expect(page.locator("[data-engage-widget]")).to_be_visible()
    page.wait_for_timeout(500)

    assert violations(page) == []


@pytest.mark.parametrize("fragment", [HELP, NOTE_FORM.format(anchor="", decision="")], ids=["help", "note"])
def test_axe__panel__no_violation(page: Page, fake_shop: FakeShop, fragment: str) -> None:
    open_help(fake_shop, page, fragment)
    page.wait_for_timeout(500)

    assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What axe finds in our own elements, as ``rule: element`` (the shop's own are not ours to judge)."""
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    ours = re.compile("engage")
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"] if ours.search(node["html"])]


SURVEY = """<div class="engage-balloon" data-engage-widget="survey" data-engage-decision="d-9" data-engage-anchor="{anchor}"
 popover="manual" role="dialog" aria-modal="false" aria-labelledby="q"><p class="engage-title" id="q">What stopped you?</p>
<form class="engage-survey" method="get" action="/engage/survey/d-9/" data-engage-survey data-engage-failed="No.">
<div class="engage-answers"><button class="engage-button-quiet" name="choice" value="price">Too expensive</button></div>
<details class="engage-other"><summary>Something else</summary><div class="engage-field"><textarea data-engage-text
 aria-label="Own words" rows="2"></textarea></div><button class="engage-button" name="choice"
 value="other">Send</button></details>
<p class="engage-wrong" role="alert" data-engage-wrong hidden></p></form>
<button type="button" class="engage-close" data-engage-do="dismiss" aria-label="No answer"></button></div>"""


def test_survey__about_a_place__stands_beside_it_and_stays_while_it_grows(page: Page, fake_shop: FakeShop) -> None:
    offering(fake_shop, SURVEY.format(anchor="shipping-method"))
    page.goto(fake_shop.page(HEADER + LONG, kind="checkout"))
    survey = page.locator("[data-engage-widget=survey]")
    expect(survey).to_be_visible()
    page.wait_for_timeout(400)
    assert is_apart(box(page, "[data-engage-widget=survey]"), box(page, ".basket-items"))
    assert survey.get_attribute("data-engage-side") in {"top", "bottom", "left", "right"}
    assert survey.get_attribute("data-engage-edge") is None
    expect(survey.locator("[data-engage-wrong]")).to_be_hidden()

    survey.locator("summary").click()
    page.wait_for_timeout(400)

    expect(survey.get_by_label("Own words")).to_be_visible()
    grown = box(page, "[data-engage-widget=survey]")
    assert grown["y"] >= 0
    assert grown["y"] + grown["height"] <= 900


def test_survey__place_is_not_on_the_page__is_not_asked(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    offering(fake_shop, SURVEY.format(anchor="no-such-place"))
    page.goto(fake_shop.page(LONG, kind="checkout"))
    wait_for(fake_shop.beats)
    page.wait_for_timeout(3500)

    assert page.locator("[data-engage-widget=survey]").count() == 0
    assert fake_shop.signals("widget.seen") == []


def test_survey__on_a_phone__is_a_sheet_off_its_place(page: Page, fake_shop: FakeShop) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    offering(fake_shop, SURVEY.format(anchor="shipping-method"))
    page.goto(fake_shop.page(HEADER + LONG, kind="checkout"))
    expect(page.locator("[data-engage-widget=survey]:not([data-engage-away])")).to_be_visible()
    page.wait_for_timeout(400)

    sheet = box(page, "[data-engage-widget=survey]")
    assert sheet["width"] == 390
    assert is_apart(sheet, box(page, ".basket-items"))


def test_survey__while_the_form_of_a_note_stands_open__waits(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, HELP)
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, NOTE_FORM.format(anchor="", decision=""))
    fake_shop.beat(lambda beat, number: Answer(200, SURVEY.format(anchor="shipping-method"), {"Engage-Next": "1"}))
    page.goto(fake_shop.page(LONG, kind="checkout"))
    page.wait_for_timeout(400)
    page.locator("#engage-help").click()
    page.get_by_role("link", name="Leave a note").click()
    words = page.get_by_label("Your question")
    words.press_sequentially("Does it fit into a rucksack?", delay=60)
    page.wait_for_timeout(3000)

    assert page.locator("[data-engage-widget=survey]").count() == 0
    expect(words).to_be_focused()
    expect(words).to_have_value("Does it fit into a rucksack?")
