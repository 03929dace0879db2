"""What does it cost to catch up one day of every rollup? CPU seconds, and memory in a process that does nothing else.

On PostgreSQL, with the past that ``benchmarks.reports`` describes. Measured is whatever rollup is registered.
"""

from benchmarks.reports.start import BIG, measure_with


def measure() -> bool:
    """Measure, print and say whether every bar holds."""
    return measure_with("rollups", BIG, postgres=True)
