"""Runs the shared page's measurement under ``scripts/with-postgres``; prints its figures as one line of JSON."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.chat_servers import cpu_seconds, family, push_server, serving
from benchmarks.cobrowse_front import Front
from benchmarks.shop import ROOT
from benchmarks.size import FLAGS

CHANGES, HANDS = 40, 20
MINUTE = 60.0
VAR = ROOT / "build" / "benchmarks-cobrowse"
SPIN = 2_000_000

WATCH = """() => {
  const stage = document.querySelector('#engage-stage');
  window.seen = {};
  const look = () => {
    const inner = stage.querySelector('iframe')?.contentDocument;
    const text = inner?.querySelector('#bench-mark')?.textContent;
    if (text && !window.seen[text]) window.seen[text] = Date.now();
    requestAnimationFrame(look);
  };
  look();
}"""
CHANGE = """(text) => {
  let mark = document.querySelector('#bench-mark');
  if (!mark) { mark = document.createElement('p'); mark.id = 'bench-mark'; document.querySelector('h1').after(mark); }
  mark.textContent = text;
  return Date.now();
}"""
HAND = """() => { window.hands = []; const look = () => {
  const hand = document.querySelector('.engage-live-hand');
  const at = hand && !hand.hidden ? hand.style.left : '';
  if (at && at !== window.hands.at(-1)?.[0]) window.hands.push([at, Date.now()]);
  requestAnimationFrame(look); }; look(); }"""


def main() -> None:
    """Measure with push and without, one after the other."""
    environment = make_environment(VAR, "benchmarks.cobrowse_settings")
    subprocess.run([sys.executable, "-W", "ignore", "-m", "sandbox.prepare"], cwd=ROOT, env=environment, check=True, stdout=2)
    found = {}
    for way in ("push", "polling"):
        os.environ.update({**environment, "BENCHMARK_PUSH": "1" if way == "push" else "0"})
        with served(is_pushed=way == "push") as (address, pids), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            found[way] = _measure(browser, address, pids)
            browser.close()
    print(json.dumps(found))


def make_environment(var: Path, settings: str) -> dict[str, str]:
    """Make a database in the PostgreSQL at hand and return what the shop's processes see, whose files are in ``var``."""
    named = {name: os.environ[f"ENGAGE_TEST_DB_{name}"] for name in ("USER", "HOST", "PORT", "NAME")}
    with psycopg.connect(user=named["USER"], host=named["HOST"], port=named["PORT"], dbname="postgres", autocommit=True) as one:
        one.execute(f'CREATE DATABASE "{named["NAME"]}"')
    url = f"postgresql://{named['USER']}@{named['HOST']}:{named['PORT']}/{named['NAME']}"
    var.mkdir(parents=True, exist_ok=True)
    own = {"ENGAGE_DATABASE_URL": url, "ENGAGE_SANDBOX_VAR": str(var), "ENGAGE_SANDBOX_PAST": "0", "ENGAGE_LEARNING": "0"}
    return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": settings}


