"""What does an agent hear from colleagues beside a conversation that stands among others? Whispers, and the latest notes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from oscar_engage.desk.models import Agent, Message
from oscar_engage.desk.notes.models import InternalNote, NoteKind
from oscar_engage.desk.notes.read import notes_at, whispers_to

MOST_SHOWN = 2
"""Internal notes beside a conversation: the latest; all of them stand on its own page."""


@dataclass(frozen=True, slots=True)
class Heard:
    """``whispers`` to the agent since the last answer, and the latest internal ``notes``."""

    whispers: tuple[InternalNote, ...] = ()
    notes: tuple[InternalNote, ...] = ()


def heard_at(conversations: Iterable[int], agent: Agent) -> Mapping[int, Heard]:
    """Return what is to be heard at each of these conversations that has notes, with two queries at most."""
    asked = list(conversations)
    found = notes_at(asked, reader=agent) if asked else {}
    whispered = {pk for pk, notes in found.items() if whispers_to(agent.pk, notes)}
    answered = _answered(whispered, agent) if whispered else {}
    return {pk: _heard(notes, agent, answered.get(pk)) for pk, notes in found.items()}


def _heard(notes: list[InternalNote], agent: Agent, answered_at: datetime | None) -> Heard:
    whispers = (one for one in whispers_to(agent.pk, notes) if answered_at is None or one.at > answered_at)
    internal = [one for one in notes if one.kind != NoteKind.WHISPER]
    return Heard(tuple(whispers), tuple(internal[-MOST_SHOWN:]))


def _answered(conversations: set[int], agent: Agent) -> dict[int, datetime]:
    said = Message.objects.filter(conversation__in=conversations, agent=agent).order_by()
    return dict(said.values_list("conversation").annotate(Max("at")))
