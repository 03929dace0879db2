"""How did conversations go? Rows in, figures out: no clock, no database.

Times are in seconds. A *first response* is from the question to an agent's first message; the *handle time* of a chat is from
there until it is closed. Medians, since one conversation that was left open overnight would move an average.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One conversation. ``score``: 1 to 5, ``None`` where nobody said."""

    agent: int | None
    is_chat: bool
    created_at: datetime
    first_reply_at: datetime | None = None
    closed_at: datetime | None = None
    score: int | None = None

    @property
    def first_response(self) -> float:
        """Seconds from the question to the answer; 0 where there is none."""
        return _seconds(self.created_at, self.first_reply_at)

    @property
    def handle_time(self) -> float:
        """Seconds from the answer to the end; 0 where there is neither."""
        return _seconds(self.first_reply_at, self.closed_at)


def _seconds(since: datetime | None, until: datetime | None) -> float:
    return (until - since).total_seconds() if since and until else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """``None`` stands for a figure of which there is nothing to tell."""

    asked: int
    answered: int
    resolved: int
    """Answered and closed."""

    rateable: int
    """Those whose shopper was asked how helpful it was."""

    rated: int
    average: float | None
    first_response: float | None
    handle_time: float | None

    @property
    def share_rated(self) -> float | None:
        """Of those who were asked, how many said: an average of few says little of all."""
        return self.rated / self.rateable if self.rateable else None


def figures_of(rows: Iterable[Row]) -> Figures:
    """Return the figures of all ``rows`` together."""
    known = list(rows)
    answered = [row for row in known if row.first_reply_at is not None]
    ended = [row for row in answered if row.is_chat and row.closed_at is not None]
    scores = [row.score for row in answered if row.score is not None]
    return Figures(
        asked=len(known),
        answered=len(answered),
        resolved=sum(row.closed_at is not None for row in answered),
        rateable=sum(not row.is_chat or row.closed_at is not None for row in answered),
        rated=len(scores),
        average=fmean(scores) if scores else None,
        first_response=_median([row.first_response for row in answered]),
        handle_time=_median([row.handle_time for row in ended]),
    )


def by_agent(rows: Iterable[Row]) -> dict[int | None, Figures]:
    """Return the figures of each agent; ``None``: of what nobody has, or has any more."""
    of: dict[int | None, list[Row]] = {}
    for row in rows:
        of.setdefault(row.agent, []).append(row)
    return {agent: figures_of(theirs) for agent, theirs in of.items()}


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None
