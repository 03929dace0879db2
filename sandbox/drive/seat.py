"""Where does a shopper of the walk sit? At a browser, from which forms of the shop are sent and the visit is known."""

import uuid
from dataclasses import dataclass, field

from playwright.sync_api import Page

from sandbox.drive import shopper
from sandbox.drive.shop import RealShop

SEND = """(form) => {
  const button = form.querySelector("button[type=submit][name]");
  if (button) form.insertAdjacentHTML("beforeend", `<input type="hidden" name="${button.name}" value="${button.value}">`);
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass
class Seat:
    """A shopper's browser. ``is_phone``: a small touch screen and no mouse. ``email`` is whom the shopper says to be."""

    page: Page
    shop: RealShop
    is_phone: bool
    email: str = field(default_factory=lambda: f"walker-{uuid.uuid4().hex[:12]}@example.com")

    def open(self, path: str) -> None:
        """Open a page of the shop and wait until its first beat was answered."""
        with self.page.expect_response(lambda response: "/engage/beat/" in response.url):
            self.page.goto(f"{self.shop.address}{path}")

    def fill(self, form: str, **typed: str) -> None:
        """Fill in the form with this selector, hidden fields as well, and send it whatever the browser thinks of it."""
        for name, text in typed.items():
            self.page.locator(f"{form} [name='{name}']").first.evaluate("(field, text) => { field.value = text; }", text)
        self.send(form)

    def send(self, form: str) -> None:
        """Send the form, past the browser's own checks and the shop's own scripts."""
        with self.page.expect_navigation():
            self.page.locator(form).evaluate(SEND)

    @property
    def visit_id(self) -> str:
        """The number of the visit, by the demo bar's link to what engage sees of it."""
        link = self.page.locator("[data-demobar-watch]").get_attribute("href", timeout=shopper.SOON) or ""
        return link.rstrip("/").rpartition("/")[2]
