"""Whose browser is this, for what it keeps of unfinished forms? A name that says nothing, the same for one account only."""

from django.utils.crypto import salted_hmac

_SALT = "oscar_engage.storefront.kept"
_DIGITS = 32


def owner_of(customer_pk: object | None) -> str:
    """Return what the account ``customer_pk`` is called in its browsers; empty for nobody's.

    It can be told by whoever knows the shop's secret key alone, so it leads nobody from a shared computer to a customer.
    """
    return "" if customer_pk is None else salted_hmac(_SALT, str(customer_pk), algorithm="sha256").hexdigest()[:_DIGITS]
