"""What happens to baskets while nobody looks? A sweep over those of visitors seen lately; it finds what a page would find."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import DatabaseError, transaction
from oscar.core.loading import get_class, get_model

from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.shop.lines import check_lines
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.shipped_baskets import BasketChecked
from oscar_engage.visitors.watched import get_watched, tell_checks

FILL_STATE = "baskets.watch"
JOB_KIND = "baskets.watch"
SECONDS_BETWEEN = 600

LARGEST_SWEEP = 200
"""Baskets looked at in one sweep; the next goes on behind them, and begins anew at the end."""


def watch_baskets(now: datetime) -> int:
    """Look at the next baskets and tell their visitors' logs what is new; return how many signals were told.

    Repeating it tells nothing again. Prices are those of the shop's strategy for the basket's owner, without a request: where
    they depend on one, set ``WATCH_BASKETS`` to ``False``.
    """
    if not get_settings().watch_baskets:
        return 0
    with transaction.atomic(using=get_settings().database):
        fill, _created = FillState.objects.select_for_update().get_or_create(name=FILL_STATE, defaults={"filled_at": now})
        watched = get_watched(now=now, after=fill.position, most=LARGEST_SWEEP)
        fill.position = watched[-1].pk if len(watched) == LARGEST_SWEEP else 0
        fill.filled_at = now
        fill.save(update_fields=["position", "filled_at"])
        owners = {basket.basket_id: basket.visitor_id for basket in watched}
        checks = _look({basket.basket_id for basket in watched}) if watched else []
        return tell_checks({owners[check.basket_id]: check for check in checks}, now=now)


def _look(basket_ids: Collection[int]) -> list[BasketChecked]:
    """Return what is found in those of the baskets that are open and hold something, with a fixed number of queries."""
    model = get_model("basket", "Basket")
    baskets = model.objects.filter(pk__in=basket_ids, status=model.OPEN).select_related("owner")
    held = _lines(basket_ids)
    checks = []
    for basket in baskets:
        try:
            checks.append(_check(basket, held[basket.pk]))
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001 - the shop's own strategy: its fault costs this basket, not the sweep
            note_fault("watch")
    return checks


def _lines(basket_ids: Collection[int]) -> dict[int, list[Any]]:
    held: dict[int, list[Any]] = defaultdict(list)
    lines = get_model("basket", "Line").objects.filter(basket_id__in=basket_ids).order_by("pk")
    related = lines.select_related("product__product_class", "product__parent__product_class", "stockrecord")
    for line in related.prefetch_related("product__stockrecords"):
        held[line.basket_id].append(line)
    return held


def _check(basket: Any, lines: Collection[Any]) -> BasketChecked:
    basket.strategy = get_class("partner.strategy", "Selector")().strategy(user=basket.owner)
    for line in lines:
        line.basket = basket  # its strategy prices the line
    return msgspec.convert({"basket_id": basket.pk, **check_lines(lines)}, BasketChecked)


@handler(JOB_KIND)
def run_watch(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring look; there is nothing in ``payload``."""
    watch_baskets(now)


every(JOB_KIND, SECONDS_BETWEEN)
