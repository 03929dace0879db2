"""Which baskets are worth a look, and whom does what was found concern? The visit that runs, else the log alone."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from oscar_engage.conf import get_settings
from oscar_engage.core.ids import new_id_at
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.shipped_baskets import BasketChecked
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.detect_basket import follow_check
from oscar_engage.visitors.hear import hear
from oscar_engage.visitors.left_behind import LONGEST_AGO
from oscar_engage.visitors.models import BasketOutcome, Visit, VisitorBasket
from oscar_engage.visitors.stored import read_state

_STILL_THEIRS = (BasketOutcome.UNKNOWN, BasketOutcome.ABANDONED)


def get_watched(*, now: datetime, after: int, most: int) -> list[VisitorBasket]:
    """Return the next baskets behind number ``after`` that visitors of the last seven days may come back to."""
    baskets = VisitorBasket.objects.filter(
        pk__gt=after,
        outcome__in=_STILL_THEIRS,
        visitor__last_seen_at__gte=now - LONGEST_AGO,
        visitor__consent__gte=ConsentLevel.STATISTICS,
    )
    return list(baskets.order_by("pk")[:most])


def tell_checks(checks: Mapping[uuid.UUID, BasketChecked], *, now: datetime) -> int:
    """Tell each visitor what a look at their basket found, if it is news; return how many signals were told.

    A visit that runs takes the look itself, with what follows from it. Who is away finds what follows in the log, each line
    and change once; the next visit looks anew. Runs inside the caller's transaction.
    """
    running = _get_running(checks, now)
    looks = {visitor_id: _look(check, now) for visitor_id, check in checks.items()}
    told: dict[uuid.UUID, list[Signal]] = {}
    for visitor_id, look in looks.items():
        if visitor_id in running:
            told[visitor_id] = [look] if _is_news(running[visitor_id], checks[visitor_id]) else []
        else:
            told[visitor_id] = list(follow_check(look))
    known = _get_known([signal for signals in told.values() for signal in signals])
    count = 0
    for visitor_id, signals in told.items():
        new = [signal for signal in signals if signal.event_id not in known]
        if new:
            hear(visitor_id, new, now=now)
            count += len(new)
    return count


def _look(check: BasketChecked, now: datetime) -> Signal:
    return Signal(kind="basket.checked", payload=check, at=now, event_id=new_id_at(now))


def _get_running(visitor_ids: Mapping[uuid.UUID, BasketChecked], now: datetime) -> dict[uuid.UUID, Visit]:
    since = now - timedelta(minutes=get_settings().visit_minutes)
    visits = Visit.objects.filter(visitor_id__in=visitor_ids.keys(), last_at__gt=since).order_by("last_at")
    return {visit.visitor_id: visit for visit in visits}


def _is_news(visit: Visit, check: BasketChecked) -> bool:
    known = read_state(visit).basket_check
    return (known.prices, known.shortages) != (check.prices, check.shortages)


def _get_known(signals: list[Signal]) -> set[uuid.UUID]:
    ids = [signal.event_id for signal in signals]
    return set(SignalRecord.objects.filter(event_id__in=ids).values_list("event_id", flat=True)) if ids else set()
