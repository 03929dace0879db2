"""Which engagements point to which place, and which places may one point to?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from oscar_engage.analytics.models import AnchorCount
from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.anchors.shipped import SHIPPED_SLOTS
from oscar_engage.widgets.models import Engagement

SEEN_WITHIN = timedelta(days=30)
MOST_MARKS = 200


def engagements_at(slots: Sequence[str]) -> dict[str, list[str]]:
    """Return the titles of the engagements at each of ``slots``; one query, and none for no slots."""
    found: dict[str, list[str]] = defaultdict(list)
    if slots:
        for slot, title in Engagement.objects.filter(anchor__in=slots).order_by("title").values_list("anchor", "title"):
            found[slot].append(title)
    return dict(found)


def known_places(today: date | None = None) -> list[str]:
    """Return the names that an engagement may have for its place: Oscar's, marks seen lately, picked ones; two queries."""
    since = (today or timezone.localdate()) - SEEN_WITHIN
    seen = AnchorCount.objects.filter(day__gt=since).order_by("slot").values_list("slot", flat=True).distinct()[:MOST_MARKS]
    picked = PickedAnchor.objects.order_by("slot").values_list("slot", flat=True)
    return sorted({*SHIPPED_SLOTS, *seen, *picked})
