"""How long do the pages of the reports take with a busy shop's past behind them, and how many queries?

On PostgreSQL a million visits with five million signals and a hundred thousand orders over 90 days, on SQLite 50 000 visits.
``ENGAGE_REPORTS_VISITS`` makes it smaller, to try something. Measured is whatever stands in the menu of the reports.
"""

from benchmarks.reports.start import BIG, SMALL, measure_with

__all__ = ["measure"]


def measure() -> bool:
    """Measure on both databases, print and say whether every bar holds."""
    return all([measure_with("pages", BIG, postgres=True), measure_with("pages", SMALL, postgres=False)])
