"""Do shopper and agent hear and see each other? Two real browsers with made-up cameras, a real relay, and each way to end."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Locator, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.relay import NoRelayError, Relay, relaying
from sandbox.drive.shop import RealShop
from sandbox.drive.staff import answer, go_online, sign_in
from tests.browser.conftest import QUIET
from tests.browser.findings import find_overflow, find_violations
from tests.browser.voices_shop import FAKE_MEDIA, build, has_redis, pushing

PANEL = "#engage-root > .engage-panel:not([hidden])"
BAR = ".engage-voice-bar"
SOON = shopping.SOON
WATCH = """() => {
    window.taken = [];
    const media = navigator.mediaDevices;
    for (const name of ['getUserMedia', 'getDisplayMedia']) {
        const own = media[name].bind(media);
        media[name] = async (wanted) => { const stream = await own(wanted); taken.push(...stream.getTracks()); return stream; };
    }
    window.connections = [];
    const Own = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Own { constructor(...given) { super(...given); connections.push(this); } };
}"""
"""Notes what a page takes and opens, so that a test can see that nothing of it is left running."""
LEFT = """() => [window.taken.filter((one) => one.readyState === 'live').length,
    window.connections.filter((one) => one.connectionState !== 'closed').length]"""
HEARD = """async () => {
    const pair = connections.at(-1);
    const stats = [...(await pair.getStats()).values()];
    const sound = stats.find((one) => one.type === 'inbound-rtp' && one.kind === 'audio');
    return sound ? sound.packetsReceived : 0;
}"""
PATHS = """async () => {
    const stats = await connections.at(-1).getStats();
    const transport = [...stats.values()].find((one) => one.type === 'transport');
    const pair = stats.get(transport.selectedCandidatePairId);
    return [stats.get(pair.localCandidateId).candidateType, stats.get(pair.remoteCandidateId).candidateType];
}"""
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    """A relay, coturn from Debian's package."""
    with ExitStack() as stack:
        try:
            yield stack.enter_context(relaying())
        except NoRelayError:
            pytest.skip("NO RELAY: install coturn (scripts/ensure-coturn); nothing of talks in the browser was tested")


@pytest.fixture(scope="module")
def shop(relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    """A shop where one can talk, and everybody asks by the clock."""
    with running(tmp_path_factory.mktemp("voices"), relay, is_pushed=False) as one:
        yield one


@pytest.fixture(scope="module")
def pushed_shop(relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    """The same with streams."""
    if not has_redis():
        pytest.skip("NO REDIS: nothing of talks with push was tested; start one or name it in ENGAGE_TEST_REDIS")
    with running(tmp_path_factory.mktemp("pushed"), relay, is_pushed=True) as one, pushing(one):
        yield one


class running:  # noqa: N801 - reads as what it is, a block
    """A shop that runs until the block ends."""

    def __init__(self, folder: Path, relay: Relay, *, is_pushed: bool) -> None:
        self._shop = build(folder, relay, is_pushed=is_pushed)

    def __enter__(self) -> RealShop:
        self._shop.start()
        for path in ("/", "/dashboard/login/"):  # its first pages take seconds
            urlopen(f"{self._shop.address}{path}", timeout=60).close()  # noqa: S310 - our own shop, by http
        return self._shop

    def __exit__(self, *how: object) -> None:
        assert self._shop.stop() == 0


@pytest.fixture(scope="module")
def media_browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """Chromium with a camera, a microphone and a screen of its own making, which says yes by itself."""
    arguments = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *FAKE_MEDIA]}
    one = browser_type.launch(**arguments)
    yield one
    one.close()


@pytest.fixture
def talkers(media_browser: Browser) -> Iterator[NewContext]:
    """Browsers of that kind that share nothing, and note what they take."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        opened.append(media_browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        opened[-1].set_default_timeout(SOON)
        opened[-1].add_init_script(f"({WATCH})()")
        return opened[-1]

    yield make
    for context in opened:
        context.close()


def come_online(shop: RealShop, context: BrowserContext) -> Page:
    """Return the desk of an agent who is online, at which nothing is left from the tests before."""
    shop.manage("shell", "-v0", "-c", QUIET)
    page = sign_in(context.new_page(), shop.address, "agent-one@example.com")
    go_online(page, shop.address)
    return page


def chat(page: Page, desk: Page, shop: RealShop, words: str) -> None:
    """Have a chat of the two that goes on, begun as a question from the product's page."""
    shopping.open_product(page, shop.address)
    shopping.open_help(page)
    page.evaluate("document.querySelector('#engage-root .engage-panel a[href*=\"note/new\"]').href = '/engage/chat/new/'")
    page.locator(f'{PANEL} a[href="/engage/chat/new/"]').first.click()
    shopping.begin_chat(page, words)
    answer(desk, shop.address, question=words, reply="Let me see.")
    expect(page.locator(".engage-messages")).to_contain_text("Let me see.")


