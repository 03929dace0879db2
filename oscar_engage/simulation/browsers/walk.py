"""How does a simulated shopper walk through a running shop? Its planned visit, page by page, with time pressed together."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from oscar_engage.simulation.browsers.browser import Answer, Browser
from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.world.looks import Look
from oscar_engage.simulation.world.shopper import Shopper
from oscar_engage.simulation.world.visit import plan_visit

CONSENT_COOKIE = "shop_consent"
CONSENTS = {2: "statistics", 3: "all"}
"""The sandbox's cookie for what the shopper agreed to, by ``ConsentLevel``."""

ADDRESSES = {
    "home": "/",
    "category": "/catalogue/",
    "search": "/search/?q=tent",
    "basket": "/basket/",
    "checkout": "/checkout/",
}
LONGEST_WAIT = 2.5
"""Seconds between two looks, at most: longer than the quiet that follows an opened page."""


@dataclass(slots=True)
class Walked:
    """What one shopper did: pages opened, beats answered well, baskets filled, and offers that came back."""

    pages: int = 0
    beats: int = 0
    baskets: int = 0
    offers: int = 0


def walk(
    shopper: Shopper, address: str, *, seed: int, parameters: Parameters, wait: Callable[[float], None] = time.sleep
) -> Walked:
    """Walk the first visit of ``shopper`` in the shop at ``address``; raises ``OSError`` when the shop does not answer."""
    browser, done = Browser(address), Walked()
    if shopper.consent in CONSENTS:
        browser.cookies[CONSENT_COOKIE] = CONSENTS[shopper.consent]
    products = browser.get("/catalogue/").products
    page: Answer | None = None
    before = 0.0
    for look in plan_visit(shopper, 1, seed=seed, parameters=parameters).body:
        if look.visible == 0:
            page = _open(browser, look, products, page, done)
        wait(min(LONGEST_WAIT, look.after - before))
        before = look.after
        if page is not None and page.beat is not None:
            _tell(browser, page, look, done)
    return done


def _open(browser: Browser, look: Look, products: tuple[str, ...], page: Answer | None, done: Walked) -> Answer:
    if look.page.kind == "basket" and page is not None and page.add_to_basket:
        filled = browser.submit(page.add_to_basket, page.token, quantity="1")
        done.baskets += filled.status < 400  # noqa: PLR2004 - not refused
    product = (look.page.product_id or 0) % len(products) if products else 0
    path = products[product] if look.page.product_id and products else ADDRESSES.get(look.page.kind, "/")
    done.pages += 1
    return browser.get(path)


def _tell(browser: Browser, page: Answer, look: Look, done: Walked) -> None:
    beat = page.beat
    if beat is None:
        return
    path, facts = beat
    sent = time.time() * 1000
    signals = [
        {"id": str(uuid.uuid4()), "kind": kind, "at": sent, "data": _data(kind, payload)}
        for kind, payload in look.told
        if kind.startswith("page.")
    ]
    told: dict[str, object] = {"v": 1, "sent": sent, "page": facts, "path": page.path, "fetch": True, "signals": signals}
    answer = browser.beat(path, {**told, "idle": look.idle, "visible": look.visible})
    done.beats += answer.status < 400  # noqa: PLR2004 - not refused
    done.offers += "data-engage-widget" in answer.text


def _data(kind: str, payload: msgspec.Struct) -> dict[str, object]:
    """Return what the browser itself says; which page it is, it says with the signed facts."""
    return {} if kind == "page.viewed" else msgspec.to_builtins(payload)
