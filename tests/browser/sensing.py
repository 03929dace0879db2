"""What do the tests of the sensors share? A page whose clock stands still, and the way off it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.fake_shop import FakeShop

Wait = Callable[..., None]
Data = list[dict[str, Any]]
SECRET = "Zaphod-4111111111111111"  # stands in fields and texts; must be on no wire


class Sensing:
    """A page of the fake shop under the sensors; nothing but :meth:`pass_time` moves its clock on."""

    def __init__(self, page: Page, shop: FakeShop, wait_for: Wait) -> None:
        self.page, self.shop, self.wait_for = page, shop, wait_for

    def open(self, body: str, **options: Any) -> Page:
        """Show ``body`` and let the script start; ``options`` are those of ``FakeShop.page``."""
        self.page.clock.install()
        self.page.goto(self.shop.page(body, **options))
        self.page.clock.run_for(3000)
        self.wait_for(self.shop.beats)
        self.page.clock.pause_at(self.page.evaluate("Date.now()") / 1000 + 1)
        return self.page

    def pass_time(self, seconds: float) -> None:
        """Let time pass: first what the browser has still to do about what just happened."""
        self.page.wait_for_timeout(150)
        self.page.clock.run_for(int(seconds * 1000))
        self.page.wait_for_timeout(150)

    def leave(self) -> None:
        """Go to another page, and wait until what was noticed has arrived."""
        self.page.goto(self.shop.page("<p>Next</p>", path="/next/", has_script=False))
        self.wait_for(lambda: self.shop.signals("page.left"))

    def told(self, kind: str) -> Data:
        """What was told of ``kind``, after leaving the page. Nothing of :data:`SECRET` may be on the wire."""
        self.leave()
        wire = "".join(seen.body + str(seen.query) for seen in self.shop.seen)
        assert SECRET[:6] not in wire
        assert SECRET[-6:] not in wire
        # A beat that a leap of the clock cut off comes again, as the server expects: with the same ids.
        return list({signal["id"]: signal["data"] for signal in self.shop.signals(kind)}.values())