def find_chromium() -> str:
    """Return the path of a Chromium."""
    done = subprocess.run([ROOT / "scripts" / "ensure-chromium"], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def served(*, is_pushed: bool) -> Iterator[tuple[str, list[int]]]:
    """Run the shop, and a push process beside it, until the block ends; give its address and its processes."""
    shop = ("gunicorn", "sandbox.wsgi:application", "--bind", "127.0.0.1:{port}")
    options = ("--workers", "1", "--threads", "4", "--keep-alive", "75", "--log-level", "error")
    with ExitStack() as stack:
        port, pid = stack.enter_context(serving(*shop, *options))
        pids, push_port = [pid], None
        if is_pushed:
            push_port, push_pid = stack.enter_context(serving(*push_server()))
            pids.append(push_pid)
        front = Front(port, push_port)
        stack.callback(front.stop)
        yield f"http://127.0.0.1:{front.port}", pids


def have_chat(browser: Browser, address: str) -> tuple[Page, Page]:
    """Have a chat of two browsers; return the shopper's page and the agent's, which shows the conversation."""
    from sandbox.drive import shopper as shopping
    from sandbox.drive.staff import answer, go_online, sign_in

    def context() -> BrowserContext:
        made = browser.new_context(viewport={"width": 1280, "height": 900})
        made.set_default_timeout(30_000)
        return made

    agent = sign_in(context().new_page(), address, "agent-one@example.com")
    go_online(agent, address)
    page = context().new_page()
    words = f"Which tent is that? {time.time()}"
    shopping.open_product(page, address)
    shopping.open_help(page)
    panel = "#engage-root > .engage-panel:not([hidden])"
    page.evaluate(f"""document.querySelector('{panel} a[href*="note/new"]').href = '/engage/chat/new/'""")
    page.locator(f'{panel} a[href="/engage/chat/new/"]').first.click()
    shopping.begin_chat(page, words)
    answer(agent, address, question=words, reply="Let me see.")
    return page, agent


def leave_desk(agent: Page, address: str) -> None:
    """Have the agent go offline: no worker notices here that the browser is gone, and the next way needs one who is there."""
    agent.goto(f"{address}/dashboard/engage/desk/")
    agent.get_by_role("button", name="Go offline").click()
    agent.get_by_role("button", name="Go online").wait_for()


def _measure(browser: Browser, address: str, pids: list[int]) -> dict[str, Any]:
    page, agent = have_chat(browser, address)
    page.wait_for_timeout(3000)
    idle = _cores(pids, lambda: page.wait_for_timeout(20_000))
    agent.goto(f"{agent.url.rstrip('/')}/shared/")
    agent.get_by_role("button", name="Ask to see the page").click()
    page.get_by_role("button", name="Yes, show my page").click()
    agent.locator("#engage-stage iframe").wait_for()
    page.wait_for_timeout(4000)
    seen = _changes(page, agent)
    hands = _hands(page, agent)
    sent: list[int] = []
    page.on("request", lambda one: sent.append(len(one.post_data_buffer or b"")) if "/talk/" in one.url else None)
    before = _spin()
    cores = _cores(pids, lambda: _browse(page, address))
    leave_desk(agent, address)
    return {
        "seen_median": statistics.median(seen),
        "seen_p90": statistics.quantiles(seen, n=10)[-1],
        "hand_median": statistics.median(hands),
        "cores": cores,
        "idle_cores": idle,
        "kb": sum(sent) / 1024,
        "requests": len(sent),
        "slowdown": max(1.0, before / _best()),
    }


def _changes(page: Page, agent: Page) -> list[float]:
    agent.evaluate(WATCH)
    times = []
    for number in range(CHANGES):
        text = f"change {number}"
        began = page.evaluate(CHANGE, text)
        agent.wait_for_function("(text) => window.seen[text]", arg=text)
        times.append(agent.evaluate("(text) => window.seen[text]", text) - began)
        page.wait_for_timeout(150 + 37 * (number % 23))  # not in step with anybody's clock
    return times


def _hands(page: Page, agent: Page) -> list[float]:
    page.evaluate(HAND)
    layer = agent.get_by_role("application").bounding_box() or {"x": 0, "y": 0}
    times = []
    for number in range(HANDS):
        known = page.evaluate("window.hands.length")
        agent.mouse.move(layer["x"] + 60 + 30 * number, layer["y"] + 200)
        began = time.time() * 1000
        page.wait_for_function("(known) => window.hands.length > known", arg=known)
        times.append(page.evaluate("window.hands.at(-1)[1]") - began)
        page.wait_for_timeout(400 + 37 * (number % 23))
    return times


def _browse(page: Page, address: str) -> None:
    """A minute of ordinary browsing: one page, pointer moves in bursts, scrolling now and then."""
    ends = time.monotonic() + MINUTE
    page.goto(f"{address}/catalogue/")
    turn = 0
    while time.monotonic() < ends:
        turn += 1
        for step in range(6):
            page.mouse.move(200 + 40 * ((turn * 7 + step) % 20), 150 + 25 * ((turn * 3 + step) % 20), steps=3)
            page.wait_for_timeout(60)
        if turn % 3 == 0:
            page.mouse.wheel(0, 240 if turn % 2 else -200)
        page.wait_for_timeout(1200)


def _cores(pids: list[int], work: Any) -> float:
    """Return how many cores the servers took while ``work`` ran."""
    everybody = [one for pid in pids for one in family(pid)]
    began, used = time.monotonic(), cpu_seconds(everybody)
    work()
    return (cpu_seconds(everybody) - used) / (time.monotonic() - began)


def _spin() -> float:
    began = time.thread_time()
    sum(range(SPIN))
    return time.thread_time() - began


def _best() -> float:
    return min(_spin() for _turn in range(15))


if __name__ == "__main__":
    Path(VAR).mkdir(parents=True, exist_ok=True)
    main()
