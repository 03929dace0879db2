"""In what is a feature counted? Units with their bounds, so that no visit makes a number that a model cannot take."""

from dataclasses import dataclass
from math import isnan


@dataclass(frozen=True, slots=True)
class Unit:
    """``low`` and ``high``, floats, bound a value; ``digits`` after the point stay: the log is small, and exact in JSON."""

    words: str
    low: float
    high: float
    digits: int

    def bound(self, value: float | None) -> float | None:
        """Return ``value`` within the bounds, rounded; what is missing or not a number is missing. Never minus zero."""
        if value is None:
            return None
        if value <= self.low:
            return self.low
        if value >= self.high:
            return self.high
        if type(value) is not float:  # whole already; to round costs more than all the rest
            return float(value)
        return None if isnan(value) else round(value, self.digits) + 0.0


COUNT = Unit("number", 0.0, 1_000_000.0, 0)
SECONDS = Unit("seconds", 0.0, 86_400.0, 1)
DAYS = Unit("days", 0.0, 3_650.0, 1)
MONEY = Unit("basket's currency", 0.0, 1e9, 2)
PERCENT = Unit("percent", 0.0, 100.0, 0)
STAGE = Unit("0 to 5", 0.0, 5.0, 0)
YES = Unit("1 yes, 0 no", 0.0, 1.0, 0)
CYCLE = Unit("-1 to 1", -1.0, 1.0, 4)
