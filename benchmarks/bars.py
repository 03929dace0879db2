"""What has to hold? A measured value beside its bar, printed as a table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the result; without ``bar`` it only informs."""

    what: str
    measured: float
    unit: str = ""
    bar: float | None = None
    """The value may be at most this."""

    @property
    def holds(self) -> bool:
        """Whether the bar is kept."""
        return self.bar is None or self.measured <= self.bar


def report(title: str, lines: Sequence[Line]) -> bool:
    """Print the lines and return whether every bar holds."""
    print(f"\n{title}")
    width = max(len(line.what) for line in lines)
    for line in lines:
        bar = "" if line.bar is None else f"at most {line.bar:g} {line.unit}".strip()
        verdict = "" if line.bar is None else ("ok" if line.holds else "MISSED")
        print(f"  {line.what:<{width}}  {line.measured:>10.3f} {line.unit:<7} {bar:<18} {verdict}".rstrip())
    return all(line.holds for line in lines)
