"""Whose recorded visits are next? A chunk of people with all that their replay asks for, in a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, UUIDField
from django.db.models.functions import Coalesce

from oscar_engage.conf import get_settings
from oscar_engage.decisions.dry_run.replay import RecordedPerson, RecordedVisit
from oscar_engage.decisions.history import LONGEST_DISPLAY, WEEK
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.decisions.past.history import Spent
from oscar_engage.decisions.past.told import NOTHING_TOLD, Told, read_told
from oscar_engage.rules.past.recall import Log, read_logs
from oscar_engage.rules.past.wanted import Wanted
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.recall import Recording, recall

CHUNK = 25
"""People in one chunk."""

_POSITION_BITS = 60  # of an id's 128: a place between ids, in a column of 64 bits
_SHIFT = 128 - _POSITION_BITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some people; ``visits`` is how many of theirs are in the period, ``partial`` how many of them are not wholly recorded.

    ``position`` is where the next chunk begins; ``None`` when this one was the last.
    """

    people: Sequence[RecordedPerson]
    visits: int
    partial: int
    position: int | None


class _Device(NamedTuple):
    """A visitor, and which person that is."""

    pk: uuid.UUID
    unit: uuid.UUID
    created_at: datetime


def visits_between(since: datetime, until: datetime) -> QuerySet[Visit]:
    """Return the visits of shoppers that began in ``[since, until)`` and had ended by ``until``."""
    ended = until - timedelta(minutes=get_settings().visit_minutes)
    visits = Visit.objects.filter(started_at__gte=since, last_at__gte=since, last_at__lte=ended)
    return visits.filter(visitor__is_staff=False, visitor__is_automaton=False)


def read_chunk(
    *,
    since: datetime,
    until: datetime,
    position: int,
    wanted: Wanted,
    now: datetime,
    reach: timedelta = timedelta(0),
    asks_models: bool = False,
) -> Chunk:
    """Return the next people from ``position`` on, at most :data:`CHUNK`, with six queries.

    One more reads what is ``wanted`` of their other visits, if anything is; ``now`` tells what has gone from the log since.
    ``reach``: how far before ``since`` the rules' own caps look. ``asks_models``: some rule asks what models foretold, which
    takes the queries of ``decisions.past.told``.
    """
    unit = Coalesce("visitor__unit_of", "visitor_id", output_field=UUIDField())
    own = visits_between(since, until).annotate(unit=unit)
    ahead = own.filter(unit__gte=uuid.UUID(int=position << _SHIFT)).order_by("unit")
    units = list(ahead.values_list("unit", flat=True).distinct()[:CHUNK])
    if not units:
        return Chunk(people=(), visits=0, partial=0, position=None)
    rows = list(own.filter(unit__in=units).select_related("visitor").order_by("started_at", "pk"))
    recordings = dict(zip([row.pk for row in rows], recall(rows), strict=True))
    whole = {pk for pk, one in recordings.items() if one.is_whole}
    whole -= {row.pk for row in rows if row.visitor.consent < ConsentLevel.STATISTICS}
    devices = _devices(units)
    logs = read_logs(_born(devices), wanted, since=since, until=until, now=now) if wanted.kinds else {}
    replayed = [row for row in rows if row.pk in whole]
    asked = [row.pk for row in replayed if row.visitor.consent >= ConsentLevel.PERSONALISATION]
    told = read_told(asked, now=now) if asks_models else {}
    return Chunk(
        people=_people(units, devices, replayed, recordings, logs, told=told, since=since, reach=reach),
        visits=len(rows),
        partial=len(rows) - len(whole),
        position=(units[-1].int >> _SHIFT) + 1 if len(units) == CHUNK else None,
    )


