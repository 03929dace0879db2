"""In which ways is a number said? As a count, as a span, as a yes or no. Pure.

A way gives a phrase for a low value and one for a high value; an empty one means that there is nothing to tell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oscar_engage.analytics.words import say_number
from oscar_engage.learning.words.amounts import say_span


@dataclass(frozen=True, slots=True)
class Scene:
    """What the numbers alone do not tell: the basket's currency (empty: not known), and when it was, by the shop's clock."""

    currency: str = ""
    at: datetime | None = None


Tell = Callable[[float, Scene], str]
"""Says a value that is known; empty where there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count: ``none`` for nought, else ``some``, an ``ngettext_lazy`` over ``count`` that names ``%(shown)s``."""

    none: Any
    some: Any

    def __call__(self, value: float, scene: Scene) -> str:
        """Return the phrase."""
        count = round(value)
        return str(self.some % {"count": count, "shown": say_number(count)}) if count > 0 else str(self.none)


@dataclass(frozen=True, slots=True)
class Lasting:
    """A span of seconds: ``short`` below ``limit``, else ``long``, which names ``%(span)s``."""

    short: Any
    long: Any
    limit: float

    def __call__(self, value: float, scene: Scene) -> str:
        """Return the phrase."""
        return str(self.short) if value < self.limit else str(self.long) % {"span": say_span(value)}


@dataclass(frozen=True, slots=True)
class Answered:
    """A yes or no."""

    no: Any
    yes: Any

    def __call__(self, value: float, scene: Scene) -> str:
        """Return the phrase."""
        return str(self.yes if value else self.no)
