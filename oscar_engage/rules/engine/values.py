"""What can a variable be worth? Plain values, and ``UNKNOWN`` for what nobody can say."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias


class Unknown(Enum):
    """The type of :data:`UNKNOWN`; an enum, so that a type checker can narrow it."""

    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # an enum's own is slow, and this one is looked up for every value that is missing


UNKNOWN: Final = Unknown.UNKNOWN
"""No value: not measured, not permitted or not defined. It is neither zero nor empty nor false."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217 code). Amounts of two currencies cannot be compared."""

    amount: Decimal
    currency: str


Scalar: TypeAlias = bool | int | float | str | Money
Value: TypeAlias = Scalar | frozenset[str] | Unknown
"""What a variable reads as."""

Expected: TypeAlias = Scalar | tuple[Scalar, ...] | None
"""What a condition compares with: one value, the values of a list or range, or nothing (``null``, ``notNull``)."""
