"""Is a session still alive? Plain arithmetic on when each side last spoke; the clock is an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ANSWER = timedelta(minutes=2)
"""How long the question "may I see your page?" stands."""

SILENT = timedelta(seconds=7)
"""How long either side may say nothing; with the other side's own second, it is known to both within ten."""

MOVING = timedelta(seconds=9)
"""The same from when a page was left: the next one of the shop has to come, and with it our script."""

UNSEEN = timedelta(seconds=60)
"""How long a page is shared that no agent has looked at yet."""

PAYING = timedelta(minutes=10)
"""How long a shopper may be on a page on which one pays, where nothing of ours speaks."""

LONGEST = timedelta(minutes=60)
"""How long one page is shared at most; then the shopper is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What tells whether a session goes on. ``is_theirs``: the conversation is open, and still with the agent who began."""

    state: str
    is_theirs: bool
    is_paying: bool
    asked_at: datetime
    begun_at: datetime | None
    shopper_at: datetime
    agent_at: datetime | None


def why_over(facts: Facts, *, now: datetime) -> str:
    """Return the ``Ended`` by which the session has to end now, or an empty text while it goes on or is over already."""
    if facts.state == "ended":
        return ""
    if not facts.is_theirs:
        return "conversation"
    if facts.state == "asked" or facts.begun_at is None:
        return "unanswered" if now - facts.asked_at > ANSWER else ""
    limits = (
        ("too_long", facts.begun_at, LONGEST),
        ("shopper_gone", facts.shopper_at, PAYING if facts.is_paying else SILENT),
        ("agent_gone", facts.agent_at, SILENT) if facts.agent_at else ("unseen", facts.begun_at, UNSEEN),
    )
    return next((why for why, since, most in limits if now - since > most), "")
