"""Where did it happen, and what went wrong? One signal read as struggles at spots, without a database.

A *spot* is what staff can change: a marked place, a form's field, a page, a step of the checkout. The most telling one is
chosen, so that each struggle has one spot. Products stand apart: a struggle on a product's page is told of the product, too.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class SpotKind(StrEnum):
    """What kind of thing a spot is."""

    PLACE = "place"
    """A marked place of a page (``data-engage-id``), by its slot."""

    FIELD = "field"
    """A field of a form, by its name; of errors that belong to no field, the form's name."""

    PAGE = "page"
    """A kind of page."""

    STEP = "step"
    """A step of the checkout, by its view's name; :data:`PAYMENT` for paying itself."""

    PRODUCT = "product"
    """A product, by its id; beside the spot proper, never instead of it."""


class Struggle(StrEnum):
    """What went wrong."""

    RAGE = "rage"
    DEAD = "dead"
    FIELD_ERROR = "field_error"
    HESITATED = "hesitated"
    BACK_STEP = "back_step"
    TURNED_AWAY = "turned_away"
    QUICK_BACK = "quick_back"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_LOST = "payment_lost"
    NOTHING_FOUND = "nothing_found"
    SOLD_OUT = "sold_out"
    NOT_ADDED = "not_added"
    VOUCHER_REFUSED = "voucher_refused"
    LOGIN_FAILED = "login_failed"
    SOUGHT = "sought"
    SHAKEN = "shaken"
    SCRIPT_FAILED = "script_failed"


