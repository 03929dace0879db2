"""Is an open chat woken by one stream for all tabs, and does it go on without?"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive.shopper import SOON
from tests.browser.fake_shop import CHAT, MESSAGE, SHIPPING, Answer, FakeShop
from tests.browser.push_shop import URL, FakePush, serve_with_push

SCRIPT = "/static/oscar_engage/dist/push.js"
PUSHED = 20_000
"""Milliseconds: below the 45 seconds, 30 at the desk, after which who is woken by push asks all the same."""
ATTRIBUTES = f' data-engage-push="{URL}" data-engage-push-id="{{id}}" data-engage-push-script="{SCRIPT}"'
HIDE = """(hidden) => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event('visibilitychange')); }"""


@dataclass
class Shop:
    """A shop in which everybody has one open chat, ``abc``, woken by push."""

    fake: FakeShop
    push: FakePush
    said: int = 1

    def messages(self, after: int = 0) -> str:
        numbers = range(after + 1, self.said + 1)
        return "".join(MESSAGE.format(seq=seq, role="agent", body=f"words {seq}") for seq in numbers)

    def polls(self, chat: str = "abc") -> int:
        return len(self.fake.asked(f"/engage/chat/{chat}/events/"))

    def say(self, *, is_pushed: bool = True) -> None:
        self.said += 1
        self.push.seqs["abc"] = self.said
        if is_pushed:
            self.push.wake("abc", self.said)


@pytest.fixture
def shop() -> Iterator[Shop]:
    fake, push = FakeShop(), FakePush(seqs={"abc": 1})
    server = serve_with_push(fake, push)
    found = Shop(fake, push)
    for chat in ("abc", "other"):
        add_chat(found, chat)
    yield found
    push.die()
    server.shutdown()
    server.server_close()


def add_chat(shop: Shop, chat: str) -> None:
    detail = f"/engage/chat/{chat}/"
    attributes = f'data-engage-status="open"{ATTRIBUTES.format(id=chat)}'

    def show(seen: object, number: int) -> Answer:
        html = CHAT.format(messages=shop.messages(), status="open").replace("/engage/chat/abc/", detail)
        return Answer(200, html.replace('data-engage-status="open"', attributes, 1))

    def events(seen: object, number: int) -> Answer:
        after = int(seen.query["after"][0])  # type: ignore[attr-defined]
        headers = {"Engage-Status": "open", "Engage-Next": "1"}
        if chat == "abc" and shop.said > after:
            return Answer(200, shop.messages(after), headers)
        return Answer(204, headers=headers)

    shop.fake.answers[detail] = show
    shop.fake.answers[f"{detail}events/"] = events
    shop.fake.answers["/engage/beat/"] = lambda seen, number: Answer(200, waiting(seen))


def waiting(seen: object) -> str:
    chat = "other" if "/other-page/" in seen.body else "abc"  # type: ignore[attr-defined]
    return f'<div data-engage-widget="chat" data-engage-open="/engage/chat/{chat}/?fragment=1"></div>'


def open_tab(context: BrowserContext, shop: Shop, path: str = "/") -> Page:
    page = context.new_page()
    page.goto(shop.fake.page(SHIPPING.format(rest=""), path=path))
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()
    return page


def wait(page: Page, condition: Callable[[], object], seconds: float = SOON / 1000) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        page.wait_for_timeout(30)


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


def test_push__message__is_there_at_once_and_nobody_asks_by_the_clock(context: BrowserContext, shop: Shop) -> None:
    page = open_tab(context, shop)
    wait(page, lambda: shop.push.streams)
    page.wait_for_timeout(1500)
    before = shop.polls()
    page.wait_for_timeout(4000)
    assert shop.polls() == before
    shop.say()
    expect(page.get_by_text("words 2")).to_be_visible(timeout=PUSHED)
    assert shop.polls() == before + 1


def test_push__seven_tabs__one_stream_and_all_are_woken(context: BrowserContext, shop: Shop) -> None:
    pages = [open_tab(context, shop) for _number in range(7)]
    wait(pages[0], lambda: shop.push.streams)
    pages[0].wait_for_timeout(1000)
    assert len(shop.push.streams) == 1
    shop.say()
    for page in pages:
        expect(page.get_by_text("words 2")).to_be_visible()
    eighth = open_tab(context, shop)
    expect(eighth.get_by_text("words 2")).to_be_visible()
    assert len(shop.push.streams) == 1


def test_push__leader_closes__another_tab_takes_over_and_misses_nothing(context: BrowserContext, shop: Shop) -> None:
    first, second, third = (open_tab(context, shop) for _number in range(3))
    wait(first, lambda: shop.push.streams)
    first.wait_for_timeout(500)
    first.close()
    shop.say(is_pushed=False)  # nobody listened just then
    expect(second.get_by_text("words 2")).to_be_visible()
    expect(third.get_by_text("words 2")).to_be_visible()
    wait(second, lambda: len(shop.push.streams) == 1)
    assert shop.push.opened == 2
    shop.say()
    expect(third.get_by_text("words 3")).to_be_visible(timeout=PUSHED)


def test_push__tab_is_hidden__its_stream_ends_and_comes_back_with_it(context: BrowserContext, shop: Shop) -> None:
    page = open_tab(context, shop)
    wait(page, lambda: shop.push.streams)
    page.evaluate(HIDE, True)
    wait(page, lambda: not shop.push.streams)
    shop.say()
    page.wait_for_timeout(500)
    page.evaluate(HIDE, False)
    expect(page.get_by_text("words 2")).to_be_visible(timeout=PUSHED)
    wait(page, lambda: shop.push.streams)


def test_push__two_chats_in_two_tabs__one_stream_for_both(context: BrowserContext, shop: Shop) -> None:
    page = open_tab(context, shop)
    other = open_tab(context, shop, "/other-page/")
    wait(page, lambda: [set(stream.topics) for stream in shop.push.streams] == [{"abc", "other"}])
    page.wait_for_timeout(500)
    before = shop.polls("other")
    shop.say()
    expect(page.get_by_text("words 2")).to_be_visible(timeout=PUSHED)
    assert shop.polls("other") == before
    shop.push.wake("other", 99)
    wait(other, lambda: shop.polls("other") == before + 1)


def test_push__process_dies__back_to_asking_within_one_period(context: BrowserContext, shop: Shop) -> None:
    page = open_tab(context, shop)
    follower = open_tab(context, shop)
    wait(page, lambda: shop.push.streams)
    page.wait_for_timeout(1000)
    shop.push.die()
    before = shop.polls()
    shop.say(is_pushed=False)
    for tab in (page, follower):
        expect(tab.get_by_text("words 2")).to_be_visible()
    wait(page, lambda: shop.polls() >= before + 4)


def test_push__refused_from_the_start__asks_as_ever(context: BrowserContext, shop: Shop) -> None:
    shop.push.status = 503
    page = open_tab(context, shop)
    shop.say(is_pushed=False)
    expect(page.get_by_text("words 2")).to_be_visible()
    wait(page, lambda: shop.polls() >= 3)


@pytest.mark.parametrize("missing", ["navigator.locks", "window.EventSource", "window.BroadcastChannel"])
def test_push__browser_without_it__asks_as_ever(context: BrowserContext, shop: Shop, missing: str) -> None:
    owner, name = missing.split(".")
    context.add_init_script(f"Object.defineProperty({owner}, '{name}', {{ value: undefined, configurable: true }})")
    page = open_tab(context, shop)
    shop.say(is_pushed=False)
    expect(page.get_by_text("words 2")).to_be_visible()
    wait(page, lambda: shop.polls() >= 3)
    assert shop.push.opened == 0


def test_push__script_is_blocked__asks_as_ever(context: BrowserContext, shop: Shop) -> None:
    context.route("**/push.js", lambda route: route.abort())
    page = open_tab(context, shop)
    shop.say(is_pushed=False)
    expect(page.get_by_text("words 2")).to_be_visible()
    wait(page, lambda: shop.polls() >= 3)


def test_push__proxy_holds_the_stream_back__asks_as_ever(context: BrowserContext, shop: Shop) -> None:
    shop.push.is_mute = True
    page = open_tab(context, shop)
    wait(page, lambda: shop.push.streams)
    shop.say(is_pushed=False)
    expect(page.get_by_text("words 2")).to_be_visible()
    wait(page, lambda: shop.polls() >= 3)


def test_push__stream_falls_silent__asks_again_after_a_while(context: BrowserContext, shop: Shop) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(shop.fake.page(SHIPPING.format(rest="")))
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()
    wait(page, lambda: shop.push.streams)
    page.wait_for_timeout(1000)
    shop.push.is_mute = True
    shop.say(is_pushed=False)
    before = shop.polls()
    page.wait_for_timeout(3000)
    assert shop.polls() == before
    page.clock.fast_forward(44_000)  # not long enough for either the stream's silence or the clock's own question
    page.wait_for_timeout(500)
    page.clock.fast_forward(10_000)
    wait(page, lambda: shop.polls() >= before + 3)


DESK = """<main><div id="engage-queue" data-engage-woken hx-get="/desk/queue/" hx-trigger="every 1s, engage:wake"
 hx-swap="none"></div><div id="engage-poll" data-engage-woken="abc" hx-get="/desk/poll/"
 hx-trigger="every 1s, engage:wake" hx-swap="none"></div><span hx-get="/desk/presence/" hx-trigger="every 1s"
 hx-swap="none"></span></main><script src="/static/django_htmx/htmx-2.min.js" defer></script>
