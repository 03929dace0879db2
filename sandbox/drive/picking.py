"""Are places that were picked on a product's page found again? Thirteen of them, after each of three changes to the page."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, expect

PLACES = {
    "title": ".product_main h1",
    "price": ".product_main p.price_color",
    "availability": ".product_main p.availability",
    "write a review": "#write_review",
    "add to basket": "#add_to_basket_form button",
    "wish list": ".product_main .btn-wishlist",
    "picture": "#product_gallery .carousel-item.active img",
    "description's heading": "#product_description h2",
    "description": "#product_description + p + p",
    "table of facts": "article > table",
    "availability in the table": "xpath=//th[normalize-space()='Availability']/following-sibling::td",
    "number of reviews": "xpath=//th[normalize-space()='Number of reviews']/following-sibling::td",
    "reviews' heading": "#reviews h2",
}
"""What is picked, and how the test knows it again: from Oscar's template, not as the algorithm does."""

PICKED_ON, ANOTHER, WITH_VARIANTS = "/catalogue/lykt-mini_6/", "/catalogue/hallin-3_20/", "/catalogue/hallin-2_19/"

RIGHT, WRONG, MISSING = "right", "wrong", "missing"
OTHER, LOGGED_IN, ADDED = CHANGES = ("another product", "logged in", "banner, menu and lines added")
"""What changes; what the bars speak of."""

UNCHANGED, GONE, VARIANTS = ("nothing", "the place itself is gone", "a product with variants")
"""Looked at as well: where the place is gone, nothing is the right answer."""

_LOAD = "async (address) => { window.picking = await import(address); }"
_SCRIPT = "/static/oscar_engage/dist/picker.js"
_DESCRIBE = "(element) => window.picking.describe(element, 'product')"
_FIND = """([element, picked]) => {
  const { found } = window.picking.vote(picked, "product");
  return found === element ? "right" : found ? "wrong" : "missing";
}"""
_FIND_GONE = """([element, picked]) => {
  // A text goes as a whole: of one paragraph of several the next takes the place.
  const beside = [...element.parentElement.children].filter((one) => one.localName === "p" && element.localName === "p");
  const gone = element.matches("article > p") ? beside : [element];
  const places = gone.map((one) => [one, document.createComment("")]);
  for (const [one, mark] of places) one.replaceWith(mark);
  const { found } = window.picking.vote(picked, "product");
  for (const [one, mark] of places) mark.replaceWith(one);
  return found ? "wrong" : "right";
}"""
_ADD = """() => {
  const banner = '<div class="alert"><p>Free delivery this week</p><a href="/offers/">More</a></div>';
  document.body.insertAdjacentHTML("afterbegin", banner);
  document.querySelector(".page_inner").insertAdjacentHTML("afterbegin", "<div><p>Summer sale</p></div>");
  for (const list of document.querySelectorAll(".navbar-nav")) {
    list.insertAdjacentHTML("afterbegin", '<li class="nav-item"><a class="nav-link" href="/stores/">Stores</a></li>');
  }
  document.querySelector(".product_main h1").insertAdjacentHTML("afterend", "<p>New in the shop</p>");
  document.querySelector("article > table tr").insertAdjacentHTML("beforebegin", "<tr><th>Made in</th><td>Norway</td></tr>");
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one place after one change: ``right``, ``wrong`` or ``missing``."""

    place: str
    change: str
    verdict: str


def try_places(address: str, new_context: Callable[[], BrowserContext], customer: tuple[str, str]) -> list[Found]:
    """Pick every place on a product's page and look for it on changed ones; ``customer``: mail and password of an account."""
    page = new_context().new_page()
    _open(page, address + PICKED_ON)
    picked = {place: page.locator(truth).evaluate(_DESCRIBE) for place, truth in PLACES.items()}

    def look(change: str, script: str = _FIND) -> list[Found]:
        return [
            Found(
                place=place, change=change, verdict=page.evaluate(script, [page.locator(truth).element_handle(), picked[place]])
            )
            for place, truth in PLACES.items()
        ]

    found = look(UNCHANGED) + look(GONE, _FIND_GONE)
    page.evaluate(_ADD)
    found += look(ADDED)
    _open(page, address + ANOTHER)
    found += look(OTHER)
    _open(page, address + WITH_VARIANTS)
    found += look(VARIANTS)
    _log_in(page, address, customer)
    _open(page, address + PICKED_ON)
    return found + look(LOGGED_IN)


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.evaluate(_LOAD, _SCRIPT)


def _log_in(page: Page, address: str, customer: tuple[str, str]) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("#id_login-username", customer[0])
    page.fill("#id_login-password", customer[1])
    page.press("#id_login-password", "Enter")
    expect(page.locator("#logout_link")).to_have_count(1)
