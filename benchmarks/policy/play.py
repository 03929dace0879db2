"""How does a day go under a policy? Every look in its time, through the product's rules, gates, draw and advice.

What differs between policies is the rule, and who advises: nobody, the models that were learnt, or somebody who knows. The
agents are one pool in each; whoever was invited is not asked again in the visit.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec

from benchmarks.policy.passages import Drawn, Passage, Seen, holds_at
from oscar_engage.decisions.caps import Spent
from oscar_engage.decisions.models import Arm, Reason
from oscar_engage.learning.foretell import Foreteller
from oscar_engage.learning.leads.bars import NOTHING_MEASURED
from oscar_engage.learning.leads.lead import Bars, Estimate
from oscar_engage.learning.vectors.write import Scored
from oscar_engage.simulation.drive.judge import Told, judge_look
from oscar_engage.simulation.drive.person import Person
from oscar_engage.simulation.drive.shop import DayOfShop
from oscar_engage.simulation.drive.walk import ACCEPTED, DISMISSED
from oscar_engage.simulation.parameters import Channel, Kind, Parameters
from oscar_engage.simulation.world.agents import OFFERED_PLACE, AgentPool
from oscar_engage.simulation.world.answer import answer_of
from oscar_engage.simulation.world.luck import seeded
from oscar_engage.simulation.world.shopper import Shopper

Says = Callable[[Passage, Seen], Estimate]
"""The uplift of a shopper at a look: the value, its low and its high end."""


@dataclass(slots=True)
class Played:
    """What a day came to. ``invited``: each shopper once; ``seconds``: of chats."""

    invited: dict[int, Shopper] = field(default_factory=dict)
    invitations: int = 0
    accepted: int = 0
    drawn: list[Drawn] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A rule (by name, as it stands in ``day``), who advises, against which bars, and which share goes on all the same."""

    name: str
    day: DayOfShop
    says: Says | None = None
    bars: Bars = NOTHING_MEASURED
    explores: float = 0.0
    holdout: float = 0.0


class Day:
    """A day under a policy; shoppers and agents may be those of the days before."""

    def __init__(self, policy: Policy, *, seed: int, parameters: Parameters) -> None:
        settings = replace(policy.day.settings, learning_explores=policy.explores)
        day = replace(policy.day, settings=settings, holdout=policy.holdout)
        self._policy, self._seed, self._parameters = replace(policy, day=day), seed, parameters
        self._people: dict[int, Person] = {}
        self.pool = AgentPool(parameters)

    def play(self, passages: Sequence[Passage]) -> Played:
        """Go through all looks of the day in the order of their times."""
        policy, played = self._policy, Played()
        events = sorted((seen.at, place, look) for place, one in enumerate(passages) for look, seen in enumerate(one.seen))
        holding: dict[int, tuple[int, ...]] = {}
        over: set[int] = set()
        before = self.pool.seconds
        for _at, place, look in events:
            if place in over:
                continue
            passage = passages[place]
            seen = passage.seen[look]
            if not self.pool.free(seen.at):
                continue  # whatever holds, there is nobody to talk with: the moment waits
            if not holds_at(passage, look, policy.day, policy.name):
                holding.pop(place, None)
                continue
            state = msgspec.structs.replace(seen.state, holding=holding.get(place, ()))
            person = self._person(passage)
            judged = judge_look(
                seen.look,
                state,
                person,
                passage.id,
                policy.day,
                now=seen.at,
                free=partial(self.pool.free, seen.at),
                foreteller=self._foreteller(passage, seen),
            )
            holding[place] = judged.holding
            for told in judged.told:
                reason = str(told.draw.reason)
                played.reasons[reason] = played.reasons.get(reason, 0) + 1
                if self._follow(told, passage, seen, person, played):
                    over.add(place)
        played.seconds = self.pool.seconds - before
        return played

    def _person(self, passage: Passage) -> Person:
        person = self._people.get(passage.shopper.number)
        if person is None:
            person = self._people[passage.shopper.number] = Person(passage.shopper, passage.person_id)
        return person

    def _foreteller(self, passage: Passage, seen: Seen) -> Foreteller:
        says = self._policy.says
        if says is None:
            return Foreteller(seen.instant, may_ask=False)
        ask = lambda _instant: lambda _way: Scored(seen.vector, {"uplift": says(passage, seen)}, {"uplift": 1})  # noqa: E731
        return Foreteller(seen.instant, may_ask=True, ask=ask, bars=self._policy.bars)

    def _follow(self, told: Told, passage: Passage, seen: Seen, person: Person, played: Played) -> bool:
        """Do what was decided; return whether the visit is over for us."""
        draw = told.draw
        if draw.reason not in {Reason.OFFERED, Reason.RULE_HOLDOUT}:
            return False
        rule_id = told.match.rule.rule_id
        if rule_id not in person.arms and draw.probability is not None:
            person.arms[rule_id] = (str(draw.arm), draw.probability)
            played.drawn.append(Drawn(passage, seen, draw.arm is Arm.TREATED))
        if draw.arm is Arm.CONTROL:
            person.spent.append(Spent(rule_id, passage.id, seen.at, None, None))
            return True
        answer = answer_of(person.shopper, Channel.CHAT, passage.number, seed=self._seed, parameters=self._parameters)
        accepted, dismissed = answer == "accepted", answer == "dismissed"
        person.spent.append(
            Spent(
                rule_id,
                passage.id,
                seen.at,
                seen.at + ACCEPTED if accepted else None,
                seen.at + DISMISSED if dismissed else None,
            )
        )
        played.invited[person.shopper.number] = person.shopper
        played.invitations += 1
        played.accepted += accepted
        if accepted:
            self.pool.take(seen.at, seeded(self._seed, "chat", person.shopper.number, passage.number))
        else:
            self.pool.hold(seen.at, OFFERED_PLACE)
        return True


def effect_of(shopper: Shopper, parameters: Parameters) -> float:
    """Return what inviting the shopper to a chat truly changes: its kind's effect on the chance of an order; no bot's."""
    if shopper.is_bot:
        return 0.0
    mind = parameters.minds[shopper.kind]
    return mind.invited(Channel.CHAT, parameters.effects) - mind.alone


def gain_of(shopper: Shopper, parameters: Parameters) -> float:
    """Return the orders expected in addition of this very shopper, by its kind and how far it goes along the shop.

    Half of all shoppers go as far as their resolve takes them: whoever is seen deep in the shop orders the more likely,
    alone and when invited. Averaged over the rest of luck: with it, sums would say the same, noisier.
    """
    if shopper.is_bot:
        return 0.0
    mind = parameters.minds[shopper.kind]
    with_help = mind.invited(Channel.CHAT, parameters.effects)
    here = float(shopper.bent < with_help) - float(shopper.bent < mind.alone)
    return 0.5 * here + 0.5 * (with_help - mind.alone)


def sum_gains(shoppers: Iterable[Shopper], parameters: Parameters) -> float:
    """Return the orders that came in addition, as expected."""
    return sum(gain_of(one, parameters) for one in shoppers)


def count_kinds(shoppers: Iterable[Shopper]) -> dict[Kind, int]:
    """Return how many of each kind there are."""
    found = dict.fromkeys(Kind, 0)
    for one in shoppers:
        found[one.kind] += 1
    return found
