"""Which of the rules that win at once goes first? The merchant's own formula, in plain numbers.

A rule's *points* at a moment are

    weight of goals x the rule's value + per cent of the basket (rules that are worth more with it)
                                       + per cent of what the customer has spent (rules that are worth more with that)

in the shop's currency. What is not known counts as the formula says. Numbers are bounded (:data:`MOST`) and rounded to two
digits, so that noise decides nothing; of equal ones the lower priority number goes first, then the older rule: the order is
whole and always the same. A formula without weights, the default, is the order by priority numbers alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

MOST = 1_000_000.0
"""The largest amount that counts, and the most points that one part of the formula gives."""

MOST_WEIGHT = 100.0
MOST_PERCENT = 100.0

BASKET, CUSTOMER = "basket", "customer"
"""The goals that are worth more with something (``rules.models.RuleGoal``)."""

Rank: TypeAlias = tuple[float, float, int]
"""The place in the order: the smallest goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """What the merchant decided. ``is_number_first``: points only tell rules of one priority number apart.

    ``unknown_basket`` and ``unknown_customer`` are the amounts that count where it is not known.
    """

    is_number_first: bool = True
    value_weight: float = 0.0
    basket_percent: float = 0.0
    customer_percent: float = 0.0
    unknown_basket: float = 0.0
    unknown_customer: float = 0.0

    @property
    def is_silent(self) -> bool:
        """Whether only the priority numbers count."""
        return not (self.value_weight or self.basket_percent or self.customer_percent)


BY_NUMBER: Final = Formula()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of the shopper, in the shop's currency: the basket's total and what the customer spent; ``None``: not."""

    basket: float | None = None
    customer: float | None = None


class Claim(NamedTuple):
    """What a rule brings to the comparison; ``number`` is its priority, of which the lower wins.

    A tuple, as ``judge.Verdict`` is one: there is one for each rule that holds.
    """

    rule_id: int
    number: int
    goal: str = ""
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One addend: how much of what amount; ``is_known`` is false where the amount is the formula's stand-in."""

    what: str
    factor: float
    amount: float
    is_known: bool = True

    @property
    def points(self) -> float:
        """What it adds."""
        return min(self.factor * self.amount, MOST)


def parts_of(claim: Claim, situation: Situation, formula: Formula) -> tuple[Part, ...]:
    """Return the addends of the rule's points, without those that have no weight."""
    found = []
    if formula.value_weight and claim.value > 0:
        found.append(Part("value", formula.value_weight, _bounded(claim.value)))
    if claim.goal == BASKET and formula.basket_percent:
        found.append(_share(BASKET, formula.basket_percent, situation.basket, formula.unknown_basket))
    elif claim.goal == CUSTOMER and formula.customer_percent:
        found.append(_share(CUSTOMER, formula.customer_percent, situation.customer, formula.unknown_customer))
    return tuple(found)


def points_of(claim: Claim, situation: Situation, formula: Formula) -> float:
    """Return the rule's points, from 0 on."""
    if not claim.goal and not claim.value:
        return 0.0
    return round(sum(part.points for part in parts_of(claim, situation, formula)), 2)


def rank(claim: Claim, situation: Situation, formula: Formula) -> Rank:
    """Return the rule's place: of two rules the one with the smaller goes first, and no two have the same."""
    points = points_of(claim, situation, formula)
    if formula.is_number_first:
        return claim.number, -points, claim.rule_id
    return -points, claim.number, claim.rule_id


def in_order(claims: Iterable[Claim], situation: Situation, formula: Formula) -> Sequence[Claim]:
    """Return the rules in their order, the winner first."""
    return sorted(claims, key=lambda claim: rank(claim, situation, formula))


def _share(what: str, percent: float, amount: float | None, unknown: float) -> Part:
    return Part(what, percent / 100, _bounded(unknown if amount is None else amount), amount is not None)


def _bounded(amount: float) -> float:
    """Return the amount between 0 and :data:`MOST`; what is no number counts as nothing."""
    return min(amount, MOST) if amount > 0 else 0.0
