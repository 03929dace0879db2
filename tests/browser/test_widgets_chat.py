"""How does an open conversation go on in the page?"""

from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.fake_shop import CHAT, MESSAGE, SHIPPING, Answer, FakeShop, Seen, field_of

Wait = Callable[..., None]
EVENTS = "/engage/chat/abc/events/"
POST = "/engage/chat/abc/messages/"
DETAIL = "/engage/chat/abc/"


def said(*messages: tuple[int, str, str]) -> str:
    """The list items of ``(seq, role, body)``."""
    return "".join(MESSAGE.format(seq=seq, role=role, body=body) for seq, role, body in messages)


FIRST = said((1, "shopper", "Hello"), (2, "agent", "Hello, Mia here"))


def open_chat(page: Page, fake_shop: FakeShop, *, status: str = "open") -> None:
    """Open a page whose first beat brings a running chat."""
    waiting = f'<div data-engage-widget="chat" data-engage-open="{DETAIL}?fragment=1"></div>'
    fake_shop.beat(lambda beat, number: Answer(200 if not number else 204, "" if number else waiting))
    fake_shop.answers[DETAIL] = lambda seen, number: Answer(200, CHAT.format(messages=FIRST, status=status))
    fake_shop.answers.setdefault(
        EVENTS, lambda seen, number: Answer(204, headers={"Engage-Status": status, "Engage-Next": "1"})
    )
    page.goto(fake_shop.page('<input id="mine" aria-label="Mine">' + SHIPPING.format(rest="")))
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()


def texts(page: Page) -> list[str]:
    """What stands in the log, in order."""
    return page.locator(".engage-message .engage-text").all_text_contents()


def test_running_chat__next_page__is_there_without_taking_the_focus(page: Page, fake_shop: FakeShop) -> None:
    open_chat(page, fake_shop)

    assert texts(page) == ["Hello", "Hello, Mia here"]
    assert page.evaluate("document.activeElement === document.body")
    expect(page.get_by_role("list", name="Messages")).to_have_attribute("aria-live", "polite")


