"""Takes the pictures of the documentation from a running sandbox: make sandbox in one window, make screenshots in another."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as NothingShownError

ADDRESS = os.environ.get("ENGAGE_SANDBOX", "http://localhost:8000")
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SIZE = {"width": 1200, "height": 800}
VISITORS_TO_TRY = 6  # one in ten is left alone by the shop, one in five by a rule
APPEARS_MS = 35_000  # the rule of the picture waits for twenty seconds
DASHBOARD = {"rules": "rules/", "desk": "desk/", "reports": "reports/", "health": "health/"}


def main() -> int:
    """Take every picture; the exit status says whether all are there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=os.environ["ENGAGE_CHROMIUM"], args=FLAGS) as browser,
    ):
        shown = any(take_balloon(browser) for _visitor in range(VISITORS_TO_TRY))
        take_dashboard(browser)
    return 0 if shown else 1


def take_balloon(browser: Browser) -> bool:
    """Look at three products as a fresh visitor and picture the balloon that follows, if this visitor gets one."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    page.goto(f"{ADDRESS}/")
    page.get_by_role("button", name="Accept all").first.click()
    for number in range(3):
        page.goto(f"{ADDRESS}/catalogue/")
        page.locator("article.product_pod h3 a").nth(number).click()
    try:
        page.locator("[data-engage-widget=balloon]").wait_for(timeout=APPEARS_MS)
    except NothingShownError:
        return False
    finally:
        page.screenshot(path=FOLDER / "balloon.png")
        context.close()
    return True


def take_dashboard(browser: Browser) -> None:
    """Picture the pages of the dashboard."""
    page = browser.new_context(viewport=SIZE).new_page()
    log_in(page)
    for name, path in DASHBOARD.items():
        page.goto(f"{ADDRESS}/dashboard/engage/{path}")
        page.screenshot(path=FOLDER / f"{name}.png")


def log_in(page: Page) -> None:
    """Log in as the sandbox's superuser."""
    page.goto(f"{ADDRESS}/dashboard/login/")
    page.locator("input[name$=username]").first.fill("admin@example.com")
    page.locator("input[name$=password]").first.fill("admin-fjord")
    page.locator("input[name$=password]").first.press("Enter")
    expect(page.get_by_role("link", name="Engage").first).to_be_attached()


if __name__ == "__main__":
    sys.exit(main())
