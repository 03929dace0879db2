"""Does no word get lost that a shopper writes: without a network, over pages and reloads, in two tabs, after a login?"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_shop import CHAT, MESSAGE, Answer, FakeShop, Seen, field_of

Wait = Callable[..., None]
EVENTS, POST, DETAIL = "/engage/chat/abc/events/", "/engage/chat/abc/messages/", "/engage/chat/abc/"
WAITING = f'<div data-engage-widget="chat" data-engage-open="{DETAIL}?fragment=1"></div>'


@dataclass
class Talk:
    """A conversation as our server keeps it: numbered, each client id once. ``fails`` decides which requests get no answer."""

    said: list[tuple[str, str, str]] = field(
        default_factory=lambda: [("first", "shopper", "Hello"), ("hi", "agent", "Mia here")]
    )
    status: str = "open"
    token: str = "token"
    fails: Callable[[Seen, int], bool] = lambda seen, number: False

    def html(self, after: int = 0) -> str:
        items = list(enumerate(self.said, start=1))[after:]
        return "".join(MESSAGE.format(seq=seq, role=role, body=body) for seq, (_id, role, body) in items)

    def add(self, client_id: str, role: str, body: str) -> None:
        if client_id not in [known for known, _role, _body in self.said]:
            self.said.append((client_id, role, body))

    def detail(self, seen: Seen, number: int) -> Answer:
        return Answer(200, self._panel())

    def events(self, seen: Seen, number: int) -> Answer:
        if self.fails(seen, number):
            return Answer(503)
        headers = {"Engage-Status": self.status, "Engage-Next": "1"}
        news = self.html(int(seen.query.get("after", ["0"])[0]))
        return Answer(200 if news else 204, news, headers)

    def post(self, seen: Seen, number: int) -> Answer:
        if field_of(seen.body, "csrfmiddlewaretoken") != self.token:
            return Answer(403, "<html><body>CSRF</body></html>")
        self.add(field_of(seen.body, "client_id"), "shopper", field_of(seen.body, "body"))
        # What fails after it was done is the worst: the browser cannot know.
        return Answer(503) if self.fails(seen, number) else Answer(200, self._panel())

    def _panel(self) -> str:
        return CHAT.format(messages=self.html(), status=self.status).replace('value="token"', f'value="{self.token}"')


@pytest.fixture
def talk(fake_shop: FakeShop) -> Talk:
    talk = Talk()
    fake_shop.answers.update({DETAIL: talk.detail, EVENTS: talk.events, POST: talk.post})
    fake_shop.beat(lambda beat, number: Answer(200, WAITING))
    for path in ("/", "/next/"):
        fake_shop.page("<h1>Shop</h1><p>Goods.</p>", path=path)
    return talk


def open_at(page: Page, fake_shop: FakeShop, path: str = "/") -> Locator:
    """Open a page of the shop with the chat in it and return the box."""
    page.goto(fake_shop.url + path)
    expect(page.locator("#engage-root .engage-panel")).to_be_visible()
    return page.get_by_label("Your message")


def texts(page: Page) -> list[str]:
    return page.locator(".engage-message .engage-text").all_text_contents()


def kept_of(page: Page) -> list[str]:
    """What of a chat is in the browser's storages."""
    keys = page.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage))")
    return [key for key in keys if key.startswith("engage-chat")]


def write(box: Locator, text: str) -> None:
    box.fill(text)
    box.press("Enter")


def test_draft__next_page_and_reload__is_still_being_typed_and_was_never_sent(
    page: Page, fake_shop: FakeShop, talk: Talk
) -> None:
    open_at(page, fake_shop).fill("Does it come in gr")
    expect(open_at(page, fake_shop, "/next/")).to_have_value("Does it come in gr")
    page.reload()
    box = page.get_by_label("Your message")

    expect(box).to_have_value("Does it come in gr")
    assert fake_shop.asked(POST) == []
    write(box, "Does it come in green?")
    expect(page.locator(".engage-message")).to_have_count(3)
    assert open_at(page, fake_shop).input_value() == ""
    assert kept_of(page) == []