def _people(
    units: Sequence[uuid.UUID],
    devices: Collection[_Device],
    visits: Sequence[Visit],
    recordings: Mapping[uuid.UUID, Recording],
    logs: Mapping[uuid.UUID, Log],
    *,
    told: Mapping[uuid.UUID, Told],
    since: datetime,
    reach: timedelta,
) -> list[RecordedPerson]:
    unit_of = {one.pk: one.unit for one in devices}
    decided = _decided(unit_of, since, reach)
    arms: defaultdict[uuid.UUID, dict[int, tuple[str, float]]] = defaultdict(dict)
    for unit_id, rule_id, arm, share in Assignment.objects.filter(visitor_id__in=units).values_list(
        "visitor_id", "rule_id", "arm", "probability"
    ):
        arms[unit_id][rule_id] = (arm, share)
    replayed = {visit.pk for visit in visits}
    by_unit: defaultdict[uuid.UUID, list[RecordedVisit]] = defaultdict(list)
    for visit in visits:
        by_unit[visit.visitor.unit_id].append(_visit(visit, recordings[visit.pk], decided, told.get(visit.pk, NOTHING_TOLD)))
    return [
        RecordedPerson(
            unit_id=unit,
            visits=by_unit[unit],
            spent=_spent(unit, unit_of, decided, since=since, replayed=replayed),
            arms=arms[unit],
            log=logs.get(unit),
        )
        for unit in units
    ]


def _devices(units: Collection[uuid.UUID]) -> list[_Device]:
    """Return every visitor that is one of these people."""
    rows = Visitor.objects.filter(Q(pk__in=units) | Q(unit_of__in=units)).values_list("pk", "unit_of", "created_at")
    return [_Device(pk, unit_of or pk, created_at) for pk, unit_of, created_at in rows]


def _born(devices: Iterable[_Device]) -> dict[uuid.UUID, datetime | None]:
    """Return when each person was first seen."""
    found: dict[uuid.UUID, datetime | None] = {}
    for one in devices:
        found[one.unit] = min(found.get(one.unit) or one.created_at, one.created_at)
    return found


@dataclass(frozen=True, slots=True)
class _Decided:
    """The columns of a decision that a replay asks for."""

    pk: uuid.UUID
    visitor_id: uuid.UUID
    visit_id: uuid.UUID | None
    rule_id: int
    at: datetime
    accepted_at: datetime | None
    dismissed_at: datetime | None
    reason: str

    @property
    def is_refused(self) -> bool:
        """Whether a model was against it: then it counted towards nothing."""
        return self.reason in _REFUSED


_REFUSED = (Reason.ADVISED_AGAINST, Reason.OUTRANKED)
_COLUMNS = ("pk", "visitor_id", "visit_id", "version__rule_id", "eligible_at", "accepted_at", "dismissed_at", "reason")


def _decided(visitors: Iterable[uuid.UUID], since: datetime, reach: timedelta) -> list[_Decided]:
    """Return what counted towards these people's caps, as far back as the caps of the first visit look.

    And what a model was against.
    """
    cooldown = timedelta(days=get_settings().cooldown_days)
    spent = Q(offered_at__isnull=False) | Q(arm=Arm.CONTROL) | Q(reason__in=_REFUSED)
    earliest = since - max(WEEK, cooldown + LONGEST_DISPLAY, reach)
    rows = Decision.objects.filter(spent, visitor_id__in=list(visitors), eligible_at__gte=earliest)
    columns: Iterable[tuple[Any, ...]] = rows.order_by("eligible_at").values_list(*_COLUMNS)
    return [_Decided(*row) for row in columns]


def _visit(visit: Visit, recording: Recording, decided: Iterable[_Decided], told: Told) -> RecordedVisit:
    return RecordedVisit(
        recording=recording,
        device=visit.visitor_id,
        consent=visit.visitor.consent,
        is_customer=visit.visitor.customer_id is not None,
        offers={one.pk: one.rule_id for one in decided if one.visit_id == visit.pk and not one.is_refused},
        was_refused=any(one.is_refused for one in decided if one.visit_id == visit.pk),
        told=told,
    )


def _spent(
    unit: uuid.UUID,
    unit_of: Mapping[uuid.UUID, uuid.UUID],
    decided: Iterable[_Decided],
    *,
    since: datetime,
    replayed: Collection[uuid.UUID],
) -> list[Spent]:
    """Return what counts as it was recorded: what came before the period, and what came in visits that are not replayed."""
    return [
        Spent(one.rule_id, one.visit_id, one.at, one.accepted_at, one.dismissed_at)
        for one in decided
        if not one.is_refused and unit_of.get(one.visitor_id) == unit and (one.at < since or one.visit_id not in replayed)
    ]
