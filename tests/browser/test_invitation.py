"""Does an invitation go away by itself, unanswered or withdrawn, and say so once?"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.fake_shop import INVITATION, SHIPPING, Answer, FakeShop

Wait = Callable[..., None]
PAGE = SHIPPING.format(rest="")
CARD = "#engage-root .engage-card"


def told(fake_shop: FakeShop) -> list[Any]:
    return [signal for beat in fake_shop.beats() for signal in beat["signals"] if signal["kind"].startswith("widget.")]


def test_invitation__nobody_answers__goes_away_and_is_told_as_ignored(
    page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    html = INVITATION.replace('data-engage-decision="d-inv"', 'data-engage-decision="d-inv" data-engage-closes="3"')
    fake_shop.beat(lambda beat, number: Answer(204 if number else 200, "" if number else html, {"Engage-Next": "1"}))
    page.goto(fake_shop.page(PAGE, kind="checkout"))
    expect(page.locator(CARD)).to_be_visible()

    expect(page.locator(CARD)).to_have_count(0)

    wait_for(lambda: any(signal["kind"] == "widget.ignored" for signal in told(fake_shop)))
    assert [(one["kind"], one["data"]) for one in told(fake_shop)] == [
        ("widget.seen", {"decision": "d-inv"}),
        ("widget.ignored", {"decision": "d-inv"}),
    ]
    assert complaints == []


def test_invitation__withdrawn_by_the_shop__is_taken_away_without_a_word(
    page: Page, fake_shop: FakeShop, wait_for: Wait, complaints: list[str]
) -> None:
    gone = '<div data-engage-widget="withdrawn" data-engage-decision="d-inv"></div>'

    def answer(beat: Any, number: int) -> Answer:
        headers = {"Engage-Next": "1", "Engage-Wake": "4"}
        return (
            Answer(200, INVITATION, headers) if not number else Answer(200, gone if "d-inv" in beat["showing"] else "", headers)
        )

    fake_shop.beat(answer)
    page.goto(fake_shop.page(PAGE, kind="checkout"))
    expect(page.locator(CARD)).to_be_visible()

    expect(page.locator(CARD)).to_have_count(0)

    wait_for(lambda: fake_shop.beats()[-1]["showing"] == [])
    assert {signal["kind"] for signal in told(fake_shop)} <= {"widget.seen"}
    assert complaints == []
