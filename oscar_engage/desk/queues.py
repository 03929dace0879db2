"""Where does a conversation wait? In the queue that its page belongs to, or that somebody moved it to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language_from_path

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import AgentSkill, Conversation, ConversationKind, ConversationStatus, Queue, QueueMember, Skill
from oscar_engage.desk.routing import HeadStarts


class InUseError(ValueError):
    """A queue in which something waits, or a skill that an agent has or a queue asks for."""


@dataclass(frozen=True, slots=True)
class QueueBook:
    """All queues as they are now, by id."""

    queues: Mapping[int, Queue]
    members: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """The agents of each queue that is for its members alone, by the queue's id."""

    def queue_of(self, conversation: Conversation) -> Queue | None:
        """Return where ``conversation`` waits; ``None`` if it is in no queue and there is no default one."""
        known = self.queues.get(conversation.queue_id) if conversation.queue_id else None
        return known or next((queue for queue in self.queues.values() if queue.is_default), None)

    def skill_of(self, conversation: Conversation) -> str:
        """Return the short name of the skill that ``conversation`` needs; empty: none."""
        queue = self.queue_of(conversation)
        return queue.skill.slug if queue and queue.skill else ""

    def members_of(self, conversation: Conversation) -> frozenset[int] | None:
        """Return the ids of the agents whom ``conversation`` waits for; ``None``: all who have the skill."""
        queue = self.queue_of(conversation)
        return self.members.get(queue.pk) if queue else None

    def call_skill_of(self, conversation: Conversation) -> str:
        """Return the short name of the skill that whoever makes this call needs beside that; empty: none, or it is no call."""
        queue = self.queue_of(conversation) if conversation.kind == ConversationKind.CALL else None
        terms = getattr(queue, "call_terms", None)
        return terms.skill.slug if terms is not None and terms.skill else ""

    def queue_for_page(self, path: str) -> Queue | None:
        """Return the queue whose addresses the page belongs to: of several beginnings of ``path``, the longest counts."""
        found = [(len(start), queue) for queue in self.queues.values() for start in starts_of(queue) if path.startswith(start)]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def head_starts(self) -> HeadStarts:
        """Return what routing gives customers, pages and topics: a queue's for what was asked on its pages or waits in it."""
        queues = self.queues.values()
        return HeadStarts(
            customer=get_settings().customer_head_start,
            pages={start: queue.head_start for queue in queues for start in starts_of(queue)},
            topics={queue.slug: queue.head_start for queue in queues},
        )


def read_queues() -> QueueBook:
    """Return all queues with their skills; one query, and one more where a queue is for its members alone."""
    rows = Queue.objects.select_related("skill", "call_terms__skill").order_by("name", "pk")
    queues = {queue.pk: queue for queue in rows}
    shut = [queue.pk for queue in queues.values() if queue.is_members_only]
    return QueueBook(queues, _members_of(shut) if shut else {})


def _members_of(queues: list[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {queue: set() for queue in queues}
    for queue, agent in QueueMember.objects.filter(queue__in=queues).values_list("queue_id", "agent_id"):
        found[queue].add(agent)
    return {queue: frozenset(agents) for queue, agents in found.items()}


def starts_of(queue: Queue) -> list[str]:
    """Return the beginnings of addresses whose questions wait in ``queue``."""
    return [line.strip() for line in queue.paths.splitlines() if line.strip()]


def bare_path(path: str) -> str:
    """Return ``path`` without the language that it may begin with: ``/de/checkout/`` is ``/checkout/``."""
    language = get_language_from_path(path)
    return path[len(language) + 1 :] if language else path


def queue_for_page(path: str) -> Queue | None:
    """Return the queue for a question from this page, or ``None`` for the default one; one query."""
    return read_queues().queue_for_page(bare_path(path)) if path else None


def delete_queue(queue: Queue) -> None:
    """Delete ``queue`` or raise :class:`InUseError`; closed conversations that were in it have none then.

    What joins it in this very moment is not lost: a conversation whose queue is gone waits in the default one.
    """
    with transaction.atomic(using=get_settings().database):
        if Conversation.objects.filter(queue=queue).exclude(status=ConversationStatus.CLOSED).exists():
            raise InUseError(f"Something waits in {queue}.")
        queue.delete()


def delete_skill(skill: Skill) -> None:
    """Delete ``skill`` or raise :class:`InUseError`."""
    with transaction.atomic(using=get_settings().database):
        Skill.objects.select_for_update().get(pk=skill.pk)
        if AgentSkill.objects.filter(skill=skill).exists() or _is_asked_for(skill):
            raise InUseError(f"{skill} is in use.")
        skill.delete()


def _is_asked_for(skill: Skill) -> bool:
    return Queue.objects.filter(Q(skill=skill) | Q(call_terms__skill=skill)).exists()
