"""Which picked places are broken? Judged every night from the last seven days, and whenever somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.anchors.verdict import LOOKED_BACK, judge

JOB_KIND = "picked.check"
SECONDS_BETWEEN = 86_400

_ORDER = {"broken": 0, "shaky": 1, "found": 2, "unknown": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A picked place with what was reported of it in the last seven days, since it was picked."""

    anchor: PickedAnchor
    found: int
    missed: int
    last_found: date | None

    @property
    def tried(self) -> int:
        """On how many pages it was looked for."""
        return self.found + self.missed

    @property
    def verdict(self) -> str:
        """See ``verdict.judge``."""
        return judge(self.found, self.missed)

    @property
    def verdict_label(self) -> str:
        """The same for people."""
        return str(PickedAnchor.State(self.verdict).label)


def report_picked(now: datetime) -> list[Reported]:
    """Return all picked places, the broken ones first; one query."""
    since = timezone.localdate(now - LOOKED_BACK)
    # What was reported before it was picked anew is said of another description.
    lately = Q(counts__day__gt=since, counts__day__gte=F("picked_at__date"))
    rows = PickedAnchor.objects.annotate(
        found=Coalesce(Sum("counts__found", filter=lately), 0),
        missed=Coalesce(Sum("counts__missed", filter=lately), 0),
        last_found=Max("counts__day", filter=Q(counts__found__gt=0)),
    ).order_by("label", "pk")
    reported = [Reported(anchor=row, found=row.found, missed=row.missed, last_found=row.last_found) for row in rows]
    return sorted(reported, key=lambda one: _ORDER[one.verdict])


def check_picked(now: datetime) -> list[Reported]:
    """Write down what is made of each place now, and return all of them."""
    reported = report_picked(now)
    for one in reported:
        PickedAnchor.objects.filter(pk=one.anchor.pk).update(state=one.verdict, checked_at=now)
    return reported


@handler(JOB_KIND)
def run_check(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the nightly check; there is nothing in ``payload``."""
    check_picked(now)


every(JOB_KIND, SECONDS_BETWEEN)
