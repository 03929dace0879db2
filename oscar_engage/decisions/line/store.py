"""The line as one beat sees it: read once, and only where somebody wants an agent; kept while the browser is heard of.

Who is held out waits like anybody: the arm is drawn when the place is there, so both arms meet it at the same moments. A
browser that is not heard of in time is passed over, or a shopper who left would keep an agent from everybody.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from oscar_engage.decisions.line.models import PlaceInLine
from oscar_engage.decisions.line.order import Asked, Standing, ahead_of
from oscar_engage.decisions.weigh import AGENT_RETRY
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import purge_chunk
from oscar_engage.jobs.registry import handler

FIRST, FIRST_RETRY = 3, 5.0
"""So many at the head of the line ask again sooner: a place is kept for them, and stands empty until they do."""

GRACE = timedelta(seconds=5)
"""How much later than asked for a browser may be heard of: its timer, and the way."""

LONGEST = 100
"""Places that are read, the first of the line."""

PURGE = "line.purge"
HOUR = 60 * 60
_LONGEST_PATH, _LONGEST_QUEUE, _LONGEST_LANGUAGE = 500, 80, 16


class Line:
    """The line for one visit at one moment."""

    def __init__(self, visit_id: UUID, *, path: str, language: str, now: datetime) -> None:
        self._visit_id, self._path, self._language, self._now = visit_id, path, language, now

    def ahead(self, queue: str, yields: bool) -> tuple[Asked, ...]:
        """Return what those want who come before this shopper; one query, the first time anything is asked."""
        own, others = self._read
        return tuple(one.asked for one in ahead_of(own.get(queue), others, yields=yields))

    def keep(self, wanting: Mapping[str, bool], *, before: Collection[str]) -> float:
        """Keep the shopper's places, by queue whether they yield there; return in how many seconds to ask again.

        ``before``: queues for which the shopper waited at the last beat, too. Two queries.
        """
        is_first = any(not yields and len(self.ahead(queue, yields)) < FIRST for queue, yields in wanting.items())
        retry = FIRST_RETRY if is_first else AGENT_RETRY
        for is_new in (True, False):
            rows = [self._row(queue, yields, retry) for queue, yields in wanting.items() if (queue not in before) is is_new]
            if rows:
                changed = ["path", "language", "heard_until", "yields", *(["since"] if is_new else [])]
                PlaceInLine.objects.bulk_create(
                    rows, update_conflicts=True, unique_fields=["visit", "queue"], update_fields=changed
                )
        return retry

    def leave(self) -> None:
        """Give up the shopper's places: what they waited for has come."""
        PlaceInLine.objects.filter(visit_id=self._visit_id).delete()

    @cached_property
    def _read(self) -> tuple[Mapping[str, Standing], list[Standing]]:
        """Return the visit's own places, by queue, and those of others."""
        rows = list(PlaceInLine.objects.filter(heard_until__gte=self._now).order_by("yields", "since", "pk")[:LONGEST])
        own = {row.queue: _standing(row) for row in rows if row.visit_id == self._visit_id}
        return own, [_standing(row) for row in rows if row.visit_id != self._visit_id]

    def _row(self, queue: str, yields: bool, retry: float) -> PlaceInLine:
        return PlaceInLine(
            visit_id=self._visit_id,
            queue=queue[:_LONGEST_QUEUE],
            path="".join(char for char in self._path[:_LONGEST_PATH] if char.isprintable()),
            language=self._language[:_LONGEST_LANGUAGE],
            since=self._now,
            heard_until=self._now + timedelta(seconds=retry) + GRACE,
            yields=yields,
        )


def step_aside(visit_id: UUID, *, now: datetime) -> None:
    """Count a shopper who left the page no more until the next one is heard of; one query."""
    PlaceInLine.objects.filter(visit_id=visit_id, heard_until__gt=now).update(heard_until=now - timedelta(microseconds=1))


@handler(PURGE)
def purge_line(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Remove places of which nothing was heard for an hour."""
    gone = PlaceInLine.objects.filter(heard_until__lt=now - timedelta(hours=1))
    purge_chunk(gone, kind=PURGE, payload=payload, now=now)


def _standing(row: PlaceInLine) -> Standing:
    return Standing(number=row.pk, since=row.since, yields=row.yields, asked=Asked(row.queue, row.path, row.language))


every(PURGE, HOUR)