def beside(desk: Page, name: str) -> Page:
    """Open what a link beside the conversation leads to in a tab of its own, as it does; the desk stays open."""
    link = desk.get_by_role("link", name=re.compile(name))
    tab = desk.context.new_page()
    tab.goto(f"{desk.url.split('/dashboard/')[0]}{link.get_attribute('href')}")
    return tab


def ask(tab: Page) -> None:
    """Ask the shopper from the agent's page."""
    again = tab.get_by_role("link", name="Ask again")
    if again.is_visible():
        again.click()
    tab.get_by_role("button", name="Ask the shopper to talk").click()


def connect(page: Page, tab: Page) -> None:
    """Have the agent ask and the shopper say yes, and both hear each other."""
    ask(tab)
    page.get_by_role("button", name="Yes, talk").click()
    for one in (page, tab):
        expect(one.locator(BAR)).to_contain_text("You talk with")


def control(one: Page, name: str) -> Locator:
    return one.locator(BAR).get_by_role("button", name=name)


def expect_left(one: Page, tracks: int, connections: int) -> None:
    """Wait until no more than so many of the tracks that were taken run, and of the connections stand."""
    one.wait_for_function(f"() => ({LEFT})().join() === '{tracks},{connections}'")


def expect_quiet(*pages: Page) -> None:
    """Nothing that was taken runs any more, and no connection stands."""
    for one in pages:
        expect_left(one, 0, 0)


def expect_heard(*pages: Page) -> None:
    """Wait until each hears the other."""
    for one in pages:
        one.wait_for_function(f"async () => await ({HEARD})() > 10")


def share_with_a_pointer(page: Page, desk: Page) -> None:
    """Have the agent see the shopper's page, and the shopper the agent's hand, which moves."""
    view = beside(desk, "^Look at the")
    view.get_by_role("button", name="Ask to see the page").click()
    page.get_by_role("button", name="Yes, show my page").click()
    expect(view.locator("#engage-stage iframe")).to_be_visible()
    view.get_by_role("application").hover(position={"x": 200, "y": 120})
    expect(page.locator(".engage-live-hand")).to_be_visible()
    place = "(() => JSON.stringify(document.querySelector('.engage-live-hand').getBoundingClientRect()))()"
    before = page.evaluate(place)
    view.get_by_role("application").hover(position={"x": 400, "y": 220})
    page.wait_for_function(f"before => {place} !== before", arg=before)


def turn_pictures_on_and_off(page: Page, tab: Page) -> None:
    """Show both cameras and the shopper's screen, then none of them: the voices go on."""
    control(page, "Camera").click()
    control(tab, "Camera").click()
    for one in (page, tab):
        picture = one.locator("[data-engage-voice-picture=camera]")
        expect(picture).to_be_visible()
        one.wait_for_function("document.querySelector('[data-engage-voice-picture=camera] video').videoWidth > 0")
    control(page, "Share my screen").click()
    expect(page.locator(BAR)).to_contain_text("sees your screen")
    expect(tab.locator("[data-engage-voice-picture=screen]")).to_be_visible()

    for name in ("Camera", "Share my screen"):
        control(page, name).click()
    control(tab, "Camera").click()
    for one in (page, tab):
        expect(one.locator(f"{BAR} figure:not([hidden])")).to_have_count(0)
        expect(one.locator(BAR)).to_contain_text("You talk with")