PAYMENT = "payment"
"""The name of the step at which the shopper presses "pay"; views have names of their own."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """One thing that can hurt."""

    kind: SpotKind
    name: str


@dataclass(frozen=True, slots=True)
class Here:
    """The page on which the shopper is, as far as the log told before; and the one before it."""

    page: str = "other"
    step: str = ""
    product_id: int | None = None
    before: str = "other"

    @property
    def spot(self) -> Spot:
        """The page as a spot: in the checkout its step."""
        is_step = self.page == "checkout" and self.step
        return Spot(SpotKind.STEP, self.step) if is_step else Spot(SpotKind.PAGE, self.page)

    def move(self, payload: Mapping[str, Any]) -> "Here":
        """Return where the shopper is after ``page.viewed``."""
        page, step, product = _text(payload, "page") or "other", _text(payload, "step"), payload.get("product_id")
        return Here(page, step, product if isinstance(product, int) else None, before=self.page)


@dataclass(frozen=True, slots=True)
class Told:
    """What one signal tells: struggles at spots, and spots that were reached, whether or not it went well there."""

    struggles: tuple[tuple[Spot, Struggle], ...] = ()
    reached: tuple[Spot, ...] = ()


NOTHING = Told()

_SLOT = re.compile(r"[\w-]{1,64}", re.ASCII)

_Reader = Callable[[Mapping[str, Any], Here], Told]


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def _product(product_id: object) -> tuple[Spot, ...]:
    return (Spot(SpotKind.PRODUCT, str(product_id)),) if type(product_id) is int else ()


def _at(spots: Iterable[Spot], struggle: Struggle) -> Told:
    return Told(tuple((spot, struggle) for spot in spots))


def _on_page(struggle: Struggle) -> _Reader:
    return lambda _payload, here: _at((here.spot, *_product(here.product_id)), struggle)


def _clicked(struggle: Struggle) -> _Reader:
    def read(payload: Mapping[str, Any], here: Here) -> Told:
        slot, _bar, thing = _text(payload, "place").partition("|")
        kind, _colon, number = thing.partition(":")
        product = int(number) if kind == "product" and number.isdecimal() and number.isascii() else here.product_id
        spot = Spot(SpotKind.PLACE, slot) if _SLOT.fullmatch(slot) else here.spot
        return _at((spot, *_product(product)), struggle)

    return read


def _on(kind: SpotKind, name: str, struggle: Struggle) -> _Reader:
    return lambda payload, _here: _at((Spot(kind, name), *_product(payload.get("product_id"))), struggle)


def _on_step(struggle: Struggle) -> _Reader:
    return lambda payload, _here: _at((Spot(SpotKind.STEP, _text(payload, "step") or "index"),), struggle)


def _form_invalid(payload: Mapping[str, Any], _here: Here) -> Told:
    fields = payload.get("fields")
    names = {name for name in fields if isinstance(name, str) and name} if isinstance(fields, list | tuple) else set()
    spots = [Spot(SpotKind.FIELD, name) for name in sorted(names or {_text(payload, "form")} - {""})]
    return Told(tuple((spot, Struggle.FIELD_ERROR) for spot in spots))


def _field_left(payload: Mapping[str, Any], _here: Here) -> Told:
    name = _text(payload, "name")
    if not name:
        return NOTHING
    spot = Spot(SpotKind.FIELD, name)
    return Told(((spot, Struggle.FIELD_ERROR),) if payload.get("invalid") is True else (), (spot,))


def _field_hesitated(payload: Mapping[str, Any], _here: Here) -> Told:
    name = _text(payload, "name")
    return _at((Spot(SpotKind.FIELD, name),), Struggle.HESITATED) if name else NOTHING


def _quick_back(payload: Mapping[str, Any], here: Here) -> Told:
    product = _product(payload.get("product_id"))
    return _at((Spot(SpotKind.PAGE, "product" if product else here.before), *product), Struggle.QUICK_BACK)


def _searched(page: str) -> _Reader:
    def read(payload: Mapping[str, Any], _here: Here) -> Told:
        spot = Spot(SpotKind.PAGE, page)
        return Told(((spot, Struggle.NOTHING_FOUND),) if payload.get("results") == 0 else (), (spot,))

    return read


def _page_viewed(payload: Mapping[str, Any], _here: Here) -> Told:
    there = Here().move(payload)
    return Told(reached=(there.spot, *_product(there.product_id)))


def _anchors_seen(payload: Mapping[str, Any], _here: Here) -> Told:
    seen = payload.get("seen")
    names = {name.partition("|")[0] for name in seen if isinstance(name, str)} if isinstance(seen, list | tuple) else set()
    return Told(reached=tuple(Spot(SpotKind.PLACE, name) for name in sorted(names) if _SLOT.fullmatch(name)))


def _reached(spot: Spot) -> _Reader:
    return lambda _payload, _here: Told(reached=(spot,))


READERS: Mapping[str, _Reader] = {
    "page.viewed": _page_viewed,
    "page.anchors": _anchors_seen,
    "page.rage_clicked": _clicked(Struggle.RAGE),
    "page.dead_clicked": _clicked(Struggle.DEAD),
    "page.sought": _on_page(Struggle.SOUGHT),
    "pointer.thrashed": _on_page(Struggle.SHAKEN),
    "script.failed": _on_page(Struggle.SCRIPT_FAILED),
    "page.quick_back": _quick_back,
    "form.invalid": _form_invalid,
    "field.left": _field_left,
    "field.hesitated": _field_hesitated,
    "search.made": _searched("search"),
    "help.searched": _searched("help"),
    "product.viewed": lambda payload, _here: Told(reached=_product(payload.get("product_id"))),
    "product.unavailable": _on(SpotKind.PAGE, "product", Struggle.SOLD_OUT),
    "basket.refused": _on(SpotKind.PAGE, "basket", Struggle.NOT_ADDED),
    "voucher.refused": _on(SpotKind.PAGE, "basket", Struggle.VOUCHER_REFUSED),
    "login.failed": _on(SpotKind.PAGE, "account", Struggle.LOGIN_FAILED),
    "login.succeeded": _reached(Spot(SpotKind.PAGE, "account")),
    "checkout.step": lambda payload, _here: Told(reached=(Spot(SpotKind.STEP, _text(payload, "step") or "index"),)),
    "checkout.back": _on_step(Struggle.BACK_STEP),
    "checkout.refused": _on_step(Struggle.TURNED_AWAY),
    "payment.tried": _reached(Spot(SpotKind.STEP, PAYMENT)),
    "payment.failed": _on(SpotKind.STEP, PAYMENT, Struggle.PAYMENT_FAILED),
    "payment.lost": _on(SpotKind.STEP, PAYMENT, Struggle.PAYMENT_LOST),
    "order.failed": _on(SpotKind.STEP, PAYMENT, Struggle.PAYMENT_FAILED),
}
"""How each kind of signal is read; all others tell nothing of this."""


def read_signal(kind: str, payload: Mapping[str, Any], here: Here) -> Told:
    """Return what a stored signal tells; one that no kind of today wrote tells what of it can be read."""
    reader = READERS.get(kind)
    return reader(payload, here) if reader else NOTHING
