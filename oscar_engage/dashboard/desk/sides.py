"""What is for staff alone beside several transcripts? Notes, whispers and lookers-on of each, with a few queries for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oscar_engage.dashboard.desk.side import has_another
from oscar_engage.desk.access import SUPERVISE_PERMISSION
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.notes.read import latest_note, notes_of, unanswered_whispers
from oscar_engage.desk.oversight.watch import note_watching_each
from oscar_engage.desk.writing import Colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSide:
    """What one card shows of it, by the names that ``side.Side`` has on a conversation's own page.

    ``notes`` are those that the page does not have yet, ``after`` is the number of the last that it has then.
    """

    notes: Sequence[InternalNote]
    after: int
    whispers: Sequence[InternalNote]
    watchers: Sequence[str]
    is_watching: bool
    is_supervisor: bool
    can_step_in: bool


def read_sides(
    conversations: Iterable[Conversation],
    after: Mapping[int, int],
    others: Mapping[int, Sequence[Colleague]],
    agent: Agent,
    *,
    user: Any,
    now: datetime,
) -> dict[int, CardSide]:
    """Return by id what stands beside each of ``conversations``, and note that ``agent`` looks at those of colleagues.

    By id, ``after`` says up to which note the page has them, and ``others`` who else has them open. One query, and up to three
    more where there are whispers, or chats of colleagues.
    """
    listed = list(conversations)
    is_supervisor = user.has_perm(SUPERVISE_PERMISSION)
    watching = note_watching_each(listed, agent, user=user, now=now)
    notes = notes_of({one.pk: after.get(one.pk, 0) for one in listed}, reader=agent, is_supervisor=is_supervisor)
    whispers = unanswered_whispers(agent.pk, notes)
    return {
        one.pk: CardSide(
            notes=notes[one.pk],
            after=max(after.get(one.pk, 0), latest_note(notes[one.pk])),
            whispers=whispers.get(one.pk, ()),
            watchers=_names(one, others.get(one.pk, ()), agent if one.pk in watching else None),
            is_watching=one.pk in watching,
            is_supervisor=is_supervisor,
            can_step_in=is_supervisor and has_another(one, agent),
        )
        for one in listed
    }


def _names(conversation: Conversation, others: Sequence[Colleague], agent: Agent | None) -> list[str]:
    """Return who looks on by name; ``agent`` is the reader, where they do."""
    there = [one.name for one in others if one.is_watching and one.agent_id != conversation.agent_id]
    return sorted([*there, *([agent.display_name] if agent else [])])
