"""What do costs need to be told from above? What vouchers took off orders, and what would not have come without us."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from oscar_engage.analytics.costs.ratio import Increment
from oscar_engage.core.registry import Registry


class Discounts(Protocol):
    """Something that knows the shop's orders."""

    def read(self, voucher_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
        """Return what each of these vouchers (at most 500) took off orders, in hundredths by currency; one query."""
        ...


class Increments(Protocol):
    """Something that compares treated shoppers with those left alone."""

    def read(self, since: date, until: date) -> Increment | None:
        """Return what would not have come on the days ``[since, until)`` without us; ``None``: nothing can be said."""
        ...


DISCOUNTS: Registry[Discounts] = Registry("source of discounts")
"""Who is asked; without anybody, discounts are not known and count as none."""

INCREMENTS: Registry[Increments] = Registry("source of increments")
"""The first one registered is asked; without anybody, "not yet"."""


def read_increment(since: date, until: date) -> Increment | None:
    """Return what the days ``[since, until)`` brought in addition, as the first source says."""
    source = next(iter(INCREMENTS), None)
    return None if source is None else source.read(since, until)
