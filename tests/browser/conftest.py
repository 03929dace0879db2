"""Chromium for the browser tests, and a shop for it to visit."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.browser.fake_shop import FakeShop, serve

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

    def wait(condition: Callable[[], object], seconds: float = 6) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            page.wait_for_timeout(30)

    return wait