def test_offline__messages_are_kept_shown_as_not_sent_and_go_out_once_in_order(
    page: Page, fake_shop: FakeShop, talk: Talk, wait_for: Wait
) -> None:
    box = open_at(page, fake_shop)
    page.context.set_offline(True)
    for text in ("one", "two", "three"):
        write(box, text)
        expect(page.locator(".engage-pending").last).to_contain_text(text)
        expect(box).to_have_value("")

    assert page.locator(".engage-pending").all_text_contents() == [f"{text} not sent yet" for text in ("one", "two", "three")]
    expect(page.get_by_role("alert")).to_contain_text("Not sent")
    page.context.set_offline(False)
    wait_for(lambda: len(texts(page)) == 5)

    assert texts(page) == ["Hello", "Mia here", "one", "two", "three"]
    assert [body for _id, _role, body in talk.said[2:]] == ["one", "two", "three"]
    expect(page.locator(".engage-pending")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_offline__page_is_left__what_was_not_sent_goes_out_from_the_next_one(
    page: Page, fake_shop: FakeShop, talk: Talk, wait_for: Wait
) -> None:
    box = open_at(page, fake_shop)
    page.context.set_offline(True)
    write(box, "Do not forget me")
    expect(page.locator(".engage-pending")).to_have_count(1)
    page.context.set_offline(False)
    open_at(page, fake_shop, "/next/")
    wait_for(lambda: len(texts(page)) == 3)

    assert texts(page)[2] == "Do not forget me"
    assert len(talk.said) == 3


def test_reload__while_it_is_on_its_way__no_double(page: Page, fake_shop: FakeShop, talk: Talk, wait_for: Wait) -> None:
    box = open_at(page, fake_shop)
    page.route(f"**{POST}", lambda route: (talk.post(_seen_of(route.request.post_data or ""), 0), route.abort())[1])
    write(box, "Only once")
    wait_for(lambda: len(talk.said) == 3)
    page.unroute(f"**{POST}")
    page.reload()
    wait_for(lambda: len(texts(page)) == 3 and fake_shop.asked(POST))
    page.wait_for_timeout(1500)

    assert texts(page) == ["Hello", "Mia here", "Only once"]
    assert len(talk.said) == 3
    expect(page.locator(".engage-pending")).to_have_count(0)


def _seen_of(body: str) -> Seen:
    return Seen("POST", POST, {}, {}, body, 0.0)


@pytest.mark.attack("N06")
def test_network__drops_every_third_answer__all_is_there_once_and_in_order(
    page: Page, fake_shop: FakeShop, talk: Talk, wait_for: Wait
) -> None:
    talk.fails = lambda seen, number: number % 3 == 0
    box = open_at(page, fake_shop)
    for number in range(6):
        write(box, f"shopper {number}")
        talk.add(f"agent-{number}", "agent", f"agent {number}")
        expect(box).to_have_value("")
    wait_for(lambda: len(texts(page)) == len(talk.said) == 14, 120)

    assert texts(page) == [body for _id, _role, body in talk.said]
    mine = [body for _id, role, body in talk.said if role == "shopper"]
    assert mine == ["Hello", *[f"shopper {number}" for number in range(6)]]


def test_two_tabs__one_writes__other_shows_it_once_and_in_order(
    page: Page, fake_shop: FakeShop, talk: Talk, wait_for: Wait
) -> None:
    box = open_at(page, fake_shop)
    other = page.context.new_page()
    other_box = open_at(other, fake_shop, "/next/")
    write(box, "from the first")
    expect(other.locator(".engage-message")).to_have_count(3)
    write(other_box, "from the second")
    talk.add("a", "agent", "to both")
    for tab in (page, other):
        expect(tab.locator(".engage-message")).to_have_count(5)

    assert texts(page) == texts(other) == [body for _id, _role, body in talk.said]
    # a message that is long under way may be sent again, by its own id: the shop keeps it once
    assert len({field_of(seen.body, "client_id") for seen in fake_shop.asked(POST)}) == 2


def test_two_tabs__written_without_a_network__goes_out_once(
    page: Page, fake_shop: FakeShop, talk: Talk, wait_for: Wait
) -> None:
    box = open_at(page, fake_shop)
    other = page.context.new_page()
    open_at(other, fake_shop, "/next/")
    page.context.set_offline(True)
    write(box, "kept")
    expect(page.locator(".engage-pending")).to_have_count(1)
    expect(other.locator(".engage-pending")).to_have_count(1)
    page.context.set_offline(False)
    for tab in (page, other):
        expect(tab.locator(".engage-message")).to_have_count(3)
        expect(tab.locator(".engage-pending")).to_have_count(0)

    assert len(fake_shop.asked(POST)) == 1


def test_login__in_another_tab_turned_the_forms_token__message_is_sent_all_the_same(
    page: Page, fake_shop: FakeShop, talk: Talk, wait_for: Wait
) -> None:
    box = open_at(page, fake_shop)
    talk.token = "turned"
    write(box, "Still me")
    wait_for(lambda: len(texts(page)) == 3)

    assert [field_of(seen.body, "csrfmiddlewaretoken") for seen in fake_shop.asked(POST)] == ["token", "turned"]
    assert len({field_of(seen.body, "client_id") for seen in fake_shop.asked(POST)}) == 1


def test_closed__by_the_agent__nothing_is_left_in_the_browser(page: Page, fake_shop: FakeShop, talk: Talk) -> None:
    open_at(page, fake_shop).fill("I was just typ")
    talk.status = "closed"
    expect(page.get_by_label("Your message")).to_be_hidden()

    assert kept_of(page) == []


def test_message_instead__chosen_in_another_tab__this_one_shows_it(page: Page, fake_shop: FakeShop, talk: Talk) -> None:
    talk.status = "waiting"
    open_at(page, fake_shop)
    fake_shop.answers[DETAIL] = lambda seen, number: Answer(
        200, '<section class="engage-panel" data-engage-receipt><p>Thank you, we have your note.</p></section>'
    )
    talk.status = "note"

    expect(page.locator("#engage-root .engage-panel")).to_contain_text("we have your note")
    expect(page.get_by_role("button", name="Close")).to_be_visible()


def test_waiting__expected_wait_changes__is_said_anew_and_goes_when_somebody_comes(
    page: Page, fake_shop: FakeShop, talk: Talk
) -> None:
    place = '<p class="engage-expected" data-engage-shown="{0}">{1}</p>'
    waiting = f'<div class="engage-waiting">{place.format("2.5", "You are number 2.")}</div>'
    panel = CHAT.format(messages=talk.html(), status="waiting").replace("<ol", f"{waiting}<ol")
    fake_shop.answers[DETAIL] = lambda seen, number: Answer(200, panel)
    fake_shop.answers[EVENTS] = lambda seen, number: Answer(
        200, place.format("1.3", "You are next."), {"Engage-Status": "waiting", "Engage-Next": "1"}
    )
    open_at(page, fake_shop)
    expect(page.locator(".engage-expected")).to_have_text("You are next.")
    assert [seen.query["shown"] for seen in fake_shop.asked(EVENTS)][:1] == [["2.5"]]

    fake_shop.answers[DETAIL] = talk.detail
    fake_shop.answers[EVENTS] = talk.events
    expect(page.locator(".engage-waiting")).to_have_count(0)
    expect(page.locator(".engage-status")).to_have_text("Chat is open.")
