"""How long are snapshots kept? As long as the signals they can be rebuilt from; moments stay with their visit.

Moments are few, and what uplift is learnt from; snapshots are many, and models learn to foretell from the last months.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler
from oscar_engage.learning.vectors.models import Occasion, ScoredVector

KIND = "vectors.purge"


@handler(KIND)
def purge_vectors(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove snapshots older than ``RETENTION_DAYS``, a chunk a job."""
    horizon = now - timedelta(days=get_settings().retention_days)
    old = ScoredVector.objects.filter(at__lt=horizon).exclude(occasion=Occasion.MOMENT)
    purge_chunk(old, kind=KIND, payload=payload, now=now)


every(KIND, DAY)
