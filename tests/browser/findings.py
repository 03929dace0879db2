"""What is wrong with what we put into a page? Questions to a real browser, each answered by a list that should be empty."""

import re
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

OURS = "#engage-root, .engage-help-place, .engage-page, .engage, .engage-header"
"""Everything of ours stands within one of these; the rest of a page is the shop's, or Oscar's."""
_RUNS = "[style], style, script:not([src]), [onclick], [onchange], [onsubmit], [onload], [hx-on]"
_IS_OURS = "([selector, ours]) => Boolean(document.querySelector(selector)?.closest(ours))"
_INLINE = """([html, ours, runs]) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  return [...page.querySelectorAll(runs)].filter((element) => element.closest(ours) || !page.querySelector("main, header, nav"))
    .map((element) => element.outerHTML.slice(0, 120));
}"""
_WIDER = "() => document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} px`] : []"
_OUTSIDE = """(ours) => [...document.querySelectorAll(ours)].flatMap((box) => [...box.querySelectorAll("*")])
  .filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    const clips = element.closest(
      ".table-responsive, .engage-board-columns, .engage-live, .engage-wide, .engage-heat-frame, .engage-frame, " +
      ".engage-page-frame, .engage-report-menu, .sr-only, pre");
    return width > 1 && !clips && getComputedStyle(element).clipPath === "none" && (left < -1 || right > innerWidth + 1);
  }).map((element) => element.outerHTML.slice(0, 120))"""


_IS_STILL = """() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity)"""


def find_violations(page: Page) -> list[str]:
    """All that axe finds in our elements, by all its rules, as ``rule: element``."""
    page.wait_for_function(_IS_STILL)  # what still fades in has too little contrast for a moment
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    nodes = [(rule["id"], node) for rule in found for node in rule["nodes"]]
    return [f"{rule}: {node['html'][:160]} {node['failureSummary']}" for rule, node in nodes if _is_ours(page, node)]


def _is_ours(page: Page, node: dict[str, Any]) -> bool:
    target = node["target"][0]
    return isinstance(target, str) and bool(page.evaluate(_IS_OURS, [target, OURS]))


def find_overflow(page: Page, *, ours_alone: bool = False) -> list[str]:
    """Elements of ours that stick out of the window sideways and, unless ``ours_alone``, the page's own excess width."""
    outside: list[str] = page.evaluate(_OUTSIDE, OURS)
    return outside if ours_alone else outside + page.evaluate(_WIDER)


def find_inline_code(page: Page, html: str) -> list[str]:
    """Inline scripts, styles and handlers of ours in ``html`` as it was served (a fragment is ours as a whole)."""
    found: list[str] = page.evaluate(_INLINE, [html, OURS, _RUNS])
    return found


class Watch:
    """Hears what the pages of a browser complain of, and whom they ask."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        """Listen to ``context``, whose shop is at ``address``."""
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self._host = urlsplit(address).netloc
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused form is an answer, not an error of the page; Chromium says it on the console all the same.
        if message.type == "error" and not re.search(r"status of 4\d\d", message.text):
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self._host:
            self.foreign.append(request.url)
