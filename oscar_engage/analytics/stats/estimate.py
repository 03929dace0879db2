"""What is known of a mean or a difference? A value and how far it may be off."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, in the measure's own unit."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> "Estimate":
        """Return the estimate in a unit that is ``factor`` (not negative) times as small."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Pair:
    """The means of both arms and their variances: ``treated_variance`` is that of the mean, not of one unit."""

    treated: float
    control: float
    treated_variance: float
    control_variance: float
    covariance: float = 0.0

    @property
    def error(self) -> float:
        """The standard error of the difference."""
        return sqrt(max(0.0, self.treated_variance + self.control_variance - 2 * self.covariance))

    @property
    def has_spread(self) -> bool:
        """Whether both arms vary, so that there is something to tell how far means and difference may be off."""
        return min(self.treated_variance, self.control_variance, self.error) > 0

    def difference(self, width: float) -> Estimate:
        """Return treated minus control, ``width`` standard errors to either side."""
        value = self.treated - self.control
        return Estimate(value, value - width * self.error, value + width * self.error)

    def ratio(self, width: float) -> Estimate | None:
        """Return treated divided by control; ``None`` where that has no bounds, for control may as well be nothing.

        All ratios r for which treated - r control may be 0. Source: E. C. Fieller, "Some problems in interval estimation",
        JRSS B 16 (1954) 175-185. It needs no approximation of its own: it holds where the interval of a difference does.
        For measures that are not negative: neither is the ratio.
        """
        square = width * width
        a = self.control**2 - square * self.control_variance
        b = self.treated * self.control - square * self.covariance
        c = self.treated**2 - square * self.treated_variance
        if a <= 0:
            return None
        reach = sqrt(max(0.0, b * b - a * c))
        value = self.treated / self.control
        return Estimate(value, max(0.0, min(value, (b - reach) / a)), max(value, (b + reach) / a))
