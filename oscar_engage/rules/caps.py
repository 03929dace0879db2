"""How often may this one rule act? Caps that a merchandiser sets for it, on top of the shop's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """A rule's own caps; ``None`` where only the shop's count. A moment that a hold-out kept back counts like an offer.

    ``offers`` to one shopper within ``days``, ``visit``: in one visit, ``pause_days``: none so long after a "no" to this rule,
    ``day``: to all shoppers together in one day of the shop's clock.
    """

    offers: int | None = None
    days: int = 30
    visit: int | None = None
    pause_days: int | None = None
    day: int | None = None

    @property
    def asks_shopper(self) -> bool:
        """Whether one of them asks what this shopper met before."""
        return not (self.offers is None and self.visit is None and self.pause_days is None)


NO_CAPS: Final = Caps()


def caps_of(columns: Any) -> Caps:
    """Return the caps in the columns of a rule; :data:`NO_CAPS` itself where none is set, which gates need not look at."""
    caps = Caps(
        offers=columns.cap_offers,
        days=columns.cap_days,
        visit=columns.cap_visit,
        pause_days=columns.cap_pause_days,
        day=columns.cap_day,
    )
    return caps if caps.asks_shopper or caps.day is not None else NO_CAPS


LARGEST: Mapping[str, int] = MappingProxyType(
    {"cap_offers": 1000, "cap_days": 365, "cap_visit": 100, "cap_pause_days": 365, "cap_day": 1_000_000}
)
"""The most that each column of a rule may hold; the least is 1."""
