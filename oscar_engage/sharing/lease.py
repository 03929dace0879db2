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

CONNECTING = timedelta(seconds=25)
"""How long the first connection of a talk may take, with a second try; both have their microphones at hand by then."""

LONGEST_TALK = timedelta(hours=2)
"""How long one talks at most: a connection that was forgotten ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What tells whether a session goes on. ``is_theirs``: the conversation is open, and still with the agent who began.

    ``is_agents``: the agent asked. ``joined_at``: of a talk, when the two first heard each other.
    """

    state: str
    is_theirs: bool
    is_paying: bool
    asked_at: datetime
    begun_at: datetime | None
    shopper_at: datetime
    agent_at: datetime | None
    kind: str = "page"
    is_agents: bool = True
    joined_at: datetime | None = None


def why_over(facts: Facts, *, now: datetime) -> str:
    """Return the ``Ended`` by which the session has to end now, or an empty text while it goes on or is over already."""
    if facts.state == "ended":
        return ""
    if not facts.is_theirs:
        return "conversation"
    if facts.kind == "voice":
        return _why_talk_over(facts, now=now)
    if facts.state == "asked" or facts.begun_at is None:
        return "unanswered" if now - facts.asked_at > ANSWER else ""
    return _first(
        ("too_long", facts.begun_at, LONGEST),
        ("shopper_gone", facts.shopper_at, PAYING if facts.is_paying else SILENT),
        ("agent_gone", facts.agent_at, SILENT) if facts.agent_at else ("unseen", facts.begun_at, UNSEEN),
        now=now,
    )


def _why_talk_over(facts: Facts, *, now: datetime) -> str:
    """The same for a talk: who asks has to stay there, and where one pays nothing of ours runs, so it ends."""
    if facts.state == "asked" or facts.begun_at is None:
        asker = (
            ("agent_gone", facts.agent_at or facts.asked_at, SILENT)
            if facts.is_agents
            else ("shopper_gone", facts.shopper_at, SILENT)
        )
        return _first(asker, ("unanswered", facts.asked_at, ANSWER), now=now)
    if facts.is_paying:
        return "payment"
    return _first(
        ("too_long", facts.begun_at, LONGEST_TALK),
        ("shopper_gone", facts.shopper_at, SILENT),
        ("agent_gone", facts.agent_at or facts.begun_at, SILENT),
        *([("unconnected", facts.begun_at, CONNECTING)] if facts.joined_at is None else []),
        now=now,
    )


def _first(*limits: tuple[str, datetime, timedelta], now: datetime) -> str:
    return next((why for why, since, most in limits if now - since > most), "")
