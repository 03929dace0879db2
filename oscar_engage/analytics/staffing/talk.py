"""What are the times of one conversation? First response, wait, hold, handle time, and whether what was promised was kept.

Terms as contact centres use them, for messages instead of calls. Abandonment, waiting, handling: N. Gans, G. Koole, A.
Mandelbaum, "Telephone Call Centers: Tutorial, Review, and Research Prospects", M&SOM 5 (2003) 79-141, section 2. In seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Turn = tuple[bool, datetime]
"""Whether the shopper wrote (else: an agent), and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One conversation. ``turns``: its messages in their order, without the system's.

    ``due_at``, ``resolve_by``: until when the answer and the solution are promised; ``was_broken``: that a promise was broken
    has been noted. ``is_owed``: an answer is owed still; ``is_paused``: the clock of the solution waits for the shopper.
    ``created_at`` of a call is when it was due: nobody waits before that.
    """

    queue: str
    is_chat: bool
    is_call: bool = False
    created_at: datetime
    due_at: datetime
    agent: int | None = None
    answered_by: int | None = None
    taken_at: datetime | None = None
    first_reply_at: datetime | None = None
    closed_at: datetime | None = None
    resolve_by: datetime | None = None
    is_owed: bool = False
    is_paused: bool = False
    was_broken: bool = False
    turns: Sequence[Turn] = ()

    @property
    def channel(self) -> str:
        """What it is now: a chat that its shopper left as a note counts as a note."""
        return "chat" if self.is_chat else "call" if self.is_call else "note"

    @property
    def response(self) -> float | None:
        """First response: from the question to an agent's first message; ``None`` without one."""
        return _between(self.created_at, self.first_reply_at)

    @property
    def wait(self) -> float | None:
        """Wait: from the question until an agent first took it; ``None`` if nobody did."""
        return _between(self.created_at, self.taken_at)

    @property
    def handle(self) -> float | None:
        """Handle time of a chat or a call: from the first answer, or when it was first dialled, until it was closed.

        The note written after it is not in it.
        """
        return _between(self.first_reply_at, self.closed_at) if self.is_chat or self.is_call else None

    @property
    def is_abandoned(self) -> bool:
        """Whether it is a chat that ended before anybody answered."""
        return self.is_chat and self.first_reply_at is None and self.closed_at is not None

    @property
    def patience(self) -> float | None:
        """How long the shopper of a chat waited for an agent, or until leaving; ``None``: waits still, or it is a note."""
        return _between(self.created_at, self.taken_at or self.closed_at) if self.is_chat else None

    @property
    def hold(self) -> float | None:
        """Hold: seconds in an answered chat in which the shopper had written, and no agent had answered yet.

        From the first message after an answer to the next answer, or to the end; the first response is not part of it.
        """
        if not self.is_chat or self.first_reply_at is None or self.closed_at is None:
            return None
        held, since = 0.0, None
        for is_shopper, at in self.turns:
            if at < self.first_reply_at:
                continue
            if is_shopper:
                since = since or at
            elif since is not None:
                held, since = held + (at - since).total_seconds(), None
        return held if since is None else held + max(0.0, (self.closed_at - since).total_seconds())

    def is_broken(self, *, now: datetime) -> bool:
        """Whether a promise was broken, noted or not, by the rule of ``desk.promises.kept``."""
        if self.was_broken:
            return True
        if self.first_reply_at is not None and self.first_reply_at > self.due_at:
            return True
        if self.closed_at is not None:
            has_answer = self.first_reply_at is not None
            return has_answer and not self.is_paused and self.resolve_by is not None and self.closed_at > self.resolve_by
        if self.is_owed:
            return self.due_at <= now
        return self.resolve_by is not None and not self.is_paused and self.resolve_by <= now

    def is_kept(self, *, now: datetime) -> bool:
        """Whether it was answered, and no promise was broken; what was closed without an answer is neither."""
        return self.first_reply_at is not None and not self.is_broken(now=now)


def _between(since: datetime | None, until: datetime | None) -> float | None:
    return None if since is None or until is None else max(0.0, (until - since).total_seconds())
