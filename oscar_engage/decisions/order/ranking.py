"""Who goes first at this moment? The formula and the shopper's situation, read at most once, and only where two rules win."""

from collections.abc import Callable, Sequence
from functools import cached_property

from django.conf import settings as django_settings

from oscar_engage.decisions.judge import Match
from oscar_engage.decisions.priority import CUSTOMER, Claim, Formula, Rank, Situation, points_of, rank
from oscar_engage.rules.load import LiveRule
from oscar_engage.rules.moment import Moment
from oscar_engage.visitors.consent import ConsentLevel


def claim_of(rule: LiveRule) -> Claim:
    """Return what the rule brings to the comparison."""
    return Claim(rule_id=rule.rule_id, number=rule.priority, goal=rule.goal, value=float(rule.goal_value))


class Ranking:
    """The order of rules for one shopper at one moment."""

    def __init__(self, read_formula: Callable[[], Formula], moment: Moment) -> None:
        self._read_formula, self._moment = read_formula, moment
        self._asked = False

    @cached_property
    def formula(self) -> Formula:
        """The merchant's formula, read when it is first asked for."""
        return self._read_formula()

    @cached_property
    def _customer(self) -> float | None:
        return _spent_by(self._moment)

    def rank(self, rule: LiveRule) -> Rank:
        """Return the rule's place; the smallest goes first."""
        return rank(claim_of(rule), self._situation(rule), self.formula)

    def choose(self, matches: Sequence[Match]) -> Match:
        """Return the match that goes first; ``matches``, one at least, are in the order of their numbers."""
        if len(matches) == 1:
            return matches[0]
        self._asked = True
        return matches[0] if self.formula.is_silent else min(matches, key=lambda match: self.rank(match.rule))

    def points(self, rule: LiveRule) -> float | None:
        """Return the rule's points, where the formula was asked and says something."""
        if not self._asked or self.formula.is_silent:
            return None
        return self.worth(rule)

    def worth(self, rule: LiveRule) -> float:
        """Return the rule's points at this moment, whoever asks."""
        return points_of(claim_of(rule), self._situation(rule), self.formula)

    def is_worth(self, amount: float) -> bool:
        """Whether the shopper's basket, or what the customer has spent, comes to ``amount``; 0: nobody's does.

        The customer is asked only where the basket does not say it, since that costs queries.
        """
        return amount > 0 and ((_basket_of(self._moment) or 0.0) >= amount or (self._customer or 0.0) >= amount)

    def _situation(self, rule: LiveRule) -> Situation:
        """Return what is known; of the customer only where the rule is worth more with them, since that costs queries."""
        is_asked = rule.goal == CUSTOMER and self.formula.customer_percent > 0
        return Situation(basket=_basket_of(self._moment), customer=self._customer if is_asked else None)


def _basket_of(moment: Moment) -> float | None:
    basket = moment.state.basket
    return basket.total if basket.basket_id is not None and basket.currency == shop_currency() else None


def _spent_by(moment: Moment) -> float | None:
    """Return what the customer has spent, which is personal: without the consent to that, nobody knows."""
    if moment.consent < ConsentLevel.PERSONALISATION or not moment.is_customer:
        return None
    found = moment.answers.customer()
    return float(found.spent.amount) if found is not None and found.spent.currency == shop_currency() else None


def shop_currency() -> str:
    """Return the code of the currency in which the formula counts; amounts in another are not known to it."""
    return str(getattr(django_settings, "OSCAR_DEFAULT_CURRENCY", "GBP"))
