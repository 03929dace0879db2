"""Does the browser's share stay within its bars?"""

import gzip
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import oscar_engage
from tests.browser.fake_shop import BALLOON, SHIPPING, Answer, FakeShop

DIST = Path(oscar_engage.__file__).parent / "static/oscar_engage/dist"
#: Bytes after gzip; from the design's measurements of what others ask of a shopper.
BARS = {"engage.js": 8192, "note.js": 5120, "chat.js": 4096, "engage.css": 6144}
LONGEST_TASK = 50
THROTTLE = 4


@pytest.mark.parametrize(("name", "bar"), BARS.items())
def test_dist__file__within_its_bar(name: str, bar: int) -> None:
    assert len(gzip.compress((DIST / name).read_bytes(), 9)) <= bar


def test_dist__eager_script__names_no_field_value_no_storage_and_no_html_sink() -> None:
    text = (DIST / "engage.js").read_text()
    for forbidden in (
        "innerHTML",
        "insertAdjacentHTML",
        "document.cookie",
        "localStorage",
        "sessionStorage",
        "eval(",
        ".value=",
    ):
        assert forbidden not in text


def test_main_thread__processor_four_times_slower__no_long_task(page: Page, fake_shop: FakeShop, tmp_path: Path) -> None:
    """Counts the thread's own time, so that a busy machine changes nothing; the page has no other script than ours."""
    offer = BALLOON.format(decision="d-1", anchor="shipping-method")
    fake_shop.beat(lambda beat, number: Answer(204 if number else 200, "" if number else offer))
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, path=tmp_path / "trace.json", categories=["devtools.timeline"])
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    page.goto(fake_shop.page(SHIPPING.format(rest="<p>Filler</p>" * 20), kind="checkout"))
    expect(page.locator(".engage-balloon")).to_be_visible(timeout=10_000)
    page.wait_for_timeout(500)
    browser.stop_tracing()

    names = {"EvaluateScript", "FireIdleCallback", "TimerFire", "FunctionCall", "RunMicrotasks"}
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    ours = [
        (event["name"], event.get("tdur", 0) / 1000) for event in events if event["name"] in names and event.get("ph") == "X"
    ]
    assert ours
    assert [task for task in ours if task[1] > LONGEST_TASK] == []
