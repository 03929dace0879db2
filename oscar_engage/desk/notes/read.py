"""Which notes are there, and where do they stand between the messages? By time; of one moment, the message first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from heapq import merge
from operator import or_
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.notes.models import InternalNote, NoteKind

MOST_NOTES = 500
"""Notes on a page."""


def notes_after(conversation: Conversation, pk: int, *, reader: Agent, is_supervisor: bool) -> QuerySet[InternalNote]:
    """Return the notes of ``conversation`` written after the one with this number, in their order; 0 gives all.

    A whisper is between a supervisor and whom it is for: other agents do not read it.
    """
    found = InternalNote.objects.filter(conversation=conversation, pk__gt=pk)
    return _readable(found, reader, is_supervisor=is_supervisor).order_by("pk")[:MOST_NOTES]


def notes_of(after: Mapping[int, int], *, reader: Agent, is_supervisor: bool) -> dict[int, list[InternalNote]]:
    """Return :func:`notes_after` of several conversations, with one query; ``after``: the number that is known, by their id."""
    found: dict[int, list[InternalNote]] = {pk: [] for pk in after}
    if after:
        news = reduce(or_, (Q(conversation=pk, pk__gt=number) for pk, number in after.items()))
        notes = _readable(InternalNote.objects.filter(news), reader, is_supervisor=is_supervisor)
        for note in notes.order_by("pk")[: MOST_NOTES * len(after)]:
            found[note.conversation_id].append(note)
    return found


def _readable(notes: QuerySet[InternalNote], reader: Agent, *, is_supervisor: bool) -> QuerySet[InternalNote]:
    if not is_supervisor:
        notes = notes.filter(~Q(kind=NoteKind.WHISPER) | Q(addressee=reader) | Q(author=reader))
    return notes.select_related("author", "addressee")


def latest_note(notes: Iterable[InternalNote]) -> int:
    """Return the number of the last of ``notes``, 0 for none."""
    return max((note.pk for note in notes), default=0)


def between(messages: Iterable[Message], notes: Iterable[InternalNote]) -> list[Message | InternalNote]:
    """Return ``messages`` in their order with ``notes`` between them by time."""
    in_order = sorted(notes, key=lambda note: (note.at, note.pk))
    lists: list[Iterable[Message | InternalNote]] = [messages, in_order]
    return list(merge(*lists, key=lambda one: one.at))


def whispers_to(agent_id: int, notes: Iterable[InternalNote]) -> list[InternalNote]:
    """Return those of ``notes`` that were whispered to the agent."""
    return [note for note in notes if note.kind == NoteKind.WHISPER and note.addressee_id == agent_id]


def unanswered_whispers(agent_id: int, notes: Mapping[int, Sequence[InternalNote]]) -> dict[int, list[InternalNote]]:
    """Return by conversation what of ``notes`` was whispered to the agent since their last answer there.

    One query, none where nothing was whispered.
    """
    said = {pk: whispers_to(agent_id, there) for pk, there in notes.items()}
    said = {pk: there for pk, there in said.items() if there}
    if not said:
        return {}
    answers = Message.objects.filter(conversation__in=said, agent=agent_id).order_by().values_list("conversation_id")
    answered: dict[int, datetime] = dict(answers.annotate(Max("at")))
    return {pk: [note for note in there if pk not in answered or note.at > answered[pk]] for pk, there in said.items()}


def with_whispered(conversations: QuerySet[Any], agent: Agent) -> QuerySet[Any]:
    """Return ``conversations``, each with ``whispered``: whether a whisper to ``agent`` is newer than their last answer."""
    answers = Message.objects.filter(conversation=OuterRef("conversation"), agent=agent).order_by("-at").values("at")[:1]
    said = InternalNote.objects.filter(conversation=OuterRef("pk"), kind=NoteKind.WHISPER, addressee=agent)
    fresh = said.annotate(answered_at=Subquery(answers)).filter(Q(answered_at=None) | Q(at__gt=F("answered_at")))
    annotated: QuerySet[Any] = conversations.annotate(whispered=Exists(fresh))
    return annotated


def find_note(pk: int) -> InternalNote | None:
    """Return the note with this number and its conversation, whoever asks: whether they may is the conversation's to say."""
    return InternalNote.objects.select_related("conversation").filter(pk=pk).first()
