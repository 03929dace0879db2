"""Which orders came back or were cancelled? A sweep over the shop's own rows marks ours: all that reports read of it.

By the shop's own names of statuses, of whole orders and of single lines. No report asks the shop itself: what it counted stays
the same when the visitor who ordered is erased, and nobody knows any more which order it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from oscar.core.loading import get_model

from oscar_engage.analytics.models import Conversion
from oscar_engage.conf import get_settings
from oscar_engage.core.chunks import chunks
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

JOB_KIND = "orders.returns"
SECONDS_BETWEEN = 600


@dataclass(frozen=True, slots=True)
class Ends:
    """What was undone of an order: all of it (``is_whole``), and whether something came back, or was cancelled."""

    is_whole: bool = False
    has_return: bool = False
    has_cancellation: bool = False


_STAYED_SOLD = Ends()


def sweep_returns(now: datetime) -> int:
    """Mark the orders that came back, unmark those that did not after all, and return how many were changed.

    Looks at orders that may still change a day of the reports: ``RETURN_DAYS`` and twice the window of attribution.
    """
    settings = get_settings()
    since = now - timedelta(days=settings.return_days + 2 * settings.attribution_days + 1)
    ends, marks = _read_ends(since), _read_marks(since)
    known = _read_known(ends.keys() - marks.keys()) | marks
    changed = {pk: ends.get(pk, _STAYED_SOLD) for pk, mark in known.items() if mark != ends.get(pk, _STAYED_SOLD)}
    with transaction.atomic(using=settings.database):
        for end in set(changed.values()):
            _mark([pk for pk, own in changed.items() if own == end], end, now)
    return len(changed)


def _read_ends(since: datetime) -> dict[int, Ends]:
    """Return what was undone of the orders placed ``since``, by id, with one query.

    An order of which one line came back has a return, too: a size that did not fit is what the guardrails have to see.
    """
    cancelled, undone = set(get_settings().cancelled_statuses), set(get_settings().returned_statuses)
    orders = get_model("order", "Order").objects.filter(date_placed__gte=since)
    rows = orders.filter(Q(status__in=undone) | Q(lines__status__in=undone)).order_by()
    seen: defaultdict[int, set[str]] = defaultdict(set)
    whole: set[int] = set()
    for pk, status, line_status in rows.values_list("pk", "status", "lines__status").iterator(chunk_size=2000):
        seen[pk] |= {status, line_status} & undone
        if status in undone:
            whole.add(pk)
    return {pk: Ends(pk in whole, bool(own - cancelled), bool(own & cancelled)) for pk, own in seen.items()}


def _read_marks(since: datetime) -> dict[int, Ends]:
    """Return what was marked of the orders placed ``since``, by the order's id; those without a mark are left out."""
    marked = Q(returned_at__isnull=False) | Q(has_return=True) | Q(has_cancellation=True)
    return _read(Conversion.objects.filter(marked, placed_at__gte=since, order_id__isnull=False))


def _read_known(order_ids: Iterable[int]) -> dict[int, Ends]:
    """Return the marks of those of the orders that visitors whom we know have placed."""
    return {pk: mark for part in chunks(order_ids) for pk, mark in _read(Conversion.objects.filter(order_id__in=part)).items()}


def _read(conversions: Any) -> dict[int, Ends]:
    rows = conversions.values_list("order_id", "returned_at", "has_return", "has_cancellation").iterator()
    return {pk: Ends(at is not None, has_return, has_cancellation) for pk, at, has_return, has_cancellation in rows}


def _mark(order_ids: Iterable[int], end: Ends, now: datetime) -> None:
    """Write what was undone; when it was first seen of the whole order stays."""
    for part in chunks(order_ids):
        rows = Conversion.objects.filter(order_id__in=part)
        rows.update(has_return=end.has_return, has_cancellation=end.has_cancellation)
        if end.is_whole:
            rows.filter(returned_at=None).update(returned_at=now)
        else:
            rows.update(returned_at=None)


@handler(JOB_KIND)
def run_sweep(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring sweep; there is nothing in ``payload``."""
    sweep_returns(now)


every(JOB_KIND, SECONDS_BETWEEN)