@pytest.mark.parametrize("way", ["shop", "pushed_shop"])
def test_note__chat__shared_page__video__audio_alone__end(
    way: str, request: pytest.FixtureRequest, talkers: NewContext
) -> None:
    shop: RealShop = request.getfixturevalue(way)
    page, desk = talkers().new_page(), come_online(shop, talkers())
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    shopping.open_product(page, shop.address)
    shopping.leave_note(page, f"Is this one warm? {way}")
    chat(page, desk, shop, f"Which tent is warm? {way}")

    share_with_a_pointer(page, desk)
    assert not [url for url in asked if "voices.js" in url]

    tab = beside(desk, "^Talk with")
    assert find_violations(tab) == []
    ask(tab)
    dialog = page.get_by_role("dialog", name=re.compile("asks to talk with you"))
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Your browser asks next whether we may use your microphone")
    expect(dialog).to_contain_text("Nothing is recorded.")
    assert find_violations(page) == []
    assert page.evaluate("window.taken.length") == 0
    dialog.get_by_role("button", name="Yes, talk").click()
    for one in (page, tab):
        expect(one.locator(BAR)).to_contain_text("You talk with")
    expect_heard(page, tab)

    turn_pictures_on_and_off(page, tab)
    expect_left(page, 1, 1)  # the microphone, and the one connection: no other was needed for the pictures
    assert page.evaluate("window.connections.length") == 1
    assert find_overflow(page) == []

    control(page, "Hang up").click()
    expect(page.locator(BAR)).to_contain_text("You have hung up.")
    expect(tab.locator(BAR)).to_contain_text("The shopper has hung up.")
    expect_quiet(page, tab)
    expect(page.locator(".engage-messages")).to_contain_text(re.compile(r"Talked in the browser \d\d:\d\d.\d\d:\d\d\."))
    expect(page.locator(".engage-live-bar")).to_contain_text("sees this page")  # the shared page went on beside it
    assert find_violations(page) == []
    assert find_violations(tab) == []


def test_relay_alone__carries_it_through_coturn(shop: RealShop, talkers: NewContext) -> None:
    page, desk = talkers().new_page(), come_online(shop, talkers())
    chat(page, desk, shop, "Do you hear me through the relay?")
    forced = "document.querySelector('[data-engage-ice]').dataset.engageRelay = '1'"
    tab = beside(desk, "^Talk with")
    tab.evaluate(forced)
    ask(tab)
    page.get_by_role("button", name="Yes, talk").wait_for()
    page.evaluate(forced)
    page.get_by_role("button", name="Yes, talk").click()
    for one in (page, tab):
        expect(one.locator(BAR)).to_contain_text("You talk with")
    expect_heard(page)
    assert page.evaluate(PATHS) == ["relay", "relay"]
    control(tab, "Hang up").click()
    expect(page.locator(BAR)).to_contain_text("Our agent has hung up.")
    expect_quiet(page, tab)


def test_page_changes__goes_on_by_itself__pages_on_which_one_pays__end_it(shop: RealShop, talkers: NewContext) -> None:
    page, desk = talkers().new_page(), come_online(shop, talkers())
    chat(page, desk, shop, "Do you come with me?")
    tab = beside(desk, "^Talk with")
    connect(page, tab)
    control(page, "Camera").click()
    expect(tab.locator("[data-engage-voice-picture=camera]")).to_be_visible()
    page.goto(f"{shop.address}/catalogue/")
    expect(page.locator(BAR)).to_contain_text("You talk with")
    expect(tab.locator("[data-engage-voice-picture=camera]")).to_be_visible()
    expect_heard(tab)
    tab.reload()
    expect(tab.locator(BAR)).to_contain_text("You talk with")
    expect(page.locator(BAR)).to_contain_text("You talk with")

    page.goto(f"{shop.address}/accounts/login/")
    expect(page.locator(BAR)).to_contain_text("You talk with")
    expect(control(page, "Share my screen")).to_have_count(0)

    shopping.begin_checkout(page, shop.address)
    shopping.give_address(page)
    shopping.choose_delivery(page, shop.address)
    assert page.locator("script[src*=oscar_engage]").count() == 0
    expect(tab.locator(BAR)).to_contain_text(re.compile("went to pay|is gone"))
    expect_quiet(tab)


