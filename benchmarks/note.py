"""What does a note with a copy of the page cost? The browser, the wire, and a server that is sent something hostile."""

import gzip
import json
import subprocess
import time
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks import shop
from benchmarks.bars import Line, report
from benchmarks.size import DIST, FLAGS, gzipped, only_the_shop

SNAPSHOT_MS = 5
SNAPSHOT_BYTES = 10 * 1024
NOTE_BYTES = 5120
REFUSAL_MS = 10
TURNS = 30
NESTED = 50_000
TAKE = """async ([url, turns]) => {
  const { takeSnapshot } = await import(url);
  const element = document.querySelector("#add_to_basket_form") || document.querySelector("h1");
  const times = [];
  let taken = null;
  for (let turn = 0; turn < turns; turn += 1) {
    // A page that has just changed, as it has when a panel opened: its styles are computed anew within the time.
    document.body.append(document.createElement("p"));
    const began = performance.now();
    taken = takeSnapshot(element);
    times.push(performance.now() - began);
    document.body.lastChild.remove();
  }
  return { times, sent: JSON.stringify(taken), elements: document.querySelectorAll("*").length };
}"""


def measure() -> bool:
    """Measure the copy of a product page and of the basket; return whether every bar holds."""
    shop.prepare()
    pages = shop.paths()
    lines = [Line(what="note.js with the copy, gzipped", measured=gzipped(DIST / "note.js"), unit="bytes", bar=NOTE_BYTES)]
    chromium = subprocess.run([shop.ROOT / "scripts" / "ensure-chromium"], check=True, stdout=subprocess.PIPE, text=True)
    with (
        shop.serving(shop.WITH) as ours,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium.stdout.strip(), args=FLAGS) as browser,
    ):
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.route("**/*", only_the_shop)
        for name in ("product", "home", "basket"):
            page.goto(ours + pages[name], wait_until="load")
            lines += lines_of(name, page, is_bound=name == "product")
    lines += refusals()
    return report("note: Chromium at full speed", lines)


def lines_of(name: str, page: Page, *, is_bound: bool) -> list[Line]:
    """Return what the copy of the open page takes; ``is_bound``: whether the bars are for such a page."""
    url = page.locator("script[data-engage-note]").get_attribute("data-engage-note")
    taken = page.evaluate(TAKE, [url, TURNS])
    sent = taken["sent"].encode()
    return [
        Line(what=f"{name}: elements", measured=taken["elements"]),
        Line(what=f"{name}: copy taken, first", measured=taken["times"][0], unit="ms"),
        Line(
            what=f"{name}: copy taken, median",
            measured=median(taken["times"]),
            unit="ms",
            bar=SNAPSHOT_MS if is_bound else None,
        ),
        Line(what=f"{name}: copy, raw", measured=len(sent), unit="bytes"),
        Line(
            what=f"{name}: copy, gzipped",
            measured=len(gzip.compress(sent, 9)),
            unit="bytes",
            bar=SNAPSHOT_BYTES if is_bound else None,
        ),
    ]


def refusals() -> list[Line]:
    """Return how long the server takes to refuse what would keep its cleaner busy for seconds."""
    from oscar_engage.desk.pages.grammar import RefusedSnapshotError
    from oscar_engage.desk.pages.sent import read_snapshot

    document = {"v": 1, "html": "<div>" * NESTED, "styles": [], "view": [1, 1], "scroll": [0, 0], "pin": None}
    sent, times = json.dumps(document), []
    for _turn in range(TURNS):
        began = time.perf_counter()
        try:
            read_snapshot(sent)
        except RefusedSnapshotError:
            times.append((time.perf_counter() - began) * 1000)
    what = f"{NESTED:,} nested elements refused, median of {len(times)}"
    return [Line(what=what, measured=median(times), unit="ms", bar=REFUSAL_MS)]
