"""What do comparisons say in words? Sentences that a shop owner reads in ten seconds; pages and mails take them from here.

In the language that is active. Amounts are in the currency, changes in per cent of what those did who got no help.
"""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_engage.analytics.lift.cells import BUYERS, ORDER_VALUE, ORDERS, REVENUE, SATISFIED
from oscar_engage.analytics.lift.judge import Forecast, Judged, Outcome
from oscar_engage.analytics.lift.overview import Earned, RuleStanding, Standing
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.stats.lift import Lift, NotYet, Reason, Verdict
from oscar_engage.analytics.words import say_change, say_money, say_number, say_share

MEASURES = {
    BUYERS: gettext_lazy("Share who bought"),
    ORDERS: gettext_lazy("Orders per visitor"),
    REVENUE: gettext_lazy("Revenue per visitor"),
    ORDER_VALUE: gettext_lazy("Average order value"),
    SATISFIED: gettext_lazy("Satisfied, of those who rated"),
}
"""What each measure is called."""

STANDINGS = {
    Standing.ALARM: gettext_lazy("check"),
    Standing.STOP: gettext_lazy("stop"),
    Standing.WORSE: gettext_lazy("side effect"),
    Standing.COSTLY: gettext_lazy("costs too much"),
    Standing.IDLE: gettext_lazy("no effect seen"),
    Standing.GAINS: gettext_lazy("earns"),
    Standing.WAIT: gettext_lazy("too early to say"),
}
"""What to do about a rule, in a word or two."""


def say_value(measure: str, currency: str, value: float) -> str:
    """Write one arm's value, or a difference, in the unit of its measure."""
    if measure in (REVENUE, ORDER_VALUE):
        return say_money(value, currency)
    if measure in (BUYERS, SATISFIED):
        return say_share(value)
    return say_number(round(value, 3))


def say_change_of(outcome: Outcome) -> str:
    """Write the change with its interval: ``+12% (+3% to +22%)``; ``""`` while nothing can be said."""
    lift = outcome.lift
    if lift is None:
        return ""
    if lift.relative is None:
        return say_interval(lift.difference, partial(say_value, outcome.measure, outcome.currency))
    return say_interval(lift.relative, say_change)


def say_interval(estimate: Estimate, say: Callable[[float], str]) -> str:
    """Write a value with its range, each number by ``say``."""
    words = {"value": say(estimate.value), "low": say(estimate.low), "high": say(estimate.high)}
    return _("%(value)s (%(low)s to %(high)s)") % words


def say_outcome(outcome: Outcome) -> str:
    """Say in a sentence what is known of one measure."""
    if isinstance(outcome.result, NotYet):
        why = _("Not measurable yet: %(why)s.") % {"why": _say_why_not(outcome.result, outcome.units)}
        return " ".join(filter(None, (why, say_forecast(outcome.forecast))))
    words = {"change": say_change_of(outcome)}
    if outcome.verdict is Verdict.MORE:
        return _("More with help: %(change)s.") % words
    if outcome.verdict is Verdict.LESS:
        return _("Less with help: %(change)s.") % words
    known = _("No difference is shown yet: %(change)s.") % words
    return " ".join(filter(None, (known, say_forecast(outcome.forecast))))


def say_forecast(forecast: Forecast | None) -> str:
    """Say what could be seen with this traffic, and when; ``""`` if nobody knows."""
    if forecast is None:
        return ""
    return ngettext(
        "With this traffic the smallest visible effect is %(effect)s in about %(weeks)d week.",
        "With this traffic the smallest visible effect is %(effect)s in about %(weeks)d weeks.",
        forecast.weeks,
    ) % {"effect": say_share(forecast.effect, places=0), "weeks": forecast.weeks}


def say_what_helps(forecast: Forecast | None) -> str:
    """Say what would show an effect earlier; ``""`` where nothing would, or nobody knows."""
    if forecast is None or forecast.weeks_at_half is None:
        return ""
    if forecast.weeks_to_tenth is not None and forecast.weeks_at_half >= forecast.weeks_to_tenth:
        return ""
    half = ngettext(
        "If half of the visitors were held out, an effect of 10 %% would be seen in about %(half)d week",
        "If half of the visitors were held out, an effect of 10 %% would be seen in about %(half)d weeks",
        max(1, forecast.weeks_at_half),
    ) % {"half": max(1, forecast.weeks_at_half)}
    if forecast.weeks_to_tenth is None:
        return _("%(half)s; as it is, not within five years.") % {"half": half}
    return _("%(half)s; as it is, in about %(weeks)d.") % {"half": half, "weeks": forecast.weeks_to_tenth}