def test_shopper_asks__agent_answers_or_cannot(shop: RealShop, talkers: NewContext) -> None:
    page, desk = talkers().new_page(), come_online(shop, talkers())
    chat(page, desk, shop, "May I call you?")
    page.get_by_role("button", name="Talk to the agent").click()
    page.get_by_role("button", name="Yes, talk").click()
    expect(page.locator(BAR)).to_contain_text("We ask our agent")
    desk.reload()
    tab = beside(desk, "^The shopper wants to talk")
    expect(tab.locator("main")).to_contain_text("The shopper would like to talk with you")
    tab.get_by_role("button", name="Not now").click()
    expect(page.locator(BAR)).to_contain_text("Our agent cannot talk just now.")
    expect_quiet(page, tab)

    control(page, "Close").click()
    page.get_by_role("button", name="Talk to the agent").click()
    page.get_by_role("button", name="Yes, talk").click()
    expect(page.locator(BAR)).to_contain_text("We ask our agent")
    tab.reload()
    tab.get_by_role("button", name="Answer").click()
    for one in (page, tab):
        expect(one.locator(BAR)).to_contain_text("You talk with")
    control(tab, "Microphone").click()
    expect(tab.locator(BAR)).to_contain_text("Your microphone is off.")
    control(tab, "Hang up").click()
    expect(page.locator(BAR)).to_contain_text("Our agent has hung up.")


@pytest.mark.attack("N09")
def test_n09__no__network_cut__agent_gone__tab_closed__each_ends_on_both_sides(shop: RealShop, talkers: NewContext) -> None:
    page, desk = talkers().new_page(), come_online(shop, talkers())
    chat(page, desk, shop, "Will it end?")
    tab = beside(desk, "^Talk with")
    ask(tab)
    page.get_by_role("button", name="No, thanks").click()
    expect(tab.locator(BAR)).to_contain_text("does not want to talk")
    expect(page.locator(BAR)).to_have_count(0)
    expect_quiet(page, tab)

    connect(page, tab)
    page.context.set_offline(True)
    expect(page.locator(BAR)).to_contain_text("The network is gone")
    expect(tab.locator(BAR)).to_contain_text("The shopper is gone")
    expect_quiet(page, tab)
    page.context.set_offline(False)

    connect(page, tab)
    tab.close()
    expect(page.locator(BAR)).to_contain_text("Our agent is gone.")
    expect_quiet(page)

    tab = beside(desk, "^Talk with")
    connect(page, tab)
    page.close()
    expect(tab.locator(BAR)).to_contain_text("The shopper is gone")
    expect_quiet(tab)
    count = "from oscar_engage.models import LiveMessage; print(LiveMessage.objects.count())"
    assert shop.manage("shell", "-v0", "-c", count).split() == ["0"]


def test_permission_refused__no_microphone__are_clear_on_both_sides(
    shop: RealShop, talkers: NewContext, browser: Browser
) -> None:
    desk = come_online(shop, talkers())
    refusing = browser.new_context(viewport={"width": 390, "height": 844})  # no camera is made up for it, and nobody says yes
    refusing.set_default_timeout(SOON)
    page = refusing.new_page()
    chat(page, desk, shop, "What if I refuse?")
    tab = beside(desk, "^Talk with")
    ask(tab)
    page.get_by_role("button", name="Yes, talk").click()
    dialog = page.get_by_role("dialog", name=re.compile("asks to talk with you"))
    expect(dialog.get_by_role("alert")).to_contain_text(re.compile("did not let us use your microphone|found no microphone"))
    assert find_overflow(page) == []
    assert find_violations(page) == []
    expect(tab.locator(BAR)).to_contain_text("The shopper's browser gave no microphone.")
    expect_quiet(tab)
    dialog.get_by_role("button", name="No, thanks").click()
    expect(dialog).to_have_count(0)

    refusing.grant_permissions(["microphone", "camera"])
    page.get_by_role("button", name="Talk to the agent").click()
    page.get_by_role("button", name="Yes, talk").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("found no microphone")
    refusing.close()


def test_agent_without_a_microphone__reads_so_and_asks_nobody(
    shop: RealShop, talkers: NewContext, new_context: NewContext
) -> None:
    page, desk = talkers().new_page(), come_online(shop, new_context())
    chat(page, desk, shop, "Have you a microphone?")
    tab = beside(desk, "^Talk with")
    tab.get_by_role("button", name="Ask the shopper to talk").click()
    expect(tab.get_by_role("alert")).to_contain_text(re.compile("did not let us use your microphone|found no microphone"))
    page.get_by_role("button", name="Talk to the agent").click()
    page.get_by_role("button", name="Yes, talk").click()
    expect(page.locator(BAR)).to_contain_text("We ask our agent")
    tab.reload()
    tab.get_by_role("button", name="Answer").click()
    expect(page.locator(BAR)).to_contain_text("Our agent has no microphone just now.")
    expect_quiet(page)
