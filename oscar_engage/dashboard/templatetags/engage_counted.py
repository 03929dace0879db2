"""Are these figures up to date? ``{% engage_counted_late span counted_at %}`` says so where they are not."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone

from oscar_engage.dashboard.reports.span import Span

register = template.Library()

LATE = timedelta(hours=1)
"""Days are counted every ten minutes; an hour means that the worker is missing, or that the count fails."""


def is_late(span: Span, counted_at: datetime | None, *, now: datetime) -> bool:
    """Whether ``span`` reaches to yesterday or today, and its newest day was counted longer than :data:`LATE` ago.

    Days that are past are not counted again and again: there it says nothing when they were. Nor where nothing was counted.
    """
    return counted_at is not None and span.until >= timezone.localdate(now) and now - counted_at > LATE


@register.inclusion_tag("oscar_engage/dashboard/reports/_late.html", takes_context=True)
def engage_counted_late(context: dict[str, Any], span: Span, counted_at: datetime | None) -> dict[str, Any]:
    """Render the warning, or nothing."""
    return {"late": is_late(span, counted_at, now=timezone.now()), "counted_at": counted_at, "perms": context.get("perms")}
