"""The pretended card processor: three test cards with known answers."""

from django.utils.translation import gettext as _
from oscar.apps.payment.exceptions import UnableToTakePayment

ACCEPTED = "4111111111111111"
DECLINED = "4000000000000002"
INSUFFICIENT = "4000000000009995"


def charge(number: str, *, order_number: str) -> str:
    """Take the money from a card and return the processor's reference.

    Raises ``UnableToTakePayment`` with a text for the customer for any card but the accepted one.
    """
    if number == INSUFFICIENT:
        raise UnableToTakePayment(_("Insufficient funds"))
    if number != ACCEPTED:
        raise UnableToTakePayment(_("Card declined"))
    return f"CARD-{order_number}"
