"""What follows from a look at a basket? Each price that moved, each line that cannot be bought, whatever the visit."""

import uuid
from collections.abc import Iterator

from oscar_engage.signals.shipped_baskets import BasketChecked, LineUnavailable, PriceChanged
from oscar_engage.signals.signal import Signal, Source

_NAMESPACE = uuid.UUID("0c6a7a3e-8b62-4d0f-9d7c-5a1a2e6f4b90")


def follow_check(signal: Signal) -> Iterator[Signal]:
    """Give what ``signal`` says of single lines; nothing unless it is a look at a basket.

    The ids come from the line and what became of it, not from the look: the log keeps each once, in whichever visit, by page or
    by sweep, it is seen.
    """
    found = signal.payload
    if not isinstance(found, BasketChecked):
        return
    for move in found.prices:
        changed = PriceChanged(
            product_id=move.product_id,
            before=move.before,
            now=move.now,
            direction="up" if move.now > move.before else "down",
            currency=move.currency,
        )
        yield _derive(signal, "basket.price_changed", changed, f"{move.line_id}:{move.now}:{move.currency}")
    for shortage in found.shortages:
        gone = LineUnavailable(product_id=shortage.product_id, reason=shortage.reason)
        yield _derive(signal, "basket.line_unavailable", gone, f"{shortage.line_id}:{shortage.reason}")


def _derive(signal: Signal, kind: str, payload: PriceChanged | LineUnavailable, what: str) -> Signal:
    event_id = uuid.uuid5(_NAMESPACE, f"{kind}:{what}")
    return Signal(kind=kind, payload=payload, at=signal.at, event_id=event_id, source=Source.DERIVED)
