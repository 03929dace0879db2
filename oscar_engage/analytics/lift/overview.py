"""Is it worth it? What the whole product earned, and which rules to stop, to check or to wait for; no database, no clock.

The page and the mails both show this value, so that they cannot say different things.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from oscar_engage.analytics.lift.cells import BUYERS, REVENUE
from oscar_engage.analytics.lift.judge import Judged, Outcome
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.stats.lift import NotYet, Verdict

DAYS = 90
"""Days that are told of unless others are asked for: an effect takes weeks to be seen."""

LONG = 8
"""Weeks after which a rule that shows nothing is asked what it is good for."""

HOPELESS = 0.3
"""If in half a year only a larger effect than this would be seen, the rule will not be measured in this shop."""


class Standing(Enum):
    """What is to be done about a rule?"""

    ALARM = "alarm"
    """The arms are not as they were drawn: something loses visitors of one arm, and no comparison holds."""

    STOP = "stop"
    """Its interval lies below zero: it does harm."""

    WORSE = "worse"
    """Something that must not get worse did, whatever it earned: returns, cancellations, complaints, speed."""

    COSTLY = "costly"
    """It costs more than it brings in, whatever it changed: even the upper end of what it earned is below its cost."""

    IDLE = "idle"
    """It ran long enough, and an effect worth having would be visible, or never will be."""

    GAINS = "gains"
    """Its interval lies above zero."""

    WAIT = "wait"
    """Too early to say."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What help earned in one currency, in hundredths; ``estimate`` is ``None`` while nothing can be said."""

    currency: str
    outcome: Outcome
    estimate: Estimate | None

    @property
    def verdict(self) -> Verdict:
        """Whether it earned, cost, or cannot be told from nothing."""
        return self.outcome.verdict


@dataclass(frozen=True, slots=True)
class RuleStanding:
    """One rule: what is to be done about it, its figures, and the outcome that says so."""

    rule_id: int
    name: str
    standing: Standing
    judged: Judged
    telling: Outcome


@dataclass(frozen=True, slots=True)
class Overview:
    """What a shop owner wants to know. ``rules``: those to do something about first."""

    shop: Judged
    earned: tuple[Earned, ...]
    rules: tuple[RuleStanding, ...]

    def standing(self, *wanted: Standing) -> tuple[RuleStanding, ...]:
        """Return the rules that stand so."""
        return tuple(one for one in self.rules if one.standing in wanted)

    @property
    def is_alarm(self) -> bool:
        """Whether nothing may be said of the whole product."""
        return self.shop.sample_ratio.is_alarm

    @property
    def is_judged(self) -> bool:
        """Whether anything can be said of any rule."""
        return any(outcome.lift is not None for one in self.rules for outcome in one.judged.outcomes)

    @property
    def has_visitors(self) -> bool:
        """Whether anybody was counted at all."""
        return bool(self.shop.treated.units or self.shop.control.units or self.rules)


_ORDER = tuple(Standing)


def sum_up(
    shop: Judged,
    rules: Mapping[int, Judged],
    names: Iterable[tuple[int, str]],
    *,
    worse: Collection[int] = (),
    costly: Collection[int] = (),
) -> Overview:
    """Return the overview; ``names`` are the rules to tell of, in the shop's own order.

    ``worse``: those with side effects; ``costly``: those that cost more than they bring in.
    """
    told = [_stand(pk, name, rules[pk], is_worse=pk in worse, is_costly=pk in costly) for pk, name in names if pk in rules]
    return Overview(
        shop=shop,
        earned=tuple(_earned(outcome) for outcome in sorted(shop.by_currency(REVENUE), key=count_buyers, reverse=True)),
        rules=tuple(sorted(told, key=lambda one: _ORDER.index(one.standing))),
    )


def count_buyers(outcome: Outcome) -> int:
    """Return by how many a currency is told, so that the shop's own stands first."""
    result = outcome.result
    return result.treated_positives if isinstance(result, NotYet) else result.treated_units


def _earned(outcome: Outcome) -> Earned:
    return Earned(outcome.currency, outcome, outcome.lift.gained if outcome.lift else None)


def _stand(rule_id: int, name: str, judged: Judged, *, is_worse: bool, is_costly: bool) -> RuleStanding:
    told = [judged.outcome(BUYERS), *judged.by_currency(REVENUE)]
    telling = next((one for one in told if one.verdict is Verdict.LESS), None)
    telling = telling or next((one for one in told if one.verdict is Verdict.MORE), told[0])
    return RuleStanding(rule_id, name, _standing(judged, telling, is_worse=is_worse, is_costly=is_costly), judged, telling)


def _standing(judged: Judged, telling: Outcome, *, is_worse: bool, is_costly: bool) -> Standing:
    if judged.sample_ratio.is_alarm:
        return Standing.ALARM
    if telling.verdict is Verdict.LESS:
        return Standing.STOP
    if is_worse or is_costly:
        return Standing.WORSE if is_worse else Standing.COSTLY
    if telling.verdict is Verdict.MORE:
        return Standing.GAINS
    if judged.weeks < LONG or telling.forecast is None:
        return Standing.WAIT
    is_hopeless = telling.forecast.effect_in_half_year > HOPELESS
    return Standing.IDLE if telling.forecast.weeks_to_tenth == 0 or is_hopeless else Standing.WAIT