<script src="/static/oscar_engage/dist/desk_push.js" data-engage-push="{url}" defer></script>"""


def open_desk(context: BrowserContext, shop: Shop) -> Page:
    for path in ("/desk/queue/", "/desk/poll/", "/desk/presence/"):
        shop.fake.answers[path] = lambda seen, number: Answer(204)
    page = context.new_page()
    head = """<meta name="htmx-config" content='{"allowEval": false, "includeIndicatorStyles": false}'>"""
    page.goto(shop.fake.page(head + DESK.format(url=URL), path="/desk/", has_script=False))
    return page


def asked(shop: Shop) -> tuple[int, int]:
    return len(shop.fake.asked("/desk/queue/")), len(shop.fake.asked("/desk/poll/"))


def test_desk__woken__asks_for_what_moved_and_by_the_clock_only_for_its_presence(context: BrowserContext, shop: Shop) -> None:
    page = open_desk(context, shop)
    wait(page, lambda: [stream.topics for stream in shop.push.streams] == [("desk",)])
    page.wait_for_timeout(2500)
    queue, poll = asked(shop)
    presence = len(shop.fake.asked("/desk/presence/"))
    page.wait_for_timeout(3000)
    assert asked(shop) == (queue, poll)
    assert len(shop.fake.asked("/desk/presence/")) >= presence + 2
    shop.push.wake("another", 5)
    wait(page, lambda: asked(shop) == (queue + 1, poll), PUSHED / 1000)
    shop.push.wake("abc", 5)
    wait(page, lambda: asked(shop)[1] == poll + 1, PUSHED / 1000)
    for seq in range(6, 26):
        shop.push.wake("abc", seq)
    page.wait_for_timeout(2500)
    assert queue + 2 <= asked(shop)[0] <= queue + 4


def test_desk__push_dies__by_the_clock_again(context: BrowserContext, shop: Shop) -> None:
    page = open_desk(context, shop)
    wait(page, lambda: shop.push.streams)
    page.wait_for_timeout(1500)
    shop.push.die()
    queue, poll = asked(shop)
    wait(page, lambda: asked(shop) >= (queue + 2, poll + 2))
