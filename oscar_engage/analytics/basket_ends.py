"""What became of the baskets? Left behind or ordered, as the log tells it, and by whom."""

from datetime import timedelta

from django.db.models import QuerySet

from oscar_engage.signals.models import SignalRecord

LOST_KINDS = ("basket.abandoned", "payment.lost")
ORDERED_KIND = "order.placed"

BEFORE = timedelta(days=1)
"""What a shopper did with us counts for the end of a basket for so long: after a night something else has happened."""


def basket_ends() -> "QuerySet[SignalRecord]":
    """Return the signals with which baskets end."""
    return SignalRecord.objects.filter(kind__in=(*LOST_KINDS, ORDERED_KIND))
