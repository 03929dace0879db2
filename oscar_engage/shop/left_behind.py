"""What became of these baskets? The shop's own rows answer, in a sweep every five minutes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count
from oscar.core.loading import get_model

from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.reminders.plan import plan_mail
from oscar_engage.visitors.left_behind import get_unsettled, settle
from oscar_engage.visitors.models import BasketOutcome

JOB_KIND = "baskets.sweep"
SECONDS_BETWEEN = 300

LARGEST_SWEEP = 500
"""Baskets looked at in one sweep; the rest waits for the next."""


def sweep_baskets(now: datetime) -> int:
    """Settle the baskets of visitors who have gone; return how many were abandoned or lost. Repeating it adds nothing."""
    baskets = get_unsettled(now=now, most=LARGEST_SWEEP)
    if not baskets:
        return 0
    outcomes = _outcomes({basket.basket_id for basket in baskets})
    return settle(baskets, outcomes, on_abandoned=partial(plan_mail, now=now), now=now)


def _outcomes(basket_ids: Collection[int]) -> dict[int, tuple[BasketOutcome, int]]:
    ordered = set(get_model("order", "Order").objects.filter(basket_id__in=basket_ids).values_list("basket_id", flat=True))
    model = get_model("basket", "Basket")
    rows = model.objects.filter(pk__in=basket_ids).annotate(held=Count("lines")).values_list("pk", "status", "held")
    return {pk: (_outcome(model, status, held, is_ordered=pk in ordered), held) for pk, status, held in rows}


def _outcome(model: Any, status: str, lines: int, *, is_ordered: bool) -> BasketOutcome:
    if is_ordered:
        return BasketOutcome.ORDERED
    if lines and status == model.FROZEN:
        return BasketOutcome.LOST
    return BasketOutcome.ABANDONED if lines and status == model.OPEN else BasketOutcome.GONE


@handler(JOB_KIND)
def run_sweep(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring sweep; there is nothing in ``payload``."""
    sweep_baskets(now)


every(JOB_KIND, SECONDS_BETWEEN)