def _say_why_not(result: NotYet, units: tuple[int, int]) -> str:
    if result.reason is Reason.FEW_UNITS and not any(units):
        return _("nobody was counted yet whose days to order are over")
    if result.reason is Reason.FEW_UNITS:
        return _("%(treated)s visitors with help and %(control)s without are too few") % {
            "treated": say_number(units[0]),
            "control": say_number(units[1]),
        }
    if result.reason is Reason.FEW_POSITIVES:
        return _("%(treated)s with help and %(control)s without who did so are too few") % {
            "treated": say_number(result.treated_positives),
            "control": say_number(result.control_positives),
        }
    return _("all visitors did the same")


def say_headline(earned: Earned) -> str:
    """Say in a few words what help earned in one currency."""
    if earned.estimate is None:
        return _("%(currency)s: not measurable yet") % {"currency": earned.currency}
    if earned.verdict is Verdict.MORE:
        return _("About %(value)s earned") % {"value": say_money(earned.estimate.value, earned.currency)}
    if earned.verdict is Verdict.LESS:
        return _("About %(value)s lost") % {"value": say_money(-earned.estimate.value, earned.currency)}
    return _("%(currency)s: not proven yet") % {"currency": earned.currency}


def say_earned(earned: Earned) -> str:
    """Say in one or two sentences what help earned that would not have come anyway, and how sure that is."""
    if isinstance(earned.outcome.result, NotYet) or earned.estimate is None:
        return say_outcome(earned.outcome)
    lift = earned.outcome.result
    low, high = (say_money(abs(bound), earned.currency) for bound in (earned.estimate.low, earned.estimate.high))
    whom = _whom(lift)
    if earned.verdict is Verdict.MORE:
        return _(
            "%(whom)s That would not have come without help. It is between %(low)s and %(high)s, with 95 %% certainty."
        ) % {
            "whom": whom,
            "low": low,
            "high": high,
        }
    if earned.verdict is Verdict.LESS:
        return _("%(whom)s Help did harm: it cost between %(high)s and %(low)s, 95 %% sure.") % {
            "whom": whom,
            "low": low,
            "high": high,
        }
    known = _("%(whom)s So far it may have cost up to %(low)s or earned up to %(high)s.") % {
        "whom": whom,
        "low": low,
        "high": high,
    }
    return " ".join(filter(None, (known, say_forecast(earned.outcome.forecast))))


def _whom(lift: Lift) -> str:
    return _("%(treated)s visitors with help, beside %(control)s who were left alone.") % {
        "treated": say_number(lift.treated_units),
        "control": say_number(lift.control_units),
    }


def say_alarm(judged: Judged) -> str:
    """Say that the arms are not as they were drawn, and what that means."""
    ratio = judged.sample_ratio
    return _(
        "%(treated)s visitors were to get help where %(expected)s should have been: something loses visitors of one side, so "
        "nothing is said of what changed. Ask whoever changed the page, the consent or the hold-out last."
    ) % {"treated": say_number(ratio.treated), "expected": say_number(round(ratio.expected))}


def say_standing(rule: RuleStanding) -> str:
    """Say in a sentence or two why a rule stands as it does, and what to do."""
    label = f"{MEASURES[rule.telling.measure]}: {say_change_of(rule.telling)}."
    if rule.standing is Standing.ALARM:
        return say_alarm(rule.judged)
    if rule.standing is Standing.STOP:
        return _("%(figure)s It does harm: stop it.") % {"figure": label}
    if rule.standing is Standing.WORSE:
        return _("Something else got worse with it: change it, or stop it.")
    if rule.standing is Standing.COSTLY:
        return _("It costs more than it brings in: make it cheaper, or stop it.")
    if rule.standing is Standing.GAINS:
        return label
    forecast = rule.telling.forecast
    return _say_idle(rule, forecast) if rule.standing is Standing.IDLE and forecast else say_outcome(rule.telling)


def _say_idle(rule: RuleStanding, forecast: Forecast) -> str:
    weeks = ngettext("After %(weeks)d week", "After %(weeks)d weeks", int(rule.judged.weeks)) % {
        "weeks": int(rule.judged.weeks)
    }
    words = {"weeks": weeks, "effect": say_share(forecast.effect_in_half_year, places=0)}
    if forecast.weeks_to_tenth == 0:
        return _("%(weeks)s no effect is shown, though one of 10 %% would be: change the rule, or stop it.") % words
    return (
        _(
            "%(weeks)s nothing can be seen, and in half a year only an effect of %(effect)s would be: let it hold for more "
            "visitors, or stop it."
        )
        % words
    )
