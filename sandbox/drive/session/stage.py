"""What does a session know while it runs? The shop, who sits where, what was said and promised, and how each step went."""

import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright

from sandbox.drive import shopper as shopping
from sandbox.drive import staff
from sandbox.drive.shop import RealShop

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SIZE = {"width": 1280, "height": 900}
_PUBLIC_ID = re.compile(r"^engage-(.+)-title$")
_BY = re.compile(r"\bby (\d\d):(\d\d)")


@dataclass
class Talk:
    """One conversation as its people saw it: whose page, and what was accepted of either side, in that order."""

    name: str
    page: Page
    public_id: str
    said: list[tuple[str, str]] = field(default_factory=list)
    promises: list[tuple[str, float]] = field(default_factory=list)
    """Each promise that the shopper was shown: "hh:mm", and when, in seconds since 1970."""

    @property
    def panel(self) -> Locator:
        """Where the shopper has it."""
        return self.page.locator(shopping.PANEL)


@dataclass
class Stage:
    """The running session. ``failures``: what did not go as it should, in words."""

    shop: RealShop
    playwright: Playwright
    browser: Browser
    chromium: str
    folder: Path
    began: float = field(default_factory=time.monotonic)
    talks: dict[str, Talk] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    _seats: dict[str, tuple[BrowserContext, Path]] = field(default_factory=dict)

    def tell(self, line: str) -> None:
        """Print a line of the protocol with the time since the beginning."""
        passed = int(time.monotonic() - self.began)
        sys.stdout.write(f"{passed // 60:02d}:{passed % 60:02d}  {line}\n")
        sys.stdout.flush()

    def step(self, words: str, act: Callable[["Stage"], str | None]) -> None:
        """Do ``act``, say how it went and go on; a failure is kept with a picture of every page."""
        self.steps += 1
        try:
            more = act(self)
        except Exception as error:  # noqa: BLE001 - one step that fails shall not hide how the others go
            first = next(iter(str(error).splitlines()), "")
            self.failures.append(f"{words}: {type(error).__name__}: {first}")
            self.tell(f"FAILED  {words}\n{error}")
            self._picture()
        else:
            self.tell(f"ok      {words}{f' ({more})' if more else ''}")

    def _picture(self) -> None:
        for name, page in self.pages.items():
            try:
                page.screenshot(path=str(self.folder / f"failed-{self.steps:02d}-{name}.png"))
            except Exception as error:  # noqa: BLE001 - a picture helps, its lack harms nothing
                self.tell(f"        no picture of {name}: {type(error).__name__}")

    def shopper(self, name: str) -> Page:
        """The page of the shopper called ``name``, in a browser context of their own."""
        if name not in self.pages:
            self.pages[name] = shopping.arrive(self.shop.address, self._context, arm=None)
        return self.pages[name]

    def _context(self) -> BrowserContext:
        context = self.browser.new_context(viewport=SIZE)
        context.set_default_timeout(shopping.SOON)
        return context

    def sit_down(self, name: str, email: str, *, own_process: bool = False) -> Page:
        """Sign in as a member of staff; with ``own_process`` in a browser that can be killed."""
        if own_process:
            profile = self.folder / f"profile-{name}-{self.steps}"
            context = self.playwright.chromium.launch_persistent_context(
                str(profile), executable_path=self.chromium, args=FLAGS, viewport=SIZE
            )
            context.set_default_timeout(shopping.SOON)
            self._seats[name] = (context, profile)
        else:
            context = self._context()
        self.pages[name] = staff.sign_in(context.new_page(), self.shop.address, email)
        return self.pages[name]

    def kill(self, name: str) -> None:
        """End the browser of ``name`` as a power cut does: no page says a last word."""
        _context, profile = self._seats.pop(name)
        for pid in _processes_of(profile):
            os.kill(pid, signal.SIGKILL)
        del self.pages[name]
        shutil.rmtree(profile, ignore_errors=True)

    def close(self) -> None:
        """Close the browsers that have a process of their own."""
        for context, _profile in self._seats.values():
            context.close()

    def look(self, code: str) -> Any:
        """Run ``code``, which prints one line of JSON, beside the shop."""
        return json.loads(self.shop.manage("shell", "-v0", "-c", code).splitlines()[-1])

    def begin(self, key: str, name: str, page: Page, words: str) -> Talk:
        """Keep the conversation that has just begun in the panel of ``page``."""
        talk = Talk(name, page, panel_id(page))
        talk.said.append(("shopper", words))
        self.talks[key] = talk
        self.note_promise(talk)
        return talk

    def note_promise(self, talk: Talk) -> None:
        """Keep the time by which the shopper is told now that an answer is there, if the page says one."""
        found = _BY.search(talk.panel.inner_text())
        if found:
            talk.promises.append((f"{found[1]}:{found[2]}", time.time()))


def ensure(holds: object, words: str) -> None:
    """Raise ``AssertionError`` with ``words`` unless it ``holds``."""
    if not holds:
        raise AssertionError(words)


def panel_id(page: Page) -> str:
    """The public id of the conversation whose panel is open; raises ``LookupError`` when none is."""
    named = page.locator(shopping.PANEL).get_attribute("aria-labelledby") or ""
    found = _PUBLIC_ID.match(named)
    if found is None:
        raise LookupError(f"no conversation is open in the panel {named!r}")
    return found[1]


def clock(at: float) -> str:
    """The time of day of ``at`` (seconds since 1970), for the protocol."""
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")


def _processes_of(profile: Path) -> list[int]:
    """The processes with this folder in their command line: those of one browser that we started, and no other."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:  # it has ended meanwhile
            continue
        if f"--user-data-dir={profile}" in command:
            found.append(int(folder.name))
    if not found:
        raise LookupError(f"no browser runs with {profile}")
    return found
