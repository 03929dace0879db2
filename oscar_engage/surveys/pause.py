"""Is it too soon to ask again? Pure: what was asked and when goes in, yes or no comes out."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def is_too_soon(slug: str, asked: Iterable[tuple[str, datetime]], *, pause: timedelta, wait: timedelta, now: datetime) -> bool:
    """Whether anything was ``asked`` within ``pause``, or ``slug`` itself within ``wait``."""
    return any(now < at + (max(pause, wait) if name == slug else pause) for name, at in asked)
