"""What waits, what is mine, what is new? The desk's reads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Message, Role
from oscar_engage.desk.ratings.steps import HELPED_FROM
from oscar_engage.statements.prepared import Given
from oscar_engage.statements.whole import PreparedModels


def waiting() -> QuerySet[Conversation]:
    """Return the conversations that wait for an answer, the most urgent first."""
    return Conversation.objects.filter(status=ConversationStatus.WAITING).select_related("agent").order_by("due_at", "pk")


def waiting_in_queues() -> dict[int | None, int]:
    """Return how many conversations wait for an answer in each queue, by its id; ``None``: in the default one."""
    rows = Conversation.objects.filter(status=ConversationStatus.WAITING).order_by()
    return dict(rows.values_list("queue_id").annotate(Count("pk")))


def of_agent(agent: Agent) -> QuerySet[Conversation]:
    """Return the open conversations of ``agent``, the latest first."""
    mine = Conversation.objects.filter(agent=agent).exclude(status=ConversationStatus.CLOSED)
    return mine.select_related("agent").order_by("-created_at", "-pk")


def escalated() -> QuerySet[Conversation]:
    """Return the open conversations in which a promise was broken, the latest to be so first."""
    broken = Conversation.objects.filter(escalated_at__isnull=False).exclude(status=ConversationStatus.CLOSED)
    return broken.select_related("agent").order_by("-escalated_at", "-pk")


def of_address(conversation: Conversation, visible: QuerySet[Conversation]) -> list[Conversation]:
    """Return up to five others of ``visible`` that name the address of ``conversation``, the latest first."""
    named = visible.filter(email__iexact=conversation.email).exclude(email="").exclude(pk=conversation.pk)
    return list(named.order_by("-created_at", "-pk")[:5])


def messages_after(conversation: Conversation, seq: int) -> list[Message]:
    """Return the messages after number ``seq`` in their order; 0 gives all."""
    messages = _AFTER.all(conversation=conversation.pk, seq=seq)
    for message in messages:
        message.conversation = conversation
    return messages


def _after() -> QuerySet[Message]:
    number = Given("conversation", BigIntegerField())
    return Message.objects.filter(conversation=number, seq__gt=Given("seq", BigIntegerField())).order_by("seq")


_AFTER = PreparedModels(_after, "agent", "proposal", "settles")


def with_unread(conversations: QuerySet[Conversation]) -> QuerySet[Any]:
    """Return ``conversations``, each with ``unread``: how many of the shopper's messages its agent has not been shown."""
    newer = Message.objects.filter(conversation=OuterRef("pk"), role=Role.SHOPPER, seq__gt=OuterRef("agent_read_seq"))
    number = newer.order_by().values("conversation").annotate(number=Count("pk")).values("number")
    return conversations.annotate(unread=Coalesce(Subquery(number), 0))


def find_unread(agent: Agent) -> Conversation | None:
    """Return the open conversation of ``agent`` in which a shopper's words have waited longest to be read; one query."""
    found: Conversation | None = with_unread(of_agent(agent)).filter(unread__gt=0).order_by("due_at", "pk").first()
    return found


def messages_of(after: Mapping[int, int]) -> dict[int, list[Message]]:
    """Return the messages of several conversations: ``after`` maps each one's id to the number that it is known up to."""
    said: dict[int, list[Message]] = {pk: [] for pk in after}
    if after:
        news = reduce(or_, (Q(conversation=pk, seq__gt=seq) for pk, seq in after.items()))
        for message in Message.objects.filter(news).select_related("agent").order_by("conversation_id", "seq"):
            said[message.conversation_id].append(message)
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of the questions at one place: how many, solved at once by what was found, rated, and rated well."""

    asked: int = 0
    at_once: int = 0
    rated: int = 0
    helped: int = 0


def count_questions_by_anchor(*, since: datetime, until: datetime, slot: str = "") -> dict[str, Asked]:
    """Return what became of the questions of ``[since, until)`` at each place of the pages that has a name; one query.

    With ``slot``, of those at that place, by the thing it stood for.
    """
    asked = Conversation.objects.filter(created_at__gte=since, created_at__lt=until).order_by()
    asked = asked.filter(anchor=slot).exclude(anchor_object="") if slot else asked.exclude(anchor="")
    rows = asked.values_list("anchor_object" if slot else "anchor").annotate(
        asked=Count("pk"),
        at_once=Count("pk", filter=Q(auto_answer__outcome="helped")),
        rated=Count("rating"),
        helped=Count("rating", filter=Q(rating__score__gte=HELPED_FROM)),
    )
    return {
        name: Asked(asked=number, at_once=at_once, rated=rated, helped=helped) for name, number, at_once, rated, helped in rows
    }


MOST_ASKED = 20
"""Questions of one place that are listed."""


def asked_at(slot: str, visible: QuerySet[Conversation], *, since: datetime, until: datetime) -> list[Any]:
    """Return the latest of ``visible`` that began at ``slot`` in ``[since, until)``, each with its ``question``; one query."""
    first = Message.objects.filter(conversation=OuterRef("pk"), role=Role.SHOPPER).exclude(body="").order_by("seq")
    asked = visible.filter(anchor=slot, created_at__gte=since, created_at__lt=until)
    return list(asked.annotate(question=Subquery(first.values("body")[:1])).order_by("-created_at", "-pk")[:MOST_ASKED])


def list_asked_places(
    visitor_ids: Collection[UUID], *, since: datetime, until: datetime
) -> Iterator[tuple[UUID, str, str, datetime]]:
    """Yield at which places these visitors asked in ``[since, until]``: visitor, place, its thing, and when; one query."""
    asked = Conversation.objects.filter(visitor_id__in=visitor_ids, created_at__gte=since, created_at__lte=until)
    yield from asked.exclude(anchor="").values_list("visitor_id", "anchor", "anchor_object", "created_at")
