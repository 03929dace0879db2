"""What does a shopper's browser pay? Bytes, requests, layout shift and time on the main thread at a quarter of the speed."""

import gzip
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

from benchmarks import shop
from benchmarks.bars import Line, report

DIST = shop.ROOT / "oscar_engage" / "static" / "oscar_engage" / "dist"
EAGER_BYTES = 8192
LAZY_BYTES = {
    "offer.js": 3072,
    "field_help.js": 2048,
    "dialog.js": 2048,
    "note.js": 5120,
    "suggest.js": 1536,
    "chat.js": 5120,
    "survey.js": 1792,
    "keep.js": 2048,
    "segment.js": 1536,
    "picked.js": 2048,
    "share.js": 4608,
    "voices.js": 4096,
    "record.js": 26624,
}
LONG_TASK_MS = 50  # from here on a browser calls a task long
SLOWER = 4
SETTLE_MS = 4000
SENSING_MS = 250  # of the main thread, for so many moves of the pointer and turns of the wheel
POINTER_MOVES, SCROLLS = 400, 20
LOOKS = 3  # the quietest of three: what else runs on the machine lengthens a task, nothing shortens it
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SHIFT = """
window.benchmarkShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.benchmarkShift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


def gzipped(path: Path) -> int:
    """Return the size of a file as it goes over the wire."""
    return len(gzip.compress(path.read_bytes(), 9))


def measure() -> bool:
    """Measure files and pages; return whether every bar holds."""
    shop.prepare()
    lines = [
        Line(what="engage.js, gzipped", measured=gzipped(DIST / "engage.js"), unit="bytes", bar=EAGER_BYTES),
        Line(what="engage.css, gzipped", measured=gzipped(DIST / "engage.css"), unit="bytes"),
    ]
    for name, bar in LAZY_BYTES.items():
        if (DIST / name).exists():
            lines.append(Line(what=f"{name}, gzipped, when needed", measured=gzipped(DIST / name), unit="bytes", bar=bar))
    pages = shop.paths()
    chromium = subprocess.run([shop.ROOT / "scripts" / "ensure-chromium"], check=True, stdout=subprocess.PIPE, text=True)
    with (
        shop.serving(shop.WITH) as ours,
        shop.serving(shop.WITHOUT) as bare,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium.stdout.strip(), args=FLAGS) as browser,
    ):
        for name in ("home", "product", "basket"):
            mine, plain = (quietest(browser, side, pages[name], pages["product"]) for side in (ours, bare))
            lines += [
                Line(what=f"{name}: scripts of ours that the page itself names", measured=mine["scripts"], bar=1),
                Line(what=f"{name}: of ours fetched by these when the page was there", measured=mine["later"]),
                Line(what=f"{name}: layout shift added", measured=max(0.0, mine["shift"] - plain["shift"]), bar=0.001),
                Line(what=f"{name}: our longest task", measured=mine["longest"], unit="ms", bar=LONG_TASK_MS),
                Line(what=f"{name}: our main thread", measured=mine["total"], unit="ms"),
            ]
        sensing = min((sense(browser, ours, pages["product"]) for _turn in range(LOOKS)), key=sum)
        what = f"product: {POINTER_MOVES} pointer moves, {SCROLLS} scrolls"
        lines += [
            Line(what=f"{what}: our main thread", measured=sum(sensing), unit="ms", bar=SENSING_MS),
            Line(what=f"{what}: our longest task", measured=max(sensing, default=0.0), unit="ms", bar=LONG_TASK_MS),
        ]
    return report(f"size: Chromium at 1/{SLOWER} of its speed", lines)


def quietest(browser: Browser, side: str, path: str, product: str) -> dict[str, float]:
    """Return the look with the shortest longest task."""
    return min((look(browser, side, path, product) for _turn in range(LOOKS)), key=lambda seen: seen["longest"])


def look(browser: Browser, side: str, path: str, product: str) -> dict[str, float]:
    """Open a page slowly, as a shopper with ``product`` in the basket, and return what our files did on it."""
    context = browser.new_context()
    context.add_cookies([{"name": "shop_consent", "value": "all", "url": side}])
    page = context.new_page()
    page.route("**/*", only_the_shop)
    page.goto(side + product)
    page.locator("#add_to_basket_form button[type=submit]").click()
    page.wait_for_load_state("load")
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url) if is_our_script(request.url) else None)
    page.add_init_script(SHIFT)
    with traced_slowly(page) as events:
        answer = page.goto(side + path, wait_until="load")
        named = set(re.findall(r'<script[^>]+src="([^"]+)"', answer.text() if answer else ""))
        page.wait_for_timeout(SETTLE_MS)
        shift = float(page.evaluate("window.benchmarkShift"))
    context.close()
    tasks = our_milliseconds(events)
    at_once = sum(is_our_script(source) for source in named)
    later, longest = len(scripts) - at_once, max(tasks, default=0.0)
    return {"scripts": at_once, "later": later, "shift": shift, "longest": longest, "total": sum(tasks)}


def sense(browser: Browser, side: str, path: str) -> list[float]:
    """Return how long each of our tasks took while the pointer wandered over a page and the page was scrolled."""
    context = browser.new_context()
    context.add_cookies([{"name": "shop_consent", "value": "all", "url": side}])
    page = context.new_page()
    page.route("**/*", only_the_shop)
    page.goto(side + path, wait_until="load")
    page.wait_for_timeout(SETTLE_MS)
    with traced_slowly(page) as events:
        for turn in range(POINTER_MOVES):
            page.mouse.move(200 + 37 * turn % 700, 100 + 11 * turn % 500)
            if turn % (POINTER_MOVES // SCROLLS) == 0:
                page.mouse.wheel(0, 150 if turn % (POINTER_MOVES // 2) < POINTER_MOVES // 4 else -150)
        page.wait_for_timeout(500)
    context.close()
    return our_milliseconds(events)


def only_the_shop(route: Route) -> None:
    """Let a page ask its own shop, and nobody else."""
    if "127.0.0.1" in route.request.url:
        route.continue_()
    else:
        route.abort()


@contextmanager
def traced_slowly(page: Page) -> Iterator[list[dict[str, object]]]:
    """Slow the page down and give a list that holds, afterwards, all that its threads spent time on."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    events: list[dict[str, object]] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    finished: list[bool] = []
    session.on("Tracing.tracingComplete", lambda _: finished.append(True))
    session.send("Tracing.start", {"categories": "devtools.timeline,v8", "transferMode": "ReportEvents"})
    yield events
    session.send("Tracing.end")
    while not finished:
        page.wait_for_timeout(50)


def is_our_script(address: str) -> bool:
    """Whether an address is a script of the extension."""
    return "/static/oscar_engage/" in address and address.partition("?")[0].endswith(".js")


def our_milliseconds(events: list[dict[str, object]]) -> list[float]:
    """Return how long each evaluation of our script and each call into it took; a call inside another counts once."""
    spans = []
    for event in events:
        is_script = event.get("ph") == "X" and event.get("name") in {"EvaluateScript", "FunctionCall", "v8.compile"}
        if is_script and "/static/oscar_engage/" in json.dumps(event.get("args", {})):
            spans.append((float(str(event["ts"])), float(str(event.get("dur", 0)))))
    outer: list[float] = []
    ends = 0.0
    for start, length in sorted(spans):
        if start >= ends:
            outer.append(length / 1000)
            ends = start + length
    return outer
