"""Starts a sandbox of its own (``ENGAGE_SANDBOX=http://…`` names a running one instead) and takes every picture."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from sandbox.drive.shop import RealShop
from scripts.screenshots.camera import Camera
from scripts.screenshots.dashboard import take_dashboard
from scripts.screenshots.rules import RULE
from scripts.screenshots.storefront import take_storefront

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
CHROMIUM = "/usr/bin/chromium"
PREPARE = (
    "from oscar_engage.rules.models import Rule; from scripts.screenshots import learnt, past;"
    "Rule.objects.update(holdout_share=0); past.fill(); past.fill_exits(); past.fill_places(); past.fill_moments();"
    "learnt.fill_learning();"
    f"past.fill_dry_run({RULE!r})"
)


def main() -> int:
    """Take every picture; whatever does not come up ends this with its exception."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    camera = Camera(FOLDER)
    chromium = os.environ.get("ENGAGE_CHROMIUM", CHROMIUM)
    with (
        running_shop() as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser,
    ):
        take_storefront(browser, address, camera)
        take_dashboard(browser, address, camera)
    return 0


@contextmanager
def running_shop() -> Iterator[str]:
    """The address of the shop named by ``ENGAGE_SANDBOX``, or of one started here in which nobody is held out."""
    named = os.environ.get("ENGAGE_SANDBOX", "")
    if named:
        yield named.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        shop = RealShop(Path(folder), {"ENGAGE_SHOP_HOLDOUT": "0"})
        shop.start()
        try:
            shop.manage("shell", "-v0", "-c", PREPARE)
            yield shop.address
        finally:
            shop.stop()


if __name__ == "__main__":
    sys.exit(main())
