"""What has to hold? A measured value beside its bar, printed as a table.

A value with an interval is judged by the interval. Wholly within the bar: ``ok``. Wholly beyond it: ``MISSED``. Otherwise the
bar is ``not shown``: the measurement was too noisy to tell, which is no success either, unless the line says that it only has
to be not missed (``is_lenient``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.median import Median

OK, MISSED, NOT_SHOWN = "ok", "MISSED", "not shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the result; without ``bar`` or ``floor`` it only informs."""

    what: str
    measured: float
    unit: str = ""
    bar: float | None = None
    """The value may be at most this."""

    floor: float | None = None
    """The value has to be at least this."""

    interval: tuple[float, float] | None = None
    is_lenient: bool = False

    @property
    def verdict(self) -> str:
        """What the measurement says about the bar or the floor; empty without one."""
        low, high = self.interval or (self.measured, self.measured)
        if self.floor is not None:
            return OK if low >= self.floor else MISSED if high < self.floor else NOT_SHOWN
        if self.bar is None:
            return ""
        return OK if high <= self.bar else MISSED if low > self.bar else NOT_SHOWN

    @property
    def holds(self) -> bool:
        """Whether the bar is kept, as far as this line insists on it."""
        return self.verdict in {"", OK} or (self.is_lenient and self.verdict == NOT_SHOWN)


def median_line(
    what: str, median: Median, *, unit: str, bar: float | None = None, floor: float | None = None, is_lenient: bool = False
) -> Line:
    """Return the row of a median with its interval."""
    interval = (median.low, median.high)
    return Line(what=what, measured=median.value, unit=unit, bar=bar, floor=floor, interval=interval, is_lenient=is_lenient)


def report(title: str, lines: Sequence[Line]) -> bool:
    """Print the lines and return whether every bar holds."""
    print(f"\n{title}")
    width = max(len(line.what) for line in lines)
    for line in lines:
        bar = _say_bar(line)
        interval = f"{line.interval[0]:+.3f} to {line.interval[1]:+.3f}" if line.interval else ""
        print(f"  {line.what:<{width}}  {line.measured:>10.3f} {line.unit:<7} {interval:<20} {bar:<18} {line.verdict}".rstrip())
    return all(line.holds for line in lines)


def _say_bar(line: Line) -> str:
    if line.floor is not None:
        return f"at least {line.floor:g} {line.unit}".strip()
    return "" if line.bar is None else f"at most {line.bar:g} {line.unit}".strip()
