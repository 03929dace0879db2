"""Which files belong to no message any more? A daily job deletes them: of a lost process, of a storage that was down."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.core.chunks import chunks
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.carry.storage import get_storage, has_storage, remove, walk
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY
from oscar_engage.jobs.registry import handler

KIND = "desk.files"
YOUNG = timedelta(days=1)
"""A file without a row may be one whose message is being written: it is left alone that long."""

_AT_ONCE = 500


@handler(KIND)
def sweep_files(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Delete every file of ours that no row names and that is older than :data:`YOUNG`."""
    if not has_storage():
        return
    storage = get_storage()
    for paths in chunks(walk(), _AT_ONCE):
        known = set(Attachment.objects.filter(path__in=paths).values_list("path", flat=True))
        for path in set(paths) - known:
            if storage.get_modified_time(path) < now - YOUNG:
                remove(path)


every(KIND, DAY)
