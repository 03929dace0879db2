"""Which rule to stop, and why, in words? With what it cost and what that brought."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from oscar_engage.analytics.costs.ratio import NotYet
from oscar_engage.analytics.guardrails.report import Guard
from oscar_engage.analytics.guardrails.said import say_guard
from oscar_engage.analytics.lift.overview import Overview, RuleStanding, Standing
from oscar_engage.analytics.lift.said import say_standing
from oscar_engage.analytics.words import say_money
from oscar_engage.analytics.worth.rule_money import RuleMoney
from oscar_engage.analytics.worth.said_money import say_unit

TO_DO = (Standing.ALARM, Standing.STOP, Standing.WORSE, Standing.COSTLY, Standing.IDLE)
"""Rules that are named: those to do something about."""


def say_rule(alarms: Iterable[Guard], money: Mapping[int, RuleMoney], rule: RuleStanding) -> str:
    """Say why a rule stands as it does, with those of ``alarms`` that are its own, and what to do.

    Of a rule to do something about, what it cost and earned is said as well.
    """
    guards = [say_guard(guard) for guard in alarms if guard.rule == rule.rule_id]
    spent = say_balance(money.get(rule.rule_id)) if rule.standing in TO_DO else ""
    return " ".join(filter(None, (*guards, say_standing(rule), spent)))


def say_nothing_to_do(overview: Overview) -> str:
    """Say why no rule is named among those to do something about: all are well, or nothing can be said of any."""
    if overview.is_judged:
        return _("Nothing: no rule does harm, and none has run for long without an effect.")
    return _("It is too early to say of any rule in these days whether it helps.")


def say_balance(money: RuleMoney | None) -> str:
    """Say what a rule cost and earned in a sentence; ``""`` where nobody said what things cost."""
    cost = say_cost(money)
    if money is None or not cost:
        return ""
    if money.earned is None:
        return _("It cost %(cost)s.") % {"cost": cost}
    low, high = (say_money(abs(bound), money.currency) for bound in (money.earned.low, money.earned.high))
    if money.earned.low > 0:
        return _("It cost %(cost)s and earned between %(low)s and %(high)s.") % {"cost": cost, "low": low, "high": high}
    if money.earned.high < 0:
        return _("It cost %(cost)s and lost between %(low)s and %(high)s.") % {"cost": cost, "low": high, "high": low}
    return _("It cost %(cost)s; it may have lost up to %(low)s or earned up to %(high)s.") % {
        "cost": cost,
        "low": low,
        "high": high,
    }


def say_cost(money: RuleMoney | None) -> str:
    """Write what a rule cost; ``""`` where that is not known."""
    if money is None or money.cost is None:
        return ""
    amount = say_money(money.cost.total, money.cost.currency)
    return amount if money.cost.is_complete else _("at least %(amount)s") % {"amount": amount}


def say_return(money: RuleMoney | None) -> str:
    """Say what each unit of money brought that was spent on a rule, 95 % sure; ``""`` where it may have been nothing."""
    if money is None or isinstance(money.per_unit, NotYet) or money.per_unit.low <= 0:
        return ""
    low, high = (say_money(100 * bound, money.currency) for bound in (money.per_unit.low, money.per_unit.high))
    return _("each %(unit)s brought %(low)s to %(high)s") % {"unit": say_unit(money.currency), "low": low, "high": high}
