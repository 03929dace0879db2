"""How long until somebody is there? Plain values in, minutes out: no clock, no database.

The line is played through: each conversation, in routing's order, goes to whoever of those that fit has a slot first. A slot
that is taken is free again after what remains of its chat; one whose age nobody knows is in the middle of it, as likely here as
there: of ``k`` such chats, the ``i``-th is over after ``i / (k + 1)`` of a chat's usual length.

What a chat usually takes is the median of the shop's own, which one that was left open overnight does not move, drawn towards
:data:`PRIOR_SECONDS` while there are few. That is an assumption of ours, not a measurement of anybody's: eight minutes, worth
as much as :data:`PRIOR_CHATS` chats.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from oscar_engage.desk.routing import NO_HEAD_STARTS, TENTHS, Candidate, HeadStarts, Waiting, fits, in_order, room_of

PRIOR_SECONDS = 480.0
PRIOR_CHATS = 5

SHORTEST, LONGEST = 30.0, 3600.0
"""Seconds that one chat counts with, at least and at most, however odd what was measured is."""

MINUTE = 60
MOST_MINUTES = 60
"""What is longer is "more than an hour": nobody plans by the minute then."""

_STEPS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, MOST_MINUTES)
"""What is said, in minutes: the further off, the rounder; 0 is less than a minute."""


@dataclass(frozen=True, slots=True)
class Expected:
    """``position``: its place among those that wait for the same agents, from 1; ``seconds``: ``None``, nobody can say."""

    position: int
    seconds: float | None


def usual_length(lengths: Sequence[float]) -> float:
    """Return the seconds that a chat usually takes, by how long the shop's last ones took."""
    if not lengths:
        return PRIOR_SECONDS
    clipped = [min(max(one, SHORTEST), LONGEST) for one in lengths]
    return (PRIOR_CHATS * PRIOR_SECONDS + len(clipped) * median(clipped)) / (PRIOR_CHATS + len(clipped))


def expect(
    whose: int,
    waiting: Sequence[Waiting],
    agents: Sequence[Candidate],
    *,
    length: float,
    head_starts: HeadStarts = NO_HEAD_STARTS,
) -> Expected:
    """Return what conversation ``whose``, one of ``waiting``, may expect; ``length``: seconds that a chat usually takes."""
    line = in_order(waiting, head_starts)
    place = next(number for number, one in enumerate(line) if one.id == whose)
    able = {one.id: frozenset(agent.id for agent in agents if fits(one, agent)) for one in line[: place + 1]}
    mine = able[whose]
    ahead = sum(bool(able[one.id] & mine) or not mine for one in line[:place])
    return Expected(position=ahead + 1, seconds=_play(line[: place + 1], agents, length) if mine else None)


def _play(line: Sequence[Waiting], agents: Sequence[Candidate], length: float) -> float | None:
    """Return when the last one of ``line`` is somebody's."""
    slots = {agent.id: _slots(agent, length) for agent in agents}
    begun: float | None = None
    for one in line:
        # Of those who are free at once, whoever routing would choose does not matter for the time: the lower number.
        able = [agent.id for agent in agents if fits(one, agent) and slots[agent.id]]
        begun = None
        if able:
            chosen = min(able, key=lambda pk: (slots[pk][0], pk))
            begun = slots[chosen][0]
            heapq.heapreplace(slots[chosen], begun + length)
    return begun


def _slots(agent: Candidate, length: float) -> list[float]:
    """Return in how many seconds each slot of ``agent`` is free, the soonest first: a heap."""
    whole = agent.capacity // TENTHS
    free = min(room_of(agent), whole)
    going_on = max(-(-agent.load // TENTHS), whole - free)
    ends = [length * number / (going_on + 1) for number in range(1, going_on + 1)]
    return [0.0] * free + ends[going_on - (whole - free) :]


def steady(shown: int | None, seconds: float) -> int:
    """Return the minutes to say, having said ``shown`` (``None``: nothing yet): one of few steps, rounded up.

    Less is said as soon as it is so; more only when what was said is wrong by more than a minute and a quarter of itself, so
    that a line that breathes does not make the number flicker.
    """
    minutes = seconds / MINUTE
    fresh = 0 if minutes < 1 else next((step for step in _STEPS if minutes <= step), MOST_MINUTES + 1)
    if shown is None or fresh <= shown:
        return fresh
    return fresh if minutes > shown + max(1.0, shown / 4) else shown
