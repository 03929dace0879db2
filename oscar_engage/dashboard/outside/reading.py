"""What does the page say of the outside desk? What its rows and the table of jobs say; and where one conversation is."""

from dataclasses import dataclass

from django.db.models import Count, Q

from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.outside.adapter import get_desk, options
from oscar_engage.outside.agents import agent_with
from oscar_engage.outside.callback import callback_address
from oscar_engage.outside.carry import outstanding, place_to_port
from oscar_engage.outside.chosen import place_of
from oscar_engage.outside.facts import sent_facts
from oscar_engage.outside.models import OutsideConversation, OutsideState
from oscar_engage.outside.plan import CARRY, FETCH, FORGET, TELL

KINDS = (CARRY, FETCH, FORGET, TELL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """How it goes with the desk; ``state`` is ``None`` while nothing was asked of it, and ``agent`` if nobody is named."""

    name: str
    callback: str
    state: OutsideState | None
    agent: str
    queues: tuple[str, ...]
    sends: tuple[str, ...]
    going_on: int
    closed: int
    waiting: int
    failing: int
    dead: int
    to_forget: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where one conversation is there; ``link`` is empty until it is. ``is_behind``: something is not there yet."""

    link: str
    is_behind: bool


def read_outside() -> Outside | None:
    """Return it with five queries at most; ``None``: the shop has no outside desk."""
    desk = get_desk()
    if desk is None:
        return None
    is_closed = Q(conversation__status=ConversationStatus.CLOSED)
    is_here = Q(conversation__isnull=False, desk=desk.name)
    rows = OutsideConversation.objects.aggregate(
        going_on=Count("pk", filter=is_here & ~is_closed),
        closed=Count("pk", filter=is_here & is_closed),
        to_forget=Count("pk", filter=Q(conversation__isnull=True)),
    )
    jobs = Job.objects.filter(kind__in=KINDS).aggregate(
        waiting=Count("pk", filter=Q(state__in=(JobState.DUE, JobState.RUNNING), attempts=0)),
        failing=Count("pk", filter=Q(state=JobState.DUE, attempts__gt=0)),
        dead=Count("pk", filter=Q(state=JobState.DEAD)),
    )
    agent = agent_with(str(options().get("AGENT", "")))
    return Outside(
        name=desk.name,
        callback=callback_address(),
        state=OutsideState.objects.filter(desk=desk.name).first(),
        agent=agent.display_name if agent else "",
        queues=tuple(options().get("QUEUES") or ()),
        sends=sent_facts(),
        **rows,
        **jobs,
    )


def read_whereabouts(conversation: Conversation) -> Whereabouts | None:
    """Return where ``conversation`` is; ``None`` if it does not go outside. No query in a shop without an outside desk."""
    desk = get_desk()
    place = place_of(conversation, desk) if desk is not None else None
    if desk is None or place is None:
        return None
    link = desk.link(place_to_port(place)) if place.outside_id else ""
    return Whereabouts(link=link, is_behind=outstanding(place, conversation))
