"""How likely does a shopper who is here now leave before the next page? The share of those who were; kept in the process."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db import DatabaseError, transaction

from oscar_engage.analytics.exits.curve import Count, Counts, Key, rate_of
from oscar_engage.analytics.exits.kept import get_position, read_counts
from oscar_engage.analytics.exits.views import IDLE_KNOTS, cap_views, find_knot
from oscar_engage.analytics.interval import Rate
from oscar_engage.conf import get_settings

logger = logging.getLogger(__name__)

FRESH_FOR = timedelta(minutes=1)
"""How often a process asks whether the job has counted more; only then are the counts read again."""

_ANY = 0  # a page view of any number at the stage

Risks: TypeAlias = Mapping[Key, Rate]
"""The share that left by stage, number of the page view there and idle seconds, where there is enough to say."""


@dataclass(frozen=True, slots=True)
class _Kept:
    checked_at: datetime | None
    position: int | None
    risks: Risks


_kept: list[_Kept] = []  # at most one entry, replaced as a whole


def find_risk(risks: Risks, stage: str, *, pages: int, idle_seconds: float) -> Rate | None:
    """Return the share that left, of the page views in the narrowest class around this moment that is large enough.

    The classes, each wider than the one before or idle for less long: the page views with the same number at ``stage`` and at
    least as many idle seconds; those of any number; and both again at the next lower knot. ``None``: not even the stage as a
    whole has :data:`~oscar_engage.analytics.exits.curve.FEWEST_VIEWS`, or leaving is no loss there.
    """
    reached = [knot for knot in IDLE_KNOTS if knot <= find_knot(idle_seconds)]
    for knot in reversed(reached):
        for nth in (cap_views(pages), _ANY):
            rate = risks.get((stage, nth, knot))
            if rate is not None:
                return rate
    return None


def tabulate(counts: Counts) -> dict[Key, Rate]:
    """Return the share of every class that is large enough, in one walk over ``counts``."""
    classes: dict[Key, Count] = {}
    for (stage, nth, idle), number in counts.items():
        for knot in IDLE_KNOTS:
            if knot <= idle:
                for key in ((stage, nth, knot), (stage, _ANY, knot)):
                    classes[key] = classes.get(key, Count()) + number
    return {key: rate for key, number in classes.items() if (rate := rate_of(number)) is not None}


def get_risks(now: datetime) -> Risks:
    """Return what was learnt so far. One query a minute and process, one more when there is news; none in between.

    What is kept stays for another minute when the database does not answer, and for the moment in which it is asked: neither
    the beat that asks nor any other waits for it in vain.
    """
    kept = _kept[0] if _kept else _Kept(None, None, {})
    if kept.checked_at is not None and abs(now - kept.checked_at) < FRESH_FOR:
        return kept.risks
    kept = replace(kept, checked_at=now)
    _kept[:] = [kept]
    try:
        with transaction.atomic(using=get_settings().database):  # a savepoint: a failure here may not cost the beat
            position = get_position()
            if position != kept.position:
                kept = _Kept(now, position, tabulate(read_counts(now=now)))
                _kept[:] = [kept]
    except DatabaseError as error:
        logger.warning("engage exit risks could not be read: %s", type(error).__name__)
    return kept.risks


def forget_risks() -> None:
    """Ask the database at the next beat; called between tests."""
    _kept.clear()
