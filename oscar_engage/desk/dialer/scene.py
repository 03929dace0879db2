"""Who could answer an invitation, and who comes before? The tables as plain values, for one queue, page and language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models.functions import Coalesce

from oscar_engage.decisions.line.order import ANYTHING, Asked
from oscar_engage.desk.dialer.budget import Pool
from oscar_engage.desk.dialer.held import live_holds
from oscar_engage.desk.line import read_candidates, read_waiting
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Queue
from oscar_engage.desk.queues import QueueBook, bare_path, read_queues
from oscar_engage.desk.routing import Candidate, Waiting, assign, fits, room_of
from oscar_engage.desk.slots import ACTIVE, SILENT_AFTER

INVITED = 0
"""Stands for the invitation among the numbers of conversations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The invitation as the conversation that it would become, the agents who can answer it, and the chats that wait."""

    asked: Waiting
    queue: Queue | None
    """The one that the rule names, if it is there."""

    able: Sequence[Candidate]
    there: Sequence[Candidate]
    waiting: Sequence[Waiting]
    ahead: Sequence[Waiting] = ()
    """The shoppers who want an invitation and come before, as the chats that they would become; after those that wait."""

    def open_agents(self) -> list[Candidate]:
        """Return those who can answer, with the load they have once all that waits, and who is ahead, is given out."""
        before = [*self.waiting, *self.ahead]
        weights = {one.id: one.weight for one in before}
        loads = {agent.id: agent.load for agent in self.there}
        for given in assign(before, self.there):
            loads[given.agent] += weights[given.conversation]
        return [replace(agent, load=loads[agent.id]) for agent in self.able]

    def waiting_for_them(self) -> int:
        """Return how many of the chats that wait one of those who can answer could take."""
        return sum(any(fits(one, agent) for agent in self.able) for one in self.waiting)


def read_scene(asked: Asked = ANYTHING, ahead: Sequence[Asked] = (), *, now: datetime) -> Scene:
    """Return the scene at ``now`` with four queries; with two when nobody is there.

    A queue that is gone counts as none: the page's. ``ahead``: who wants an invitation and comes before, in order.
    """
    book = read_queues()
    named, wanted = _as_chat(asked, book, place=INVITED)
    there = read_candidates(now=now)
    able = [agent for agent in there if fits(wanted, agent)]
    waiting = [one for one, _visitor in read_waiting(ConversationKind.CHAT, book, now=now)] if able else []
    before = [_as_chat(one, book, place=place)[1] for place, one in enumerate(ahead, start=1)]
    return Scene(asked=wanted, queue=named, able=able, there=there, waiting=waiting, ahead=before)


def _as_chat(asked: Asked, book: QueueBook, *, place: int) -> tuple[Queue | None, Waiting]:
    """Return the queue that is named, and the chat that an invitation would become; ``place``: how many come before it."""
    named = next((one for one in book.queues.values() if one.slug == asked.queue), None) if asked.queue else None
    chat = Conversation(queue=named or book.queue_for_page(bare_path(asked.path)))
    skill, members = book.skill_of(chat), book.members_of(chat)
    # Numbers below zero are no chat's, and time waited below zero comes after all that wait already.
    return named, Waiting(id=-place, waited=float(-place), skill=skill, members=members, language=asked.language)


def count_room(agents: Iterable[Candidate]) -> int:
    """Return how many more chats the agents could take."""
    return sum(room_of(agent) for agent in agents)


def read_pool(scene: Scene, *, now: datetime) -> Pool:
    """Return what the budget asks of the scene, with two more queries: the chats that go on, and the places that are kept.

    A place counts if one of these agents could answer it, whoever will. Who is ahead counts as invited this very moment.
    """
    ahead = [0.0 for one in scene.ahead if any(fits(one, agent) for agent in scene.able)]
    kept = [hold for hold in live_holds(now=now) if any(fits(_asked(hold.skill, hold.language), one) for one in scene.able)]
    return Pool(
        free=count_room(scene.able),
        chats=_read_ages([agent.id for agent in scene.able], now),
        invited=[*ahead, *((now - hold.offered_at).total_seconds() for hold in kept if hold.accepted_at is None)],
        coming=sum(hold.accepted_at is not None for hold in kept) + scene.waiting_for_them(),
    )


def _asked(skill: str, language: str) -> Waiting:
    return Waiting(id=INVITED, waited=0.0, skill=skill, language=language)


def _read_ages(agents: Sequence[int], now: datetime) -> list[float]:
    going_on = Conversation.objects.filter(
        agent__in=agents, weight=ACTIVE, status=ConversationStatus.OPEN, spoken_at__gt=now - SILENT_AFTER
    )
    begun = going_on.values_list(Coalesce("first_reply_at", "created_at"), flat=True)
    return [(now - at).total_seconds() for at in begun]
