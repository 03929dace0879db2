"""Which notes are there, and where do they stand between the messages? By time; of one moment, the message first."""

from collections.abc import Iterable
from heapq import merge

from django.db.models import Exists, OuterRef, Q, QuerySet

from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.notes.models import InternalNote, NoteKind

MOST_NOTES = 500
"""Notes on a page."""


def notes_after(conversation: Conversation, pk: int, *, reader: Agent, is_supervisor: bool) -> QuerySet[InternalNote]:
    """Return the notes of ``conversation`` written after the one with this number, in their order; 0 gives all.

    A whisper is between a supervisor and whom it is for: other agents do not read it.
    """
    found = InternalNote.objects.filter(conversation=conversation, pk__gt=pk).select_related("author", "addressee")
    if not is_supervisor:
        found = found.filter(~Q(kind=NoteKind.WHISPER) | Q(addressee=reader) | Q(author=reader))
    return found.order_by("pk")[:MOST_NOTES]


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


def unheeded_whispers(conversations: Iterable[Conversation], agent: Agent) -> dict[int, list[InternalNote]]:
    """Return, by conversation, what was whispered to ``agent`` there since the agent last wrote; one query."""
    answered = Message.objects.filter(conversation=OuterRef("conversation"), agent=agent, at__gte=OuterRef("at"))
    said = InternalNote.objects.filter(
        kind=NoteKind.WHISPER, addressee=agent, conversation__in=[one.pk for one in conversations]
    )
    found: dict[int, list[InternalNote]] = {}
    for note in said.exclude(Exists(answered)).select_related("author").order_by("pk")[:MOST_NOTES]:
        found.setdefault(note.conversation_id, []).append(note)
    return found


def find_note(pk: int) -> InternalNote | None:
    """Return the note with this number and its conversation, whoever asks: whether they may is the conversation's to say."""
    return InternalNote.objects.select_related("conversation").filter(pk=pk).first()
