"""How many vouchers were given on a day, and what did they take off orders since?"""

from collections.abc import Iterator
from datetime import datetime

from oscar_engage.analytics.costs.ports import DISCOUNTS
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.core.chunks import chunks
from oscar_engage.widgets.models import GivenVoucher

MOST_AT_ONCE = 500
OPEN_DAYS = 32
"""A voucher holds for 30 days at most (720 hours); orders with it are counted on the day on which it was given."""


def count_vouchers(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Return ``("",)`` with the vouchers given, and for each currency what they took off."""
    rows = GivenVoucher.objects.filter(given_at__gte=day.starts_at, given_at__lt=day.ends_at)
    ids = rows.order_by().values_list("voucher_id", flat=True)
    numbers = ids.iterator(chunk_size=MOST_AT_ONCE)
    for some in chunks(numbers, MOST_AT_ONCE):
        yield ("",), (len(some), 0)
        for source in DISCOUNTS:
            for by_currency in source.read(some).values():
                yield from (((currency,), (0, amount)) for currency, amount in by_currency.items())


def begins() -> datetime | None:
    """Return when the first voucher was given that is still known."""
    return GivenVoucher.objects.order_by("given_at").values_list("given_at", flat=True).first()


VOUCHERS = declare(
    Rollup(
        name="vouchers",
        keys=("currency",),
        values=("given", "discount"),
        count=count_vouchers,
        open_days=lambda: OPEN_DAYS,
        reads=("given_vouchers",),
        begins=begins,
    )
)
