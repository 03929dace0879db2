"""Conversations in the database, whatever happened to them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from oscar_engage.desk.models import Agent, Conversation, Message, Queue
from oscar_engage.visitors.models import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened in a conversation: minutes since the start of time, and seconds since it began."""

    begins: int
    is_chat: bool
    queue: int
    agent: int
    answerer: int
    taken: int | None
    replied: int | None
    closed: int | None
    promised: int
    solved_by: int | None
    noted: bool
    owed: bool
    paused: bool
    who: str
    words: tuple[tuple[str, int], ...]


SECONDS = st.integers(0, 200_000)
STORIES = st.builds(
    Story,
    begins=st.integers(0, 3 * 24 * 60),
    is_chat=st.booleans(),
    queue=st.integers(0, 2),
    agent=st.integers(0, 2),
    answerer=st.integers(0, 2),
    taken=st.none() | SECONDS,
    replied=st.none() | SECONDS,
    closed=st.none() | SECONDS,
    promised=SECONDS,
    solved_by=st.none() | SECONDS,
    noted=st.booleans(),
    owed=st.booleans(),
    paused=st.booleans(),
    who=st.sampled_from(("shopper", "shopper", "staff", "automaton", "gone")),
    words=st.lists(st.tuples(st.sampled_from(("shopper", "agent", "system")), SECONDS), max_size=6).map(tuple),
)


def tell(story: Story, start: datetime, queues: Sequence[Queue | None], agents: Sequence[Agent | None]) -> Conversation:
    """Store the conversation of ``story``."""
    began = start + timedelta(minutes=story.begins)

    def after(seconds: int | None) -> datetime | None:
        return None if seconds is None else began + timedelta(seconds=seconds)

    visitor = Visitor(created_at=began, last_seen_at=began, consent=1)
    visitor.is_staff, visitor.is_automaton = story.who == "staff", story.who == "automaton"
    if story.who != "gone":
        visitor.save()
    row = Conversation.objects.create(
        kind="chat" if story.is_chat else "note",
        status="open" if story.closed is None else "closed",
        visitor_id=visitor.pk or uuid.uuid4(),
        queue=queues[story.queue],
        agent=agents[story.agent],
        created_at=began,
        taken_at=after(story.taken),
        first_reply_at=after(story.replied),
        closed_at=after(story.closed),
        due_at=after(story.promised),
        resolve_by=after(story.solved_by),
        escalated_at=began if story.noted else None,
        owed_since=began if story.owed else None,
        paused_at=began if story.paused else None,
    )
    words = sorted(story.words, key=lambda word: word[1])
    if story.replied is not None:
        words = sorted([*words, ("first", story.replied)], key=lambda word: word[1])
    for seq, (role, seconds) in enumerate(words, start=1):
        author = agents[story.answerer] if role in {"agent", "first"} else None
        name = "agent" if role == "first" else role
        Message.objects.create(conversation=row, seq=seq, role=name, agent=author, body="…", at=after(seconds))
    return row
