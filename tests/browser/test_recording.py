"""Can a recording that a shopper let us keep be gone through? Played, paused, sought by hand and by key, at another speed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.drive.shop import RealShop
from sandbox.drive.staff import sign_in
from tests.browser.findings import find_overflow, find_violations
from tests.browser.shared_steps import BAR, replayed, share, talk

NewContext = Callable[..., BrowserContext]

_KEEP = "from oscar_engage.models import LiveSession; LiveSession.objects.filter(state='live').update(keeps=True)"
"""What the tick does in a shop that keeps recordings; the sandbox keeps none."""


_NOTE = """() => {
    const play = document.querySelector('[data-engage-player=play]');
    window.said = [];
    new MutationObserver(() => said.at(-1) !== play.textContent && said.push(play.textContent))
        .observe(play, { childList: true, characterData: true, subtree: true });
}"""
"""Notes what the button says in turn: a short recording may have come to its end before a busy test looks."""


def seconds(page: Page) -> list[int]:
    """Return where the recording is and how long it is, as it is shown."""
    shown = page.locator("[data-engage-player=time]").inner_text()
    return [60 * int(minutes) + int(rest) for minutes, rest in re.findall(r"(\d+):(\d\d)", shown)]


def expect_at(page: Page, place: str) -> None:
    """Wait until the recording is at ``place``, like ``0:02``."""
    expect(page.locator("[data-engage-player=time]")).to_have_text(re.compile(rf"^{place} / "))


@pytest.mark.usefixtures("quiet_desk")
def test_recording__played_paused_sought_and_skipped__with_the_keyboard_too(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    talk(page, agent, real_shop, words="May you keep it?")
    view = share(page, agent)
    real_shop.manage("shell", "-v0", "-c", _KEEP)
    page.goto(f"{real_shop.address}/catalogue/")
    expect(replayed(view)).to_contain_text("All products")
    for x in range(200, 600, 40):
        page.mouse.move(x, 300)
        page.wait_for_timeout(150)
    page.wait_for_timeout(6000)  # so long that there is a middle in which it can be stopped
    page.goto(f"{real_shop.address}/search/?q=tent")
    expect(replayed(view)).to_contain_text("tent")
    page.wait_for_timeout(1500)
    page.locator(BAR).get_by_role("button", name="Stop sharing").click()
    expect(view.get_by_role("status")).to_contain_text("The shopper has stopped.")

    for reader, context in (
        ("supervisor@example.com", {}),
        ("agent-one@example.com", {"viewport": {"width": 390, "height": 844}}),
    ):
        look = sign_in(new_context(reduced_motion="reduce").new_page(), real_shop.address, reader)
        if context:
            look.set_viewport_size(context["viewport"])
        look.goto(view.url)
        look.get_by_role("link", name=re.compile(r"\d:\d\d|\d\d\.\d\d")).first.click()
        player = look.get_by_role("group", name="Playback")
        expect(player).to_be_visible()
        expect(player.get_by_role("button", name="Play")).to_be_visible()  # who wants no motion begins by hand
        expect_at(look, "0:00")
        assert seconds(look)[1] >= 7
        assert look.locator("#engage-stage iframe").get_attribute("sandbox") == "allow-same-origin"
        assert find_overflow(look) == []
        assert find_violations(look) == []

    seek(look, player)
    play(look, player)


def seek(look: Page, player: Locator) -> None:
    """Go to the end and back by the bar's own keys, and by those of the page."""
    bar = player.get_by_role("slider", name="Place in the recording")
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"^0:00 of \d:\d\d$"))
    bar.press("End")
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"^(\d:\d\d) of \1$"))
    expect(replayed(look)).to_contain_text("tent")
    at, total = seconds(look)
    assert total - at <= 1
    look.keyboard.press("Home")
    expect_at(look, "0:00")
    look.keyboard.press("ArrowRight")
    look.keyboard.press("ArrowRight")
    expect_at(look, "0:02")

    look.locator("#engage-stage").click()
    look.keyboard.press("ArrowLeft")  # outside of the controls it goes further
    expect_at(look, "0:00")


def play(look: Page, player: Locator) -> None:
    """Play it fast to its end, and slowly again, pausing."""
    player.get_by_label("Speed").select_option("8")
    look.locator("#engage-stage").click()
    look.evaluate(_NOTE)
    look.keyboard.press(" ")
    look.wait_for_function("() => said.join() === 'Pause,Play'")  # it played, and has come to its end
    assert seconds(look)[0] == seconds(look)[1]
    player.get_by_label("Skip what nobody did").uncheck()
    player.get_by_label("Speed").select_option("1")
    player.get_by_role("button", name="Play").click()
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    expect_at(look, "0:0[1-9]")
    player.get_by_role("button", name="Pause").click()
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    stood = seconds(look)[0]
    assert 1 <= stood < seconds(look)[1]
    look.wait_for_timeout(1200)
    assert seconds(look)[0] == stood
