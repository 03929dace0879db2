"""Runs the measurement of talks under ``scripts/with-postgres``; prints its figures as one line of JSON."""

import json
import os
import statistics
import subprocess
import sys
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.call import NO_RELAY
from benchmarks.cobrowse_run import find_chromium, have_chat, leave_desk, make_environment, served
from benchmarks.shop import ROOT
from benchmarks.size import FLAGS
from sandbox.drive.relay import NoRelayError, Relay, relaying
from sandbox.drive.staff import end_conversation

TALKS, PAGES = 7, 3
VAR = ROOT / "build" / "benchmarks-call"
FAKE_MEDIA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
WAYS = ("push", "polling", "relay")

WATCH = """(() => {
  window.joined = 0;
  window.said = 0;
  const Own = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Own {
    constructor(...given) {
      super(...given);
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') window.joined = Date.now();
      });
    }
  };
  addEventListener('click', (event) => { if (event.target.value === 'yes') window.said = Date.now(); }, true);
})()"""
"""Notes when the yes was clicked and when a connection stood."""


def main() -> None:
    """Measure one way after the other, through one relay."""
    try:
        with relaying() as relay:
            print(json.dumps(_measure_all(relay)))
    except NoRelayError:
        sys.exit(NO_RELAY)


def _measure_all(relay: Relay) -> dict[str, Any]:
    turn = {"BENCHMARK_TURN": relay.url, "BENCHMARK_TURN_SECRET": relay.secret}
    environment = {**make_environment(VAR, "benchmarks.call_settings"), **turn}
    subprocess.run([sys.executable, "-W", "ignore", "-m", "sandbox.prepare"], cwd=ROOT, env=environment, check=True, stdout=2)
    found = {}
    for way in WAYS:
        chosen = {"BENCHMARK_PUSH": "0" if way == "polling" else "1", "BENCHMARK_RELAY_ONLY": "1" if way == "relay" else "0"}
        os.environ.update({**environment, **chosen})
        with served(is_pushed=way != "polling") as (address, _pids), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, *FAKE_MEDIA])
            found[way] = _measure(browser, address)
            browser.close()
    return found


def _measure(browser: Browser, address: str) -> dict[str, float]:
    page, agent = have_chat(browser, address)
    for one in (page, agent):
        one.context.add_init_script(WATCH)
    page.evaluate(WATCH)
    conversation = agent.url
    agent.goto(f"{conversation.rstrip('/')}/voice/")
    times = [_connect(page, agent, number) for number in range(TALKS)]
    agent.get_by_role("link", name="Ask again").click()
    _connect(page, agent, 1, is_hung_up=False)
    again = [_move(page, agent, f"{address}{path}") for path in ("/catalogue/", "/", "/catalogue/", "/")[:PAGES]]
    agent.goto(conversation)
    end_conversation(agent)
    leave_desk(agent, address)
    return {"median": statistics.median(times), "slowest": max(times), "resumed": statistics.median(again)}


def _connect(page: Page, agent: Page, number: int, *, is_hung_up: bool = True) -> float:
    """Have the agent ask and the shopper say yes; return the milliseconds until both browsers were connected."""
    again = agent.get_by_role("link", name="Ask again")
    if again.is_visible():
        again.click()
    agent.get_by_role("button", name="Ask the shopper to talk").click()
    agent.evaluate("window.joined = 0")
    page.evaluate("window.joined = 0")
    yes = page.get_by_role("button", name="Yes, talk")
    try:
        yes.wait_for()
    except PlaywrightTimeout:
        seen = [one.locator("body").inner_text()[-600:] for one in (page, agent)]
        raise RuntimeError(f"the question did not come; shopper and agent read: {seen}") from None
    page.wait_for_timeout(300 + 97 * number)  # not in step with anybody's clock
    yes.click()
    for one in (page, agent):
        one.wait_for_function("window.joined > 0")
    took = max(page.evaluate("window.joined"), agent.evaluate("window.joined")) - page.evaluate("window.said")
    if is_hung_up:
        agent.get_by_role("button", name="Hang up").click()
        agent.get_by_role("link", name="Ask again").wait_for()
        page.locator(".engage-voice-bar[data-engage-over]").wait_for()
    return float(took)


def _move(page: Page, agent: Page, url: str) -> float:
    """Open another page; return the milliseconds from asking for it until both browsers were connected anew."""
    agent.evaluate("window.joined = 0")
    began = page.evaluate("Date.now()")
    page.goto(url)
    for one in (page, agent):
        one.wait_for_function("window.joined > 0")
    took = max(page.evaluate("window.joined"), agent.evaluate("window.joined")) - began
    page.wait_for_timeout(1500)
    return float(took)


if __name__ == "__main__":
    main()
