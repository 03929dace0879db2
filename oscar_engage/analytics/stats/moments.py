"""What has to be kept of one arm and one measure so that everything else can be calculated? Seven numbers that add up."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from math import isfinite
from typing import Self


@dataclass(frozen=True, slots=True)
class Moments:
    """Sufficient statistics of some units: how many, and the sums of y, x, their squares and their product.

    ``y`` is what is measured of a unit, 0 for those who did nothing: everybody who was drawn counts (intention to treat).
    ``x`` is, for :func:`~oscar_engage.analytics.stats.lift.compare`, what was known of the unit *before* it was eligible, and
    for :func:`~oscar_engage.analytics.stats.lift.compare_ratio` the denominator (orders, ratings). ``positives`` counts the
    units whose ``y`` is not 0.

    Those of two disjoint groups add up with ``+``; ``Moments()`` is nothing. Give whole numbers (orders, minor units of a
    currency) and every sum and every variance is exact, in whatever order the days are added.
    """

    units: int = 0
    positives: int = 0
    sum_y: float = 0
    sum_yy: float = 0
    sum_x: float = 0
    sum_xx: float = 0
    sum_xy: float = 0

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> Self:
        """Return the statistics of ``(y, x)`` pairs, one a unit."""
        units = positives = 0
        sum_y: float = 0
        sum_yy: float = 0
        sum_x: float = 0
        sum_xx: float = 0
        sum_xy: float = 0
        for y, x in pairs:
            units += 1
            positives += y != 0
            sum_y, sum_yy = sum_y + y, sum_yy + y * y
            sum_x, sum_xx, sum_xy = sum_x + x, sum_xx + x * x, sum_xy + x * y
        return cls(units, positives, sum_y, sum_yy, sum_x, sum_xx, sum_xy)

    @classmethod
    def of_values(cls, values: Iterable[float]) -> Self:
        """Return the statistics of values of ``y`` of which nothing was known before."""
        return cls.of((value, 0) for value in values)

    @classmethod
    def of_share(cls, successes: int, units: int) -> Self:
        """Return the statistics of ``units`` of which ``successes`` did it (1) and the others did not (0)."""
        return cls(units, successes, successes, successes)

    @classmethod
    def from_numbers(cls, numbers: Sequence[float]) -> Self:
        """Return what :meth:`as_numbers` was called on; numbers that no units can have raise :class:`ValueError`."""
        if len(numbers) != len(cls.__slots__) or not all(isfinite(number) for number in numbers):
            raise ValueError(f"{numbers!r} are not the {len(cls.__slots__)} numbers of a group.")
        units, positives, *sums = numbers
        if not 0 <= positives <= units or {units % 1, positives % 1} != {0}:
            raise ValueError(f"{positives} of {units} units is not a count.")
        return cls(int(units), int(positives), *sums)

    def as_numbers(self) -> tuple[float, ...]:
        """Return the seven numbers in the order of the fields, to be stored as a list in JSON.

        Python's JSON and PostgreSQL's keep whole numbers of any size; sums of squares of cents do exceed 2^53.
        """
        return astuple(self)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(
            self.units + other.units,
            self.positives + other.positives,
            self.sum_y + other.sum_y,
            self.sum_yy + other.sum_yy,
            self.sum_x + other.sum_x,
            self.sum_xx + other.sum_xx,
            self.sum_xy + other.sum_xy,
        )

    @property
    def is_share(self) -> bool:
        """Whether ``y`` was 0 or 1 for everybody."""
        return self.sum_y == self.sum_yy == self.positives

    @property
    def mean_y(self) -> float:
        """The mean of y; of no units, :class:`ZeroDivisionError`."""
        return self.sum_y / self.units

    @property
    def mean_x(self) -> float:
        """The mean of x; of no units, :class:`ZeroDivisionError`."""
        return self.sum_x / self.units

    @property
    def variance_y(self) -> float:
        """The sample variance of y (n - 1); of fewer than two units, :class:`ZeroDivisionError`."""
        return max(0.0, self._scatter(self.sum_yy, self.sum_y, self.sum_y))

    @property
    def variance_x(self) -> float:
        """The sample variance of x, as that of y."""
        return max(0.0, self._scatter(self.sum_xx, self.sum_x, self.sum_x))

    @property
    def covariance(self) -> float:
        """The sample covariance of x and y."""
        return self._scatter(self.sum_xy, self.sum_x, self.sum_y)

    def _scatter(self, products: float, first: float, second: float) -> float:
        # one division at the end: with whole numbers nothing is rounded, or cancelled, before it
        return (self.units * products - first * second) / (self.units * (self.units - 1))
