"""The part of a price that is VAT."""

from decimal import ROUND_HALF_UP, Decimal

#: Standard rate of the United Kingdom (gov.uk/vat-rates).
RATE = Decimal("0.20")
PENNY = Decimal("0.01")


def without_vat(price: Decimal) -> Decimal:
    """The net part of ``price``, which includes VAT, to the penny."""
    return (price / (1 + RATE)).quantize(PENNY, rounding=ROUND_HALF_UP)
