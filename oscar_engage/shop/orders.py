"""Which orders came from visitors we know? A sweep over the shop's own rows; orders are never taken from signals."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from oscar.core.loading import get_model

from oscar_engage.analytics.models import Conversion
from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.visitors.left_behind import mark_ordered
from oscar_engage.visitors.models import VisitorBasket

FILL_STATE = "orders"
JOB_KIND = "orders.sweep"
SECONDS_BETWEEN = 60
OVERLAP = timedelta(hours=1)
"""How far a sweep looks back: ids are given when an order begins, and the one with the higher id may commit first."""

LARGEST_SWEEP = 1000
"""New orders read at once; the rest waits for the next sweep, a minute later."""


def sweep_orders(now: datetime) -> int:
    """Write a :class:`Conversion` for every new order of a known visitor; return how many were new.

    Idempotent: repeating a sweep, or running two at once, adds nothing. Orders of members of staff are marked as tests.
    """
    with transaction.atomic(using=get_settings().database):
        fill, _created = FillState.objects.select_for_update().get_or_create(
            name=FILL_STATE, defaults={"position": _start(), "filled_at": now}
        )
        fresh = _rows(_orders().filter(pk__gt=fill.position).order_by("pk")[:LARGEST_SWEEP])
        late = _rows(_orders().filter(pk__lte=fill.position, date_placed__gte=fill.filled_at - OVERLAP))
        written = _convert([*late, *fresh])
        fill.position = max([fill.position, *(row["pk"] for row in fresh)])
        fill.filled_at = now
        fill.save(update_fields=["position", "filled_at"])
    return written


def find_owner(order_id: int) -> tuple[int | None, int | None]:
    """Return the ids of the basket that became this order, and of its customer; each may be missing."""
    found = _orders().filter(pk=order_id).values_list("basket_id", "user_id").first()
    return found or (None, None)


def is_ordered(basket_id: int) -> bool:
    """Whether this basket became an order."""
    return bool(_orders().filter(basket_id=basket_id).exists())


def _orders() -> Any:
    return get_model("order", "Order").objects.all()


def _rows(orders: Any) -> list[dict[str, Any]]:
    return list(orders.values("pk", "number", "basket_id", "total_incl_tax", "currency", "date_placed", "user__is_staff"))


def _start() -> int:
    """Return the id from which orders can have a visitor at all, so that a shop's long past is not walked through."""
    first_seen = VisitorBasket.objects.aggregate(at=Min("seen_at"))["at"]
    orders = _orders() if first_seen is None else _orders().filter(date_placed__lt=first_seen - OVERLAP)
    last: int | None = orders.aggregate(last=Max("pk"))["last"]
    return last or 0


def _convert(rows: Iterable[dict[str, Any]]) -> int:
    placed = [row for row in rows if row["basket_id"] is not None]
    baskets = {row["basket_id"] for row in placed}
    visitors = dict(VisitorBasket.objects.filter(basket_id__in=baskets).values_list("basket_id", "visitor_id"))
    ours = [row for row in placed if row["basket_id"] in visitors]
    known = set(Conversion.objects.filter(order_id__in=[row["pk"] for row in ours]).values_list("order_id", flat=True))
    new = [
        Conversion(
            order_id=row["pk"],
            order_number=row["number"],
            basket_id=row["basket_id"],
            visitor_id=visitors[row["basket_id"]],
            total=row["total_incl_tax"],
            currency=row["currency"],
            placed_at=row["date_placed"],
            is_test=bool(row["user__is_staff"]),
        )
        for row in ours
        if row["pk"] not in known
    ]
    Conversion.objects.bulk_create(new, ignore_conflicts=True)
    mark_ordered([row["basket_id"] for row in ours if not row["user__is_staff"]])
    return sum(not conversion.is_test for conversion in new)


@handler(JOB_KIND)
def run_sweep(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring sweep; there is nothing in ``payload``."""
    sweep_orders(now)


every(JOB_KIND, SECONDS_BETWEEN)
