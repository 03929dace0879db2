"""How many more chats can the agents take, and who may be invited? The desk's answer to ``decisions.ports``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from oscar_engage.decisions.line.order import Asked
from oscar_engage.desk.calls.offered import is_offered
from oscar_engage.desk.dialer.offer import count_places, keep_place
from oscar_engage.desk.line import busy_of, read_candidates, read_waiting
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Skill
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.routing import Candidate, Waiting, assign, fits, room_of
from oscar_engage.desk.slots import present


class DeskAvailability:
    """Counts the free slots of the agents who are online now, less those that chats will take which wait already."""

    def free_agents(self, *, now: datetime, skill: int | None = None, language: str | None = None) -> int:
        """Return how many more live conversations the agents can take at ``now``; two queries, one when nobody is there.

        With a ``skill`` (its number) or a ``language``, only of those who have it, and after routing has given them what
        waits; at most six queries.
        """
        if skill is not None or language:
            return _free_for(now, skill, language or "")
        slots = sum(room_of(busy_of(agent, now=now)) for agent in present(now=now))
        if not slots:
            return 0
        waiting = Conversation.objects.filter(kind=ConversationKind.CHAT, status=ConversationStatus.WAITING).count()
        return max(slots - waiting, 0)

    def places(self, *, now: datetime, queue: str = "", path: str = "", language: str = "", ahead: Sequence[Asked] = ()) -> int:
        """Return how many more may be invited to a chat once those ``ahead`` are, by the mode of the ``DIALER``."""
        return count_places(now=now, queue=queue, path=path, language=language, ahead=ahead)

    def hold(
        self,
        *,
        decision_id: UUID,
        visitor_id: UUID,
        now: datetime,
        queue: str = "",
        path: str = "",
        language: str = "",
        ahead: Sequence[Asked] = (),
    ) -> bool:
        """Keep a place for an invited shopper that none of those ``ahead`` needs, and return whether there was one."""
        asked = {"queue": queue, "path": path, "language": language}
        return keep_place(decision_id=decision_id, visitor_id=visitor_id, now=now, ahead=ahead, **asked)

    def takes_calls(self, *, now: datetime, path: str = "") -> bool:
        """Return whether the queue of the page at ``path`` calls shoppers and has a time for one; two queries."""
        return is_offered(path, now=now)


def _free_for(now: datetime, skill: int | None, language: str) -> int:
    slug = Skill.objects.filter(pk=skill).values_list("slug", flat=True).first() if skill is not None else ""
    asked = Waiting(id=0, waited=0.0, skill=slug or "", language=language)
    there = read_candidates(now=now)
    if slug is None or not _room(there, asked):
        return 0
    waiting = [one for one, _visitor in read_waiting(ConversationKind.CHAT, read_queues(), now=now)]
    weights = {one.id: one.weight for one in waiting}
    taken = dict.fromkeys((agent.id for agent in there), 0)
    for given in assign(waiting, there):
        taken[given.agent] += weights[given.conversation]
    return _room([replace(agent, load=agent.load + taken[agent.id]) for agent in there], asked)


def _room(agents: Sequence[Candidate], asked: Waiting) -> int:
    return sum(room_of(agent) for agent in agents if fits(asked, agent))