@pytest.mark.attack("N06")
def test_poll__new_messages_in_odd_order_and_twice__each_once_and_in_order(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    news = [
        said((4, "agent", "four"), (3, "agent", "three")),
        said((3, "agent", "three"), (4, "agent", "four"), (5, "agent", "five")),
    ]

    def events(seen: Seen, number: int) -> Answer:
        headers = {"Engage-Status": "open", "Engage-Next": "1"}
        return Answer(200, news[number], headers) if number < 2 else Answer(204, headers=headers)

    fake_shop.answers[EVENTS] = events
    open_chat(page, fake_shop)
    wait_for(lambda: len(fake_shop.asked(EVENTS)) >= 3)

    assert texts(page) == ["Hello", "Hello, Mia here", "three", "four", "five"]
    assert [seen.query["after"] for seen in fake_shop.asked(EVENTS)][:3] == [["2"], ["4"], ["5"]]


@pytest.mark.attack("A05")
def test_poll__hostile_message__shown_as_far_as_it_is_harmless(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    bad = said((3, "agent", "<img src=/x.gif onerror='window.ran=1'><script>window.ran=1</script>hi"))
    fake_shop.answers[EVENTS] = lambda seen, number: Answer(200, bad, {"Engage-Status": "open"})
    open_chat(page, fake_shop)
    wait_for(lambda: len(texts(page)) == 3)

    assert page.evaluate("window.ran") is None
    assert texts(page)[2] == "hi"


def test_send__enter__posts_once_and_shows_what_the_server_says(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    fake_shop.answers[POST] = lambda seen, number: Answer(
        200, CHAT.format(messages=FIRST + said((3, "shopper", "It is [card]")), status="open")
    )
    open_chat(page, fake_shop)
    box = page.get_by_label("Your message")
    box.fill("It is 4111")
    box.press("Shift+Enter")
    assert fake_shop.asked(POST) == []
    box.press("Enter")
    wait_for(lambda: len(texts(page)) == 3)

    (sent,) = fake_shop.asked(POST)
    assert texts(page)[2] == "It is [card]"
    assert field_of(sent.body, "csrfmiddlewaretoken") == "token"
    assert len(field_of(sent.body, "client_id")) == 36
    assert box.input_value() == ""
    assert page.locator(".engage-panel").count() == 1
    box.fill("More")
    box.press("Enter")
    wait_for(lambda: len(fake_shop.asked(POST)) == 2)
    assert field_of(fake_shop.asked(POST)[1].body, "client_id") != field_of(sent.body, "client_id")


def test_send__server_takes_it_not__text_is_back_in_the_box_with_the_reason(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    refusal = '<section class="engage-panel"><ul class="errorlist"><li>Wait a minute</li></ul></section>'
    fake_shop.answers[POST] = lambda seen, number: Answer(200, said((3, "shopper", "Hey"))) if number else Answer(429, refusal)
    open_chat(page, fake_shop)
    box = page.get_by_label("Your message")
    box.fill("Hey")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Wait a minute")
    assert box.input_value() == "Hey"
    page.get_by_role("button", name="Send").click()
    wait_for(lambda: len(texts(page)) == 3)

    assert [field_of(seen.body, "body") for seen in fake_shop.asked(POST)] == ["Hey", "Hey"]
    expect(page.get_by_role("alert")).to_have_count(0)
    assert box.input_value() == ""


def test_minimise__kept_on_the_next_page_and_news_are_counted(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    open_chat(page, fake_shop)
    page.locator("[data-engage-do=minimise]").click()
    expect(page.get_by_role("list", name="Messages")).to_be_hidden()
    fake_shop.seen.clear()
    fake_shop.answers[EVENTS] = lambda seen, number: Answer(200, said((3, "agent", "Still there?")), {"Engage-Status": "open"})
    page.goto("about:blank")
    page.wait_for_timeout(200)
    fake_shop.seen.clear()
    open_chat(page, fake_shop)
    wait_for(lambda: page.locator(".engage-panel").get_attribute("data-engage-unread") == "1")

    expect(page.get_by_role("list", name="Messages")).to_be_hidden()
    page.locator("[data-engage-do=minimise]").click()
    expect(page.get_by_role("list", name="Messages")).to_be_visible()
    assert page.locator(".engage-panel").get_attribute("data-engage-unread") is None
    assert page.evaluate("sessionStorage.getItem('engage-chat-min')") is None


def test_close__running_chat__is_made_small_not_lost(page: Page, fake_shop: FakeShop) -> None:
    open_chat(page, fake_shop)
    page.get_by_role("button", name="Close").click()

    expect(page.get_by_role("list", name="Messages")).to_be_hidden()
    expect(page.locator("[data-engage-do=minimise]")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('engage-chat-min')") == "1"


def test_status__another_agent_has_the_chat_now__the_words_follow(page: Page, fake_shop: FakeShop) -> None:
    def events(seen: object, number: int) -> Answer:
        fake_shop.answers[DETAIL] = lambda seen, number: Answer(200, CHAT.format(messages=FIRST, status="with Ben"))
        headers = {"Engage-Status": "open", "Engage-Next": "1"}
        return Answer(200, said((3, "system", "Ben is here for you now.")), headers=headers)

    open_chat(page, fake_shop)
    expect(page.locator(".engage-status")).to_have_text("Chat is open.")
    fake_shop.answers[EVENTS] = events
    expect(page.locator(".engage-messages")).to_contain_text("Ben is here for you now.")
    expect(page.locator(".engage-status")).to_have_text("Chat is with Ben.")


def test_status__agent_joins_then_closes__words_follow_and_polling_ends(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    steps = ["waiting", "open", "closed"]

    def events(seen: Seen, number: int) -> Answer:
        status = steps[min(number, 2)]
        fake_shop.answers[DETAIL] = lambda seen, number: Answer(200, CHAT.format(messages=FIRST, status=status))
        return Answer(204, headers={"Engage-Status": status, "Engage-Next": "1"})

    fake_shop.answers[EVENTS] = events
    open_chat(page, fake_shop, status="waiting")
    expect(page.locator(".engage-status")).to_have_text("Chat is open.")
    expect(page.locator(".engage-status")).to_have_text("Chat is closed.")
    expect(page.get_by_label("Your message")).to_be_hidden()
    page.wait_for_timeout(2500)

    assert len(fake_shop.asked(EVENTS)) == 3


def test_hidden_tab__no_poll_until_it_is_looked_at(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    open_chat(page, fake_shop)
    wait_for(lambda: fake_shop.asked(EVENTS))
    turn = """(hidden) => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
        document.dispatchEvent(new Event('visibilitychange')); }"""
    page.evaluate(turn, True)
    page.wait_for_timeout(300)
    before = len(fake_shop.asked(EVENTS))
    page.wait_for_timeout(2500)
    assert len(fake_shop.asked(EVENTS)) == before
    page.evaluate(turn, False)

    wait_for(lambda: len(fake_shop.asked(EVENTS)) > before)


@pytest.mark.attack("H10")
def test_poll__nothing_said__slows_down_and_keeps_to_the_servers_pace(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    open_chat(page, fake_shop)
    page.wait_for_timeout(7000)
    asked = [seen.at for seen in fake_shop.asked(EVENTS)]
    pauses = [later - sooner for sooner, later in pairwise(asked)]

    assert len(pauses) >= 1
    assert min(pauses) >= 1
    assert pauses == sorted(pauses)


def test_chat__missing_script__form_works_through_htmx(page: Page, fake_shop: FakeShop, wait_for: Wait) -> None:
    page.route("**/chat.js", lambda route: route.abort())
    fake_shop.answers[POST] = lambda seen, number: Answer(
        200, CHAT.format(messages=FIRST + said((3, "shopper", "Hey")), status="open")
    )
    open_chat(page, fake_shop)
    page.wait_for_timeout(500)
    page.get_by_label("Your message").fill("Hey")
    page.get_by_role("button", name="Send").click()

    wait_for(lambda: len(texts(page)) == 3)


def test_phone__running_chat_on_a_new_page__starts_small(page: Page, fake_shop: FakeShop) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chat(page, fake_shop)
    page.wait_for_timeout(500)

    found = page.locator("#engage-root .engage-panel").bounding_box()
    assert found is not None
    assert found["height"] < 70


def test_composer__long_conversation__stays_in_view(page: Page, fake_shop: FakeShop) -> None:
    many = said(*[(number, "agent", f"Message {number}") for number in range(3, 40)])
    fake_shop.answers[EVENTS] = lambda seen, number: Answer(200, many, {"Engage-Status": "open"})
    open_chat(page, fake_shop)
    expect(page.get_by_text("Message 39")).to_be_in_viewport()

    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)


def test_axe__chat__no_violation(page: Page, fake_shop: FakeShop) -> None:
    open_chat(page, fake_shop)
    page.wait_for_timeout(600)

    found = Axe().run(page, context="#engage-root", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [(rule["id"], node["html"]) for rule in found.response["violations"] for node in rule["nodes"]] == []


def test_typing__of_both_sides__travels_with_the_poll_and_says_no_word_of_it(
    page: Page, fake_shop: FakeShop, wait_for: Wait
) -> None:
    is_typing = [True]

    def events(seen: Seen, number: int) -> Answer:
        typing = {"Engage-Typing": "Zo%C3%AB"} if is_typing[0] else {}
        return Answer(204, headers={"Engage-Status": "open", "Engage-Next": "1", **typing})

    fake_shop.answers[EVENTS] = events
    open_chat(page, fake_shop)
    expect(page.locator("#engage-root .engage-typing")).to_have_text("Zoë …")
    is_typing[0] = False
    expect(page.locator("#engage-root .engage-typing")).to_have_text("")

    assert not [seen for seen in fake_shop.asked(EVENTS) if "writing" in seen.query]
    page.locator("#engage-root textarea").press_sequentially("secret words", delay=20)
    wait_for(lambda: [seen for seen in fake_shop.asked(EVENTS) if seen.query.get("writing") == ["1"]])
    told = [seen for seen in fake_shop.asked(EVENTS) if "writing" in seen.query]
    assert len(told) <= 2
    assert not [seen for seen in told if "secret" in f"{seen.query}{seen.body}"]
