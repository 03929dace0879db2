"""How is a page photographed? In both sizes, only what the window shows, in few bytes."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 780})
SETTLES_MS = 900
"""Widgets move to their new places after a change of size, then fade in."""
COLOURS = 255
"""Pages have few colours; a palette makes their pictures a third as large."""
UPPER_THIRD = "element => window.scrollBy(0, element.getBoundingClientRect().top - innerHeight / 3)"


@dataclass(frozen=True, slots=True)
class Camera:
    """Writes ``<name>-<width>.png`` into ``folder``."""

    folder: Path

    def take(self, page: Page, name: str, *, focus: Locator | None = None) -> None:
        """Picture ``page`` in both sizes, ``focus`` (or the top of the page) in view."""
        for size in SIZES:
            page.set_viewport_size(size)
            if focus:
                focus.evaluate(UPPER_THIRD)
            page.wait_for_timeout(SETTLES_MS)
            self._write(page.screenshot(animations="disabled", caret="hide"), f"{name}-{size['width']}.png")
        page.set_viewport_size(SIZES[0])

    def _write(self, png: bytes, name: str) -> None:
        picture = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS)
        picture.save(self.folder / name, optimize=True)
