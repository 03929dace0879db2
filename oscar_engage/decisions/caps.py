"""Has this rule spent its own caps? Asked of what the shopper met before, in memory; the shop's day is a number.

The law: in any span of ``days``, in any visit and on any day, a rule has at most as many moments as its caps say, offered and
held out together, whatever the order in which they come. So both arms are capped alike.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from oscar_engage.rules.caps import Caps


@dataclass(slots=True)
class Spent:
    """One moment that counts towards the caps: an offer, or a hold-out in its place."""

    rule_id: int
    visit_id: uuid.UUID | None
    at: datetime
    accepted_at: datetime | None = None
    dismissed_at: datetime | None = None


def by_rule(spent: Iterable[Spent]) -> Mapping[int, Sequence[Spent]]:
    """Return the moments of each rule."""
    found: defaultdict[int, list[Spent]] = defaultdict(list)
    for one in spent:
        found[one.rule_id].append(one)
    return found


def is_spent(caps: Caps, own: Sequence[Spent], *, visit_id: uuid.UUID | None, now: datetime) -> bool:
    """Whether one more moment of the rule, which had its ``own``, would be more than ``caps`` allow this shopper."""
    had = len(own)
    if caps.offers is not None and had >= caps.offers:
        since, lately = now - _days(caps.days), 0
        for one in own:
            if since < one.at <= now:
                lately += 1
        if lately >= caps.offers:
            return True
    if caps.visit is None or had < caps.visit:
        return False
    here = 0
    for one in own:
        if one.at <= now and one.visit_id == visit_id:
            here += 1
    return here >= caps.visit


def is_paused(caps: Caps, own: Iterable[Spent], *, now: datetime) -> bool:
    """Whether the shopper said no to this rule so lately that it is to be silent."""
    if caps.pause_days is None:
        return False
    for one in own:
        at = one.dismissed_at
        if at is not None and now - _days(caps.pause_days) < at <= now:
            return True
    return False


@lru_cache(maxsize=1024)
def _days(number: int) -> timedelta:
    """Return so many days; a decision asks for them of each rule that has caps."""
    return timedelta(days=number)


def reach_of(many: Iterable[Caps]) -> timedelta:
    """Return how far back the caps look: a week at least, and a day more, for an offer is dismissed after it was made."""
    days = [7]
    for caps in many:
        days += [caps.days if caps.offers is not None else 0, caps.pause_days or 0]
    return timedelta(days=1 + max(days))
