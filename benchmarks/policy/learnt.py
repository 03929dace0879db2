"""What does a shop learn before the day that is judged? From its own log of draws, by the product's own training.

Some days with half held out; whoever was drawn is a row, with the vector of that moment, its arm, and whether an order
followed. ``training.learn`` says whether there is a model to speak, which is then scored as in the shop. Not played through are
the nights between and the day in the shadow (``engage_simulate`` does): here is one night, of a shop whose days are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from benchmarks.policy.passages import Drawn, Passage, Seen, holds_at
from benchmarks.policy.play import Played, Policy, Says
from oscar_engage.desk.dialer.forecast import Rates
from oscar_engage.learning.features.tasks import UPLIFT_NAMES, UPLIFT_SCHEMA
from oscar_engage.learning.leads.advise import BASKET, UNSURE
from oscar_engage.learning.leads.bars import MARGIN, Measured, Why, bars_of, gain_of
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.learning.leads.measure import places_in
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.reach import is_within
from oscar_engage.learning.scoring.score import prepare
from oscar_engage.learning.scoring.ways import CHAT, with_way
from oscar_engage.learning.training.data import Data
from oscar_engage.learning.training.learn import learn
from oscar_engage.learning.training.outcome import Outcome
from oscar_engage.simulation.parameters import Channel, Parameters
from oscar_engage.simulation.world.agents import OFFERED_PLACE, AgentPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What training came to, and the bars of the last day: ``why`` says whether an agent's place has a price."""

    outcome: Outcome
    says: Says | None
    bars: Bars
    why: Why


def make_data(drawn: Sequence[Drawn], parameters: Parameters) -> Data:
    """Return the rows that the night would read, with the orders of a world with these effects."""
    rows = sorted(drawn, key=lambda one: one.seen.at)
    values = [[np.nan if value is None else value for value in with_way(one.seen.vector, CHAT)] for one in rows]
    return Data(
        names=UPLIFT_NAMES,
        schema=UPLIFT_SCHEMA,
        values=np.array(values, dtype=np.float64),
        outcome=np.array([float(_orders(one, parameters)) for one in rows]),
        weight=np.ones(len(rows)),
        group=np.array([float(one.passage.shopper.number) for one in rows]),
        at=np.array([one.seen.at.timestamp() for one in rows]),
        treated=np.array([float(one.is_treated) for one in rows]),
        chance=np.full(len(rows), 0.5),
    )


def teach(drawn: Sequence[Drawn], parameters: Parameters, *, seed: int, now: datetime) -> Outcome:
    """Return the verdict of the night."""
    return learn("uplift", make_data(drawn, parameters), seed=seed, now=now)


def speak(document: Document | None, name: str) -> Says | None:
    """Return what the model says, each look scored once."""
    if document is None:
        return None
    score, reach = prepare(document), document.reach

    def say(_passage: Passage, seen: Seen) -> tuple[float, float, float]:
        if name not in seen.scores:
            asked = with_way(seen.vector, CHAT)
            value, *bounds = score(asked)
            low, high = bounds if is_within(reach, asked) else UNSURE  # as the gates are told (``leads.advise``)
            seen.scores[name] = (value, low, high)
        return seen.scores[name]

    return say


def find_bars(
    says: Says | None, yesterday: Sequence[Passage], played: Played, policy: Policy, parameters: Parameters
) -> tuple[Bars, Why]:
    """Return the bars that the day before gives, as ``learning.leads.measure`` does: by the visits that wanted an agent."""
    wanting = list(_wanting(yesterday, policy))
    orders = [one.shopper.worth for one in yesterday]
    order = float(np.mean(orders))
    plain = Bars(uplift=0.0, propensity=0.5, order=order, margin=MARGIN)
    gains = []
    for passage, seen in wanting if says is not None else ():
        value = says(passage, seen)[0] if says is not None else 0.0
        gains.append(gain_of(value, basket=seen.vector[BASKET], leaves=None, bars=plain))
    share = (played.accepted + 1) / (played.invitations + 10)
    rates = Rates(acceptance=share, answer=OFFERED_PLACE, talk=60 * parameters.chat_minutes, spread=parameters.chat_spread)
    room = AgentPool(parameters).room(yesterday[0].seen[0].at) if yesterday else 0.0
    return bars_of(Measured(order=order, margin=MARGIN, wanted=len(wanting), places=places_in(room, rates), gains=gains))


def knows(parameters: Parameters, effects: Mapping[str, float] | None = None) -> Says:
    """Return who says the true effect on a shopper, and is sure of it."""
    from benchmarks.policy.play import effect_of

    def say(passage: Passage, _seen: Seen) -> tuple[float, float, float]:
        value = effect_of(passage.shopper, parameters)
        return value, value - 1e-6, value + 1e-6

    return say


def unsparingly(says: Says) -> Says:
    """Return who refuses by the value of what ``says`` says, however unsure it is: what the price alone would come to."""

    def say(passage: Passage, seen: Seen) -> tuple[float, float, float]:
        value, low, _high = says(passage, seen)
        return value, min(low, value - 1e-6), value

    return say


def above(says: Says, border: float) -> Says:
    """Return who is for all of whom ``says`` says more than ``border``, and against all others."""

    def say(passage: Passage, seen: Seen) -> tuple[float, float, float]:
        value = says(passage, seen)[0]
        return (value, 0.0, 1.0) if value > border else (-1.0, -1.0, -0.5)

    return say


def _wanting(passages: Sequence[Passage], policy: Policy):
    """Yield the visits in which the rule held, each by its last such look."""
    for passage in passages:
        for look in range(len(passage.seen) - 1, -1, -1):
            if holds_at(passage, look, policy.day, policy.name):
                yield passage, passage.seen[look]
                break


def _orders(one: Drawn, parameters: Parameters) -> bool:
    return one.passage.shopper.orders((Channel.CHAT,) if one.is_treated else (), parameters)
