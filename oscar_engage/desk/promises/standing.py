"""How does a conversation stand with what was promised? In time, soon due, late, or waiting for the shopper."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.promises.course import owes_answer
from oscar_engage.desk.promises.sweep import deadline_of

_NEVER = datetime.max.replace(tzinfo=UTC)


class Pace(Enum):
    """How urgent it is, the most urgent first; the values are the suffixes of CSS classes."""

    LATE = "late"
    SOON = "soon"
    IN_TIME = "in-time"
    PAUSED = "resting"
    KEPT = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The promise that runs: ``until`` when it is to be kept (``None``: none runs), and whether it is that of an answer."""

    pace: Pace
    until: datetime | None
    is_answer: bool

    @property
    def urgency(self) -> tuple[int, datetime]:
        """What to sort by: the most urgent first."""
        return list(Pace).index(self.pace), self.until or _NEVER


def standing_of(conversation: Conversation, *, now: datetime) -> Standing:
    """Return how ``conversation`` stands at ``now``, also before the sweep has seen it; no query."""
    until = deadline_of(conversation)
    return Standing(pace=_pace(conversation, until, now), until=until, is_answer=owes_answer(conversation))


def _pace(conversation: Conversation, until: datetime | None, now: datetime) -> Pace:
    if until is None:
        is_paused = conversation.paused_at is not None and conversation.status != ConversationStatus.CLOSED
        return Pace.PAUSED if is_paused else Pace.KEPT
    if until <= now:
        return Pace.LATE
    warned_at = conversation.warned_at if owes_answer(conversation) else conversation.solution_warned_at
    is_watched_by_now = conversation.watch_at is not None and conversation.watch_at <= now
    return Pace.SOON if warned_at is not None or is_watched_by_now else Pace.IN_TIME
