"""Chromium for the browser tests, and a shop for it to visit."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from sandbox.drive.shop import RealShop
from sandbox.drive.shopper import SOON
from sandbox.drive.staff import go_online, sign_in
from tests.browser.fake_shop import FakeShop, serve

# What is expected to come is waited for, however busy the machine; only a test about time says how long itself.
expect.set_options(timeout=SOON)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """``ENGAGE_CHROMIUM``, Debian's Chromium, or what the search path has."""
    named = os.environ.get("ENGAGE_CHROMIUM", "/usr/bin/chromium")
    return named if Path(named).exists() else shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def base_url() -> None:
    """Takes the place of the plugin's fixture, which pytest 9 warns about; each test names its addresses in full."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's own fixture, with the system's browser."""
    path = chromium_path()
    if path is None:
        pytest.skip("NO BROWSER: install chromium or set ENGAGE_CHROMIUM; nothing of the browser side was tested")
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS}


@pytest.fixture
def fake_shop() -> Iterator[FakeShop]:
    """A fresh shop on a port of its own."""
    shop = FakeShop()
    server = serve(shop)
    yield shop
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def real_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    """The sandbox, started once for all tests that need it: that takes a minute.

    Half of all visitors are held out by the shop, so that both kinds are found quickly; no rule holds out the others. Costly
    variables are asked however busy the machine is: what is not asked is unknown, and no rule acts on it.
    """
    settings = {"ENGAGE_SHOP_HOLDOUT": "0.5", "ENGAGE_COSTLY_BUDGET_MS": "60000", "ENGAGE_LEARNING": "1"}
    shop = RealShop(tmp_path_factory.mktemp("shop"), settings)
    shop.start()
    shop.manage("shell", "-v0", "-c", "from oscar_engage.rules.models import Rule; Rule.objects.update(holdout_share=0)")
    yield shop
    assert shop.stop() == 0


QUIET = """
from django.utils import timezone
from oscar_engage.models import Agent, Conversation, Hold
now = timezone.now()
Hold.objects.filter(ended_at=None).update(ended_at=now, ended_as="left")
Conversation.objects.exclude(status="closed").update(status="closed", closed_at=now, watch_at=None, weight=0)
Agent.objects.update(used_tenths=0, presence="offline", lease_until=None, online_since=None, away_reason="")
"""


@pytest.fixture
def quiet_desk(real_shop: RealShop) -> None:
    """Nobody is at the desk of the shop that all tests share, and nothing is left from those before."""
    real_shop.manage("shell", "-v0", "-c", QUIET)


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browsers that share nothing, each closed at the end."""
    opened: list[BrowserContext] = []

    def build(**options: Any) -> BrowserContext:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        opened[-1].set_default_timeout(SOON)
        return opened[-1]

    yield build
    for context in opened:
        context.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Errors, warnings and uncaught exceptions of the page (filled while it runs)."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def wait_for(page: Page) -> Callable[..., None]:
    """``wait_for(condition, seconds)``: let the page run until ``condition()`` holds, fail when it does not."""

    def wait(condition: Callable[[], object], seconds: float = SOON / 1000) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            page.wait_for_timeout(30)

    return wait


@pytest.fixture
def agent(real_shop: RealShop, new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """An agent's browser, online; gone offline at the end, for the tests after this one."""
    page = sign_in(new_context().new_page(), real_shop.address, "agent-one@example.com")
    go_online(page, real_shop.address)
    yield page
    page.goto(f"{real_shop.address}/dashboard/engage/desk/")
    offline = page.get_by_role("button", name="Go offline")
    if offline.is_visible():
        offline.click()
