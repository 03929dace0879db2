"""Who is writing, and who else looks? Marks that end by themselves; never a word of what is written.

Each is one guarded UPDATE that does nothing while a mark is fresh: no lock is held for them, and losing one does no harm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, Q, QuerySet

from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Look
from oscar_engage.desk.oversight.models import Watching
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.statements.prepared import Given, Prepared

KIND = "desk.sweep_looks"
SWEEP_SECONDS = 3600

LASTS = timedelta(seconds=6)
"""How long somebody is said to be writing after their last key."""

LOOK_LASTS = timedelta(seconds=45)
"""How long an agent's page that says no more is said to be open."""

LOOK_STEP = timedelta(seconds=15)
"""How exact we are about when a page was last open: one write in so many seconds."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another agent with the same conversation before them."""

    agent_id: int
    name: str
    is_writing: bool
    is_watching: bool
    """Whether it is somebody else's chat that they look on at (``oversight.watch``)."""


def is_writing(until: datetime | None, *, now: datetime) -> bool:
    """Whether a mark that lasts ``until`` still holds."""
    return until is not None and until > now


def note_shopper_writing(conversation: Conversation, *, now: datetime) -> bool:
    """Note that the shopper is writing in ``conversation`` and return whether it was; no query if that was a moment ago."""
    if is_writing(conversation.shopper_writes_until, now=now + LASTS / 2):
        return False
    conversation.shopper_writes_until = now + LASTS
    return bool(_open(conversation).update(shopper_writes_until=now + LASTS))


def note_agent_writing(conversation: Conversation, agent: Agent, *, now: datetime) -> None:
    """Note that ``agent`` is writing: for colleagues, and for the shopper where it is the agent's own chat."""
    Look.objects.update_or_create(conversation=conversation, agent=agent, defaults={"at": now, "writes_until": now + LASTS})
    if conversation.agent_id == agent.pk:
        conversation.agent_writes_until = now + LASTS
        _open(conversation).filter(agent=agent).update(agent_writes_until=now + LASTS)


def note_looks(conversations: Iterable[Conversation], agent: Agent, *, now: datetime) -> None:
    """Note that ``agent`` has ``conversations`` before them, with at most three queries; one while that is known."""
    wanted = {conversation.pk for conversation in conversations}
    if not wanted:
        return
    mine = dict(Look.objects.filter(conversation__in=wanted, agent=agent).values_list("conversation_id", "at"))
    stale = [pk for pk, at in mine.items() if at <= now - LOOK_STEP]
    if stale:
        Look.objects.filter(conversation__in=stale, agent=agent).update(at=now)
    if new := wanted - mine.keys():
        Look.objects.bulk_create([Look(conversation_id=pk, agent=agent, at=now) for pk in new], ignore_conflicts=True)


def begin_looks(conversations: Iterable[Conversation], agent: Agent, *, now: datetime) -> None:
    """Note that ``agent`` has just opened ``conversations``; one query."""
    looks = [Look(conversation=one, agent=agent, at=now) for one in conversations]
    Look.objects.bulk_create(looks, update_conflicts=True, unique_fields=["conversation", "agent"], update_fields=["at"])


def end_look(conversation: Conversation, agent: Agent) -> None:
    """Note that ``agent`` has put ``conversation`` aside."""
    Look.objects.filter(conversation=conversation, agent=agent).delete()


def colleagues_at(conversations: Sequence[int], agent: Agent, *, now: datetime) -> dict[int, Sequence[Colleague]]:
    """Return who else has each of the conversations (by id) before them, those who write first; one query for three."""
    found: dict[int, list[Colleague]] = {}
    for start in range(0, len(conversations), len(_PLACES)):
        asked = dict(zip(_PLACES, (*conversations[start : start + len(_PLACES)], 0, 0), strict=False))
        for pk, agent_id, name, writes_until, is_watching in _LOOKS.rows(
            **asked, agent=agent.pk, now=now, since=now - LOOK_LASTS
        ):
            writes = is_writing(writes_until, now=now)
            found.setdefault(pk, []).append(Colleague(agent_id, name, is_writing=writes, is_watching=is_watching))
    return {pk: sorted(there, key=lambda one: not one.is_writing) for pk, there in found.items()}


def _looks() -> QuerySet[Look, Any]:
    now = Given("now", DateTimeField())
    watching = Watching.objects.filter(conversation=OuterRef("conversation"), watcher=OuterRef("agent"), until__gt=now)
    fresh = Look.objects.filter(Q(at__gt=Given("since", DateTimeField())) | Q(writes_until__gt=now))
    named = fresh.filter(conversation__pk__in=[Given(place, BigIntegerField()) for place in _PLACES])
    others = named.exclude(agent=Given("agent", BigIntegerField())).annotate(is_watching=Exists(watching))
    columns = ("conversation_id", "agent_id", "agent__display_name", "writes_until", "is_watching")
    return others.order_by("agent__display_name", "agent_id").values_list(*columns)


_PLACES = ("first", "second", "third")
"""As many as a console shows side by side."""

_LOOKS = Prepared(_looks)


def _open(conversation: Conversation) -> QuerySet[Conversation]:
    return Conversation.objects.filter(pk=conversation.pk).exclude(status=ConversationStatus.CLOSED)


@handler(KIND)
def sweep_looks(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove the marks that ended an hour ago: what somebody once had open is nobody's business."""
    Look.objects.filter(at__lte=now - timedelta(seconds=SWEEP_SECONDS)).delete()


every(KIND, SWEEP_SECONDS)
