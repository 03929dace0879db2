"""May one more shopper be invited? By the chance that who accepts finds somebody in time. Plain: no clock, no database.

*Strict*: each invitation has a slot of its own from the offer on, so nobody who accepts ever waits, and the slot stands empty
while the shopper thinks. *Predictive*: not all accept, and chats end. One more is invited as long as the chance that *its*
acceptance would find no slot within the limit is at most the target. Where a slot is free for each who might come, that chance
is nothing: the predictive dialer invites whenever the strict one does.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oscar_engage.desk.dialer.forecast import Rates, chance_accepted, chance_over

EXACT_UP_TO = 30
"""Uncertain events that are counted out one by one; of more, the sum is as good as normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Agents who can answer something, and who may come to them.

    ``free``: whole slots that nobody uses. ``chats``: how long each that takes a slot has gone on. ``invited``: how long each
    invitation has stood unanswered. ``coming``: shoppers who accepted and write their question now, or wait already. Seconds.
    """

    free: int
    chats: Sequence[float] = ()
    invited: Sequence[float] = ()
    coming: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """At most this ``share`` of those who accept waits longer than ``wait`` seconds."""

    share: float
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How the target was kept lately: so many who accepted were ``seated``, and so many of them ``late``."""

    seated: int = 0
    late: int = 0


def may_invite(pool: Pool, rates: Rates, target: Target, kept: Kept) -> bool:
    """Whether one more may be invited: surely, if there is a slot for each; else by the risk, while the target is kept."""
    if pool.coming + len(pool.invited) < pool.free:
        return True
    return risk(pool, rates, wait=target.wait) <= allowance(target, kept)


def allowance(target: Target, kept: Kept) -> float:
    """Return the risk that one more invitation may have: the target's share, and nothing once it was missed lately."""
    return target.share if kept.late <= target.share * kept.seated else 0.0


def risk(pool: Pool, rates: Rates, *, wait: float) -> float:
    """Return the chance that one who is invited now and accepts finds no slot within ``wait`` after asking."""
    soon = rates.lead + wait
    going_on = [1 - chance_over(age, soon, rates) for age in pool.chats]
    others = [chance_accepted(age, rates) for age in pool.invited]
    # Who else comes, and what does not end, has to be fewer than all the slots.
    return at_least(pool.free + len(pool.chats) - pool.coming, [*others, *going_on])


def at_least(number: int, chances: Sequence[float]) -> float:
    """Return the chance that at least ``number`` of independent events with these ``chances`` happen."""
    if number <= 0:
        return 1.0
    if number > len(chances):
        return 0.0
    return _counted(number, chances) if len(chances) <= EXACT_UP_TO else _normal(number, chances)


def _counted(number: int, chances: Iterable[float]) -> float:
    exactly = [1.0]
    for chance in chances:
        exactly = [stays * (1 - chance) + comes * chance for stays, comes in zip([*exactly, 0.0], [0.0, *exactly], strict=True)]
    return min(math.fsum(exactly[number:]), 1.0)


def _normal(number: int, chances: Sequence[float]) -> float:
    variance = math.fsum(chance * (1 - chance) for chance in chances)
    above = number - 0.5 - math.fsum(chances)
    if variance <= 0:
        return float(above <= 0)
    return math.erfc(above / math.sqrt(2 * variance)) / 2
