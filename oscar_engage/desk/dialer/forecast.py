"""How often are invitations accepted, and when does a chat end? Estimates from few observations, careful before there are any.

Plain numbers in and out: no clock, no database. Times are in seconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

PRIOR_WEIGHT = 10
"""Observations that what we assume of a new shop counts as."""

PRIOR_ACCEPTANCE = 0.8
"""More than shoppers accept anywhere: who knows nothing invites nearly as if everybody came."""

PRIOR_TALK = 480.0
"""Median of the lengths of chats: longer than most, so that nobody counts on slots that will not be free."""

PRIOR_SPREAD = 0.8
"""Standard deviation of their logarithms."""

PRIOR_ANSWER = 60.0
"""From the offer to a yes: as if somebody who has not answered for a while might do so at any time."""

PRIOR_LEAD = 5.0
"""From the offer to the question of one who accepts: as if they came at once."""

SHORTEST = 1.0
"""Seconds that a chat counts as at least: a slip of the hand has no logarithm to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What is expected of shoppers and chats.

    ``acceptance``: share of invitations accepted; ``answer``: mean time from the offer to that; ``lead``: to the question.
    ``talk`` and ``spread``: median length of a chat, and the standard deviation of the logarithm (chats are log-normal).
    """

    acceptance: float = PRIOR_ACCEPTANCE
    answer: float = PRIOR_ANSWER
    lead: float = PRIOR_LEAD
    talk: float = PRIOR_TALK
    spread: float = PRIOR_SPREAD


def estimate(*, answers: int, accepted: Sequence[float], leads: Sequence[float], talks: Sequence[float]) -> Rates:
    """Return what to expect after ``answers`` invitations that are over.

    ``accepted`` are the times to each yes, ``leads`` to each question, ``talks`` the lengths of chats. Each estimate moves from
    the prior to what was observed as that grows.
    """
    logs = [math.log(max(talk, SHORTEST)) for talk in talks]
    mean = _shrunk(math.log(PRIOR_TALK), sum(logs), len(logs))
    variance = _shrunk(PRIOR_SPREAD**2, sum((one - mean) ** 2 for one in logs), len(logs))
    return Rates(
        acceptance=_shrunk(PRIOR_ACCEPTANCE, len(accepted), answers),
        answer=_shrunk(PRIOR_ANSWER, sum(accepted), len(accepted)),
        lead=_shrunk(PRIOR_LEAD, sum(leads), len(leads)),
        talk=math.exp(mean),
        spread=math.sqrt(variance),
    )


def _shrunk(prior: float, total: float, number: int) -> float:
    return (PRIOR_WEIGHT * prior + total) / (PRIOR_WEIGHT + number)


def chance_accepted(age: float, rates: Rates) -> float:
    """Return the chance that an invitation unanswered for ``age`` is accepted yet: who has not come by now, rarely will.

    Those who accept are taken to do so after an exponential time of the mean ``answer``.
    """
    left = rates.acceptance * math.exp(-age / rates.answer)
    return left / (left + 1 - rates.acceptance) if left else 0.0


def chance_over(age: float, within: float, rates: Rates) -> float:
    """Return the chance that a chat which has gone on for ``age`` is over ``within`` so long."""
    going_on = _outlasts(age, rates)
    return 1 - _outlasts(age + within, rates) / going_on if going_on > 0 else 0.0


def _outlasts(age: float, rates: Rates) -> float:
    if age <= 0:
        return 1.0
    return math.erfc((math.log(age) - math.log(rates.talk)) / (rates.spread * math.sqrt(2))) / 2
