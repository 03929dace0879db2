"""What does the log say of a visit? The few kinds of signals that reports count; plain values, no database."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

PRODUCTS = 120
"""Products are named by the first so many ids of the catalogue."""

STUMBLED_BOUGHT, STUMBLED_LOST, STUMBLED_ELSEWHERE = 0.1, 0.4, 0.12
"""Shares of visits with a struggle: in the checkout of those who bought and did not, and of those who never were there."""

READ_HELP, SEARCHED = 0.06, 0.12
TIMED, LOOKED = 0.4, 0.4
SAID_SO, WAS_HELPED = 0.5, 0.7
ANOTHER, MOST_PAGES, SAW_NO_PRODUCT, TOLD_IDLE = 0.25, 6, 0.4, 0.3
PLACES = {"add-to-basket": 0.2, "price": 0.03, "size-table": 0.12, "delivery-note": 0.06}
"""Marked places of a product's page, and the share of those who saw them that clicked."""

ARTICLES = ("delivery-times-and-costs", "boot-size", "send-back", "where-is-my-order", "card-declined", "clothing-size")
_SEARCHES = (("tent", 9), ("stove", 11), ("down jacket", 6), ("boots", 14), ("head torch", 8), ("map", 4))
_NOT_FOUND = ("hammock", "snowshoes", "dog coat", "ice axe")

_Told = tuple[str, dict[str, Any]]

_IN_CHECKOUT: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (12, "form.invalid", {"form": "shipping", "fields": ["postcode"]}),
    (3, "form.invalid", {"form": "shipping", "fields": ["phone_number"]}),
    (3, "field.hesitated", {"name": "postcode", "seconds": 14}),
    (2, "checkout.back", {"step": "shipping-method"}),
    (2, "payment.failed", {"reason": "declined"}),
    (2, "page.dead_clicked", {"place": "delivery-address"}),
)
_ELSEWHERE: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (4, "page.rage_clicked", {"place": "add-to-basket"}),
    (3, "page.sought", {}),
    (2, "product.unavailable", {}),
    (2, "page.dead_clicked", {"place": "price"}),
    (1, "voucher.refused", {}),
    (1, "login.failed", {}),
)
_FROM_BROWSER = ("page.", "field.")


@dataclass(frozen=True, slots=True)
class Click:
    """One signal: what kind, said what, and when."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    at: datetime

    @property
    def source(self) -> str:
        """Who said so."""
        return "browser" if self.kind.startswith(_FROM_BROWSER) else "server"


def click_through(
    began: datetime, ended: datetime, *, page: str, stage: str, has_bought: bool, chance: random.Random
) -> tuple[Click, ...]:
    """Return the signals of a visit in their order; ``page`` is the address on which a rule held, if one did."""
    told = _browse(page, stage, chance)
    if stage != "browsing":
        told += [("basket.line_added", {"product_id": told[-1][1]["product_id"]}), ("page.viewed", {"page": "basket"})]
    is_checkout = stage in {"checkout", "ordered"}
    if is_checkout:
        told += _check_out(page, has_bought=has_bought)
    told = _with_leaving(told, chance)
    told += _look_round(page, chance)
    told += _struggle(page, has_bought=has_bought, is_checkout=is_checkout, chance=chance)
    step = (ended - began) / max(1, len(told) - 1)
    return tuple(
        Click(UUID(int=chance.getrandbits(128), version=4), kind, payload, began + place * step)
        for place, (kind, payload) in enumerate(told)
    )


def _browse(page: str, stage: str, chance: random.Random) -> list[_Told]:
    """Return the pages on the way to a product, and the products; some of those who only browse come to none."""
    told: list[_Told] = [("page.viewed", {"page": "category"})]
    while len(told) < MOST_PAGES and chance.random() < ANOTHER:
        told.append(("page.viewed", {"page": chance.choice(("home", "category"))}))
    if stage == "browsing" and page == "/" and chance.random() < SAW_NO_PRODUCT:
        return told
    for _product in range(3 if page == "/catalogue/" else chance.choice((1, 1, 1, 2))):
        product = chance.randrange(1, PRODUCTS)
        told.append(("product.viewed", {"product_id": product}))
        told.append(("page.viewed", {"page": "product", "product_id": product}))
    return told


def _with_leaving(told: list[_Told], chance: random.Random) -> list[_Told]:
    """Have some pages tell, when they are left, for how long nothing was touched on them: longer on the last."""
    found: list[_Told] = []
    for place, (kind, payload) in enumerate(told, start=1):
        found.append((kind, payload))
        if kind == "page.viewed" and chance.random() < TOLD_IDLE:
            idle = int(chance.expovariate(1 / (35 if place == len(told) else 15)))
            found.append(("page.left", {**payload, "visible": idle + chance.randrange(5, 60), "idle": idle}))
    return found


def _check_out(page: str, *, has_bought: bool) -> list[_Told]:
    told: list[_Told] = [
        ("checkout.step", {"step": "shipping-address"}),
        ("page.viewed", {"page": "checkout", "step": "shipping-address"}),
        ("field.left", {"name": "postcode", "seconds": 6, "edits": 7}),
    ]
    if has_bought or page != "/checkout/shipping-address/":
        told.append(("page.viewed", {"page": "checkout", "step": "shipping-method"}))
    if has_bought or page == "/checkout/preview/":
        told.append(("checkout.step", {"step": "payment-details"}))
        told.append(("payment.tried", {}))
    return told


def _look_round(page: str, chance: random.Random) -> list[_Told]:
    """Return what is done beside the way: a search, an article, places that are seen, and how long a page took."""
    told: list[_Told] = []
    if chance.random() < TIMED:
        told.append(("page.timed", {"load": int(min(9000, max(400, chance.gauss(1900, 600)))), "answer": 180}))
    if chance.random() < LOOKED:
        clicked = [slot for slot, share in PLACES.items() if chance.random() < share]
        told.append(("page.anchors", {"seen": list(PLACES), "clicked": clicked}))
    if page == "/search/":
        told.append(("search.made", {"query": chance.choice(_NOT_FOUND), "results": 0}))
    elif chance.random() < SEARCHED:
        query, results = chance.choice(_SEARCHES)
        told.append(("search.made", {"query": query, "results": results}))
    if chance.random() < READ_HELP:
        article = chance.choice(ARTICLES)
        told.append(("help.opened", {"article": article, "language": "en"}))
        if chance.random() < SAID_SO:
            told.append(("help.rated", {"article": article, "helpful": chance.random() < WAS_HELPED}))
    return told


def _struggle(page: str, *, has_bought: bool, is_checkout: bool, chance: random.Random) -> list[_Told]:
    if page == "/checkout/preview/":
        return [("payment.failed", {"reason": "declined"})]
    share = STUMBLED_ELSEWHERE if not is_checkout else STUMBLED_BOUGHT if has_bought else STUMBLED_LOST
    if chance.random() >= share:
        return []
    ways = _IN_CHECKOUT if is_checkout else _ELSEWHERE
    _weight, kind, payload = chance.choices(ways, [weight for weight, *_way in ways])[0]
    return [(kind, {"product_id": chance.randrange(1, PRODUCTS)} if kind == "product.unavailable" else payload)]
