"""What does the page of the trail show? The lines that are asked for, the latest first, in words and with names."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.rules.reading import name_of
from oscar_engage.dashboard.rules.standing import people
from oscar_engage.dashboard.trail.details import Told, agents_of, say_detail
from oscar_engage.dashboard.trail.things import Thing, find_things
from oscar_engage.dashboard.trail.words import AREAS, say_deed, say_object
from oscar_engage.desk.models import Agent

LINES = 50
"""Lines on one page."""

MOST_PEOPLE = 200
"""Members of staff among whom one can be chosen; of more, the address still takes a number."""

COMMAND = "command"
"""What an address says instead of a number for what no person did: a command, or a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines are asked for; what is empty is not asked. ``before``: only lines below this number, for the next page."""

    who: str = ""
    area: str = ""
    since: date | None = None
    until: date | None = None
    kind: str = ""
    object_id: str = ""
    before: int | None = None

    @property
    def query(self) -> str:
        """What an address says of it, as it is."""
        told = {
            "who": self.who,
            "area": self.area,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "kind": self.kind,
            "object": self.object_id,
            "before": self.before,
        }
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked at all."""
        return bool(replace(self, before=None).query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One deed in words; ``who`` is empty for a command. ``about``: the address of all that was done to the same object."""

    at: datetime
    who: str
    is_command: bool
    thing: str
    name: str
    address: str
    deed: str
    details: Sequence[Told]
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """One page of the trail; ``next_query`` leads to the one after it and is empty on the last."""

    lines: Sequence[Line]
    next_query: str


def choose_lines(asked: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; what cannot be is left out."""
    who, area, before = asked.get("who", ""), asked.get("area", ""), asked.get("before", "")
    return Wanted(
        who=who if who == COMMAND or _is_user(who) else "",
        area=area if area in AREAS else "",
        since=_read_day(asked.get("since", "")),
        until=_read_day(asked.get("until", "")),
        kind=asked.get("kind", "")[:64],
        object_id=asked.get("object", "")[:64],
        before=int(before) if _is_number(before) else None,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004 - digits of the largest id


def _is_user(text: str) -> bool:
    try:
        return get_user_model()._meta.pk.to_python(text or None) is not None
    except ValidationError:
        return False


def _read_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # a day that is in no calendar
        return None


def read_trail(wanted: Wanted) -> Trail:
    """Return one page of the lines that are wanted; the queries depend on the kinds of objects on it, not on their number."""
    entries = list(_chosen(wanted).order_by("-pk")[: LINES + 1])
    shown = entries[:LINES]
    names = people(entry.actor_id for entry in shown)
    things = find_things((entry.object_kind, entry.object_id) for entry in shown)
    agents = _agents({pk for entry in shown for pk in agents_of(entry.detail)})
    after = replace(wanted, before=shown[-1].pk).query if len(entries) > LINES else ""
    return Trail(lines=[_line(entry, names, things, agents) for entry in shown], next_query=after)


def _chosen(wanted: Wanted) -> QuerySet[AuditEntry]:
    asked = Q()
    if wanted.who:
        asked &= Q(actor_id__isnull=True) if wanted.who == COMMAND else Q(actor_id=wanted.who)
    if wanted.area:
        asked &= Q(object_kind__in=AREAS[wanted.area][1])
    if wanted.kind:
        asked &= Q(object_kind=wanted.kind)
    if wanted.object_id:
        asked &= Q(object_id=wanted.object_id)
    if wanted.since:
        asked &= Q(at__gte=_midnight(wanted.since))
    if wanted.until:
        asked &= Q(at__lt=_midnight(wanted.until) + timedelta(days=1))
    if wanted.before:
        asked &= Q(pk__lt=wanted.before)
    return AuditEntry.objects.filter(asked)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _agents(ids: Collection[int]) -> dict[int, str]:
    return {agent.pk: str(agent) for agent in Agent.objects.filter(pk__in=ids)} if ids else {}


def _line(
    entry: AuditEntry, names: Mapping[Any, str], things: Mapping[tuple[str, str], Thing], agents: Mapping[int, str]
) -> Line:
    thing = things.get((entry.object_kind, entry.object_id))
    return Line(
        at=entry.at,
        who=names.get(entry.actor_id, "" if entry.actor_id is None else f"#{entry.actor_id}"),
        is_command=entry.actor_id is None,
        thing=say_object(entry.object_kind),
        name=thing.name if thing else f"#{entry.object_id}",
        address=thing.address if thing else "",
        deed=say_deed(entry.action),
        details=say_detail(entry.detail, agents),
        about=Wanted(kind=entry.object_kind, object_id=entry.object_id).query,
    )


def read_people() -> Iterable[tuple[str, str]]:
    """Give the members of staff among whom one can be chosen, by name."""
    users: Any = get_user_model()._default_manager.filter(is_active=True, is_staff=True).order_by("pk")[:MOST_PEOPLE]
    return sorted(((str(user.pk), name_of(user)) for user in users), key=lambda one: one[1].casefold())
