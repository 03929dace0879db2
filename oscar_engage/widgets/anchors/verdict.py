"""How well is a picked place found? A judgement from what shoppers' browsers reported; no page is opened for it.

A server cannot tell: whether an element is there and on display is known where the page is laid out.
"""

from datetime import timedelta

LOOKED_BACK = timedelta(days=7)
FEWEST = 5
"""Pages on which it was looked for, before anything is said of it."""

BROKEN_BELOW, SHAKY_BELOW = 0.5, 0.9
"""Shares of the pages on which it was found."""


def judge(found: int, missed: int) -> str:
    """Return ``unknown``, ``found``, ``shaky`` or ``broken`` for the reports of the last days."""
    tried = found + missed
    if tried < FEWEST:
        return "unknown"
    share = found / tried
    return "broken" if share < BROKEN_BELOW else "shaky" if share < SHAKY_BELOW else "found"
