"""What did the log say of a person at a moment that is past? Read once, for all moments, and cut to what a beat then had.

It never guesses. What the log of today no longer holds, and what may or may not have been known of the person by then, is told
apart from what was unknown to the beat itself.
"""

import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Q, Subquery, UUIDField
from django.db.models.functions import Coalesce

from oscar_engage.conf import get_settings
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.named import CategoryNumber
from oscar_engage.rules.past import read
from oscar_engage.rules.past.log import Fact, Past, sort_facts
from oscar_engage.rules.past.wanted import LONGEST, Wanted, find_wanted
from oscar_engage.rules.variables import split_key
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visitor

_LOGINS = ("login.succeeded", "login.recognised")
"""With these a browser becomes one of its customer's. They come late where a beat linked it first, never too early."""

_AT = attrgetter("fact.at")


class Logged(NamedTuple):
    """One signal of the log: on which device, and when the server had it."""

    fact: Fact
    device: uuid.UUID
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The past as a beat had it, as far as can be said today.

    ``is_cut``: a beat may have known what is unknown here. ``doubtful`` are the kinds of which there is something on a device
    that may or may not have been known as the same person's by then.
    """

    past: Past
    is_cut: bool
    doubtful: frozenset[str]

    def is_said(self, key: str, value: Value) -> bool:
        """Whether a beat surely read ``value`` for ``key``, as this past gives it."""
        if (self.is_cut and value is UNKNOWN) or not self.doubtful.isdisjoint(find_wanted([key]).kinds):
            return False
        entry, params = split_key(key)  # which categories a product was in then is nowhere recorded
        return not any(isinstance(one.type, CategoryNumber) and one.name in params for one in entry.parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is still in the log of one person: ``rows`` of the wanted kinds, the oldest first.

    ``whole_since``: what is older has gone from it (``None``: nothing has). ``known_from`` tells when a device was surely known
    as the customer's.
    """

    wanted: Wanted
    kept: timedelta
    whole_since: datetime | None
    rows: Sequence[Logged] = ()
    known_from: Mapping[uuid.UUID, datetime]

    def then(self, device: uuid.UUID, *, at: datetime, is_alone: bool = True) -> Recalled:
        """Return what ``read_past`` found for a beat of ``device`` at ``at``.

        Unless ``is_alone``, other rules may have asked then, for other kinds: where too many signals were read, theirs may have
        counted, and what is unknown here may have been known.
        """
        oldest = at - min(self.wanted.window, self.kept)
        since = max(oldest, self.whole_since or oldest)
        own, others = self._heard(device, since=since, at=at)
        is_capped = len(own) > read.MOST_FACTS
        is_open = bool(others) and len(own) + len(others) > read.MOST_FACTS  # with those, it would reach less far back
        past = Past(
            facts=sort_facts(reversed(own), self.wanted.kinds),
            known_since=own[-1].at if is_capped else since,
            is_whole=not is_capped and since == oldest and self.wanted.window >= min(LONGEST, self.kept),
        )
        return Recalled(
            past=past,
            is_cut=not is_alone if is_capped else since > oldest,
            doubtful=self.wanted.kinds if is_open else frozenset(fact.kind for fact in others),
        )

    def _heard(self, device: uuid.UUID, *, since: datetime, at: datetime) -> tuple[list[Fact], list[Fact]]:
        """Return what the server had by ``at``, the latest first: what was surely the person's, and what may have been."""
        own: list[Fact] = []
        others: list[Fact] = []
        is_known = self._is_known(device, at)
        for place in range(len(self.rows) - 1, bisect_right(self.rows, since, key=_AT) - 1, -1):
            row = self.rows[place]
            if row.received_at <= at:
                is_own = row.device == device or (is_known and self._is_known(row.device, at))
                (own if is_own else others).append(row.fact)
                if len(own) > read.MOST_FACTS:
                    break
        return own, others

    def _is_known(self, device: uuid.UUID, at: datetime) -> bool:
        known_from = self.known_from.get(device)
        return known_from is not None and known_from <= at


def read_logs(
    born: Mapping[uuid.UUID, datetime | None], wanted: Wanted, *, since: datetime, until: datetime, now: datetime
) -> dict[uuid.UUID, Log]:
    """Return the logs of people (``Visitor.unit_id``) for moments from ``since`` to ``until``; one query.

    ``born`` gives when each was first seen, ``None`` where that is not known yet: of who came within ``RETENTION_DAYS`` before
    ``now`` nothing has gone from the log.
    """
    kept = timedelta(days=get_settings().retention_days)
    rows: defaultdict[uuid.UUID, list[Logged]] = defaultdict(list)
    known_from: dict[uuid.UUID, datetime] = {}
    first_seen = dict(born)
    found = _find(born, wanted, after=since - min(wanted.window, kept), until=until)
    for unit, seen_at, at, kind, payload, visit, pk, device, received_at in found.iterator(chunk_size=2000):
        first_seen[unit] = first_seen[unit] or seen_at
        if kind in _LOGINS:
            known_from[device] = min(received_at, known_from.get(device, received_at))
        if kind in wanted.kinds:
            fact = Fact(at, kind, payload, visit.hex if visit else "", pk)
            rows[unit].append(Logged(fact, device, received_at))

    def log_of(unit: uuid.UUID) -> Log:
        seen_at, purged_until = first_seen[unit], now - kept
        is_whole = seen_at is not None and seen_at >= purged_until
        whole_since = None if is_whole else purged_until
        return Log(wanted=wanted, kept=kept, whole_since=whole_since, rows=rows[unit], known_from=known_from)

    return {unit: log_of(unit) for unit in born}


def _find(units: Collection[uuid.UUID], wanted: Wanted, *, after: datetime, until: datetime) -> Any:
    """Return the rows of the wanted kinds, and of all logins, each with whose it is and when that person was first seen."""
    devices = Visitor.objects.filter(Q(pk__in=list(units)) | Q(unit_of__in=list(units)))
    joined = Visitor.objects.filter(pk=OuterRef("visitor_id")).values("unit_of")
    unit = Coalesce(Subquery(joined), F("visitor_id"), output_field=UUIDField())
    first = Visitor.objects.filter(pk=OuterRef("unit")).values("created_at")  # a unit has the id of its oldest
    rows = SignalRecord.objects.filter(
        Q(kind__in=wanted.kinds, at__gt=after) | Q(kind__in=_LOGINS),
        visitor_id__in=devices.values("pk"),
        received_at__lte=until,
    )
    columns = ("unit", "seen_at", "at", "kind", "payload", "visit_id", "pk", "visitor_id", "received_at")
    return rows.annotate(unit=unit).annotate(seen_at=Subquery(first)).order_by("at", "pk").values_list(*columns)
