"""The kinds about lines of a basket that are no longer what they were when they were put in."""

from typing import Annotated

from msgspec import Meta, Struct

from oscar_engage.signals.kinds import Amount, Id, Name, Payload, signal_kind

MOST_LINES = 20
"""Lines of each sort that one look at a basket tells of: more in one basket are an import, not a purchase."""


class PriceMove(Struct, frozen=True, array_like=True, order=True):
    """A line whose unit price is another than when it was put in; both with tax where it is known."""

    line_id: Id
    product_id: Id
    before: Amount
    now: Amount
    currency: Name = ""


class Shortage(Struct, frozen=True, array_like=True, order=True):
    """A line that cannot be bought: the product is ``sold_out``, or there are ``too_few``."""

    line_id: Id
    product_id: Id
    reason: Name


@signal_kind("basket.checked")
class BasketChecked(Payload, frozen=True):
    """A look at the basket's lines found prices moved or goods gone, or found that they no longer are."""

    basket_id: Id
    prices: Annotated[tuple[PriceMove, ...], Meta(max_length=MOST_LINES)] = ()
    shortages: Annotated[tuple[Shortage, ...], Meta(max_length=MOST_LINES)] = ()


@signal_kind("basket.price_changed")
class PriceChanged(Payload, frozen=True):
    """A product costs another price than when it was put into the basket; ``direction`` is ``up`` or ``down``.

    Told once for each line and each new price.
    """

    product_id: Id
    before: Amount
    now: Amount
    direction: Name
    currency: Name = ""


@signal_kind("basket.line_unavailable")
class LineUnavailable(Payload, frozen=True):
    """A line of the basket cannot be bought any more: ``sold_out``, or ``too_few`` are left.

    Told once for each line and reason.
    """

    product_id: Id
    reason: Name
