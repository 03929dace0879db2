"""What has been said lately? One query for all streams, for when nobody tells us, or may have told us in vain.

By the messages' keys, which are an index, and not by their time: keys are given before the commit and may come into view out of
order, so each look goes back to where the table ended a while ago, and what was seen already is left out.
"""

from collections import deque

from django.db.models import Max

from oscar_engage.core.pushing import Wake
from oscar_engage.desk.models import Message

OVERLAP = 15.0
"""Seconds by which a look goes back: longer than a transaction of ours may last."""

MOST = 2000
"""Messages in one look; of more, the latest."""


class News:
    """What this process has seen of the messages; used by one thread at a time."""

    def __init__(self) -> None:
        self._ends: deque[tuple[float, int]] = deque()
        self._seen: set[int] = set()

    def look(self, *, now: float) -> list[Wake]:
        """Return a wake for each message that is new since the last look; the first look returns none. ``now`` is monotonic."""
        if not self._ends:
            self._ends.append((now, Message.objects.aggregate(last=Max("pk"))["last"] or 0))
            return []
        while len(self._ends) > 1 and self._ends[1][0] <= now - OVERLAP:
            self._ends.popleft()
        floor = self._ends[0][1]
        rows = list(
            Message.objects.filter(pk__gt=floor).order_by("-pk").values_list("pk", "conversation__public_id", "seq")[:MOST]
        )
        fresh = [Wake(public_id, seq) for pk, public_id, seq in rows if pk not in self._seen]
        self._seen = {pk for pk, _public_id, _seq in rows}
        self._ends.append((now, max((pk for pk, _public_id, _seq in rows), default=self._ends[-1][1])))
        return fresh[::-1]
