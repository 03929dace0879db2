"""What do pages show of comparisons? Rows and drawings, made of the words that mails use too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.lift.cells import BUYERS, ORDER_VALUE, ORDERS, REVENUE, SATISFIED
from oscar_engage.analytics.lift.judge import ArmSums, Judged, Outcome
from oscar_engage.analytics.lift.overview import Earned, Overview, RuleStanding, Standing
from oscar_engage.analytics.lift.read import LiftReport
from oscar_engage.analytics.lift.said import (
    MEASURES,
    STANDINGS,
    say_change_of,
    say_earned,
    say_headline,
    say_interval,
    say_outcome,
    say_standing,
    say_value,
    say_what_helps,
)
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.stats.lift import Verdict
from oscar_engage.analytics.words import say_change, say_money
from oscar_engage.analytics.worth.rule_money import RuleMoney
from oscar_engage.analytics.worth.said_rule import say_cost, say_return
from oscar_engage.dashboard.reports.chart import Bars, Line, Lines, Value, draw_bars, draw_lines

TONES = {Verdict.MORE: "good", Verdict.LESS: "bad", Verdict.OPEN: "open"}
_TONES_OF = {
    Standing.ALARM: "bad",
    Standing.STOP: "bad",
    Standing.WORSE: "bad",
    Standing.COSTLY: "bad",
    Standing.IDLE: "warn",
    Standing.GAINS: "good",
    Standing.WAIT: "open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure of one experiment, in words. ``before``: the change in the days that are compared with."""

    label: Any
    treated: str
    control: str
    difference: str
    change: str
    sentence: str
    tone: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Ranged:
    """A value in words, and its range, where it has one: apart, so that a page may break the line between them only."""

    value: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule in the table of all. ``brought``: what each unit spent on it brought."""

    rule_id: int
    name: str
    word: Any
    tone: str
    treated: int
    control: int
    waiting: int
    buyers: "Ranged | None"
    revenue: tuple["Ranged", ...]
    sentence: str
    helps: str
    before: str = ""
    cost: str = ""
    brought: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedCard:
    """What help earned in one currency: a headline, a sentence, and the curve of what was known when."""

    currency: str
    headline: str
    sentence: str
    helps: str
    tone: str
    chart: Lines | None
    points: tuple[tuple[date, str, str, str], ...]
    before: str = ""


def measure_rows(judged: Judged, other: Judged | None) -> list[MeasureRow]:
    """Return the measures in the order in which a shop owner asks; a currency each where it is money."""
    wanted = (BUYERS, ORDERS, REVENUE, ORDER_VALUE, SATISFIED)
    outcomes = [one for measure in wanted for one in judged.outcomes if one.measure == measure]
    before = {(one.measure, one.currency): one for one in other.outcomes} if other else {}
    return [_measure_row(one, before.get((one.measure, one.currency))) for one in outcomes]


def _measure_row(outcome: Outcome, before: Outcome | None) -> MeasureRow:
    lift = outcome.lift

    def say(value: float) -> str:
        return say_value(outcome.measure, outcome.currency, value)

    label = MEASURES[outcome.measure]
    return MeasureRow(
        label=f"{label}, {outcome.currency}" if outcome.currency else label,
        treated=say(lift.treated) if lift else "",
        control=say(lift.control) if lift else "",
        difference=say_interval(lift.difference, say) if lift else "",
        change=say_change_of(outcome),
        sentence=say_outcome(outcome),
        tone=TONES[outcome.verdict],
        before=say_change_of(before) if before else "",
    )


def draw_measures(judged: Judged) -> Bars | None:
    """Draw the change of each measure in per cent with its interval; ``None`` while none can be compared."""
    values = [
        Value(
            label=f"{MEASURES[one.measure]} {one.currency}".strip(),
            value=one.lift.relative.value,
            words=say_change(one.lift.relative.value),
            low=one.lift.relative.low,
            high=one.lift.relative.high,
        )
        for one in judged.outcomes
        if one.lift is not None and one.lift.relative is not None
    ]
    return draw_bars(values)


FURTHEST = 200.0
"""Where a rule's range is cut off in the drawing, in per cent: one of a handful of orders would make points of all others."""


def draw_rules(rules: Sequence[RuleStanding]) -> Bars | None:
    """Draw the change in the share of buyers of each rule that can be compared, up to :data:`FURTHEST`."""
    found = [(one, one.judged.outcome(BUYERS).lift) for one in rules if one.standing is not Standing.ALARM]
    values = [
        Value(
            one.name,
            min(lift.relative.value, FURTHEST),
            say_change(lift.relative.value),
            min(lift.relative.low, FURTHEST),
            min(lift.relative.high, FURTHEST),
        )
        for one, lift in found
        if lift is not None and lift.relative is not None
    ]
    return draw_bars(values)


def rule_rows(
    overview: Overview,
    other: Overview | None = None,
    *,
    say: Callable[[RuleStanding], str] = say_standing,
    money: Mapping[int, RuleMoney] | None = None,
) -> list[RuleRow]:
    """Return a row for each rule; ``say`` says why it stands as it does, ``money`` what it cost and brought."""
    spent = money or {}
    before = {one.rule_id: say_change_of(one.judged.outcome(BUYERS)) for one in other.rules} if other else {}
    return [
        RuleRow(
            rule_id=one.rule_id,
            name=one.name,
            word=STANDINGS[one.standing],
            tone=_TONES_OF[one.standing],
            treated=one.judged.treated.units,
            control=one.judged.control.units,
            waiting=one.judged.waiting,
            buyers=None if one.standing is Standing.ALARM else _changed(one.judged.outcome(BUYERS)),
            revenue=() if one.standing is Standing.ALARM else _gained(one.judged),
            sentence=say(one),
            helps=say_what_helps(one.telling.forecast) if one.standing in (Standing.WAIT, Standing.IDLE) else "",
            before=before.get(one.rule_id, ""),
            cost=say_cost(spent.get(one.rule_id)),
            brought=say_return(spent.get(one.rule_id)),
        )
        for one in overview.rules
    ]


def _gained(judged: Judged) -> tuple[Ranged, ...]:
    found = ((one.currency, one.lift) for one in judged.by_currency(REVENUE))
    return tuple(_ranged(lift.gained, partial(say_money, currency=currency)) for currency, lift in found if lift)


def _changed(outcome: Outcome) -> Ranged | None:
    if outcome.lift is None:
        return None
    relative = outcome.lift.relative
    return _ranged(relative, say_change) if relative else Ranged(say_change_of(outcome))


def _ranged(estimate: Estimate, say: Callable[[float], str]) -> Ranged:
    return Ranged(say(estimate.value), say(estimate.low), say(estimate.high))


def earned_cards(overview: Overview, report: LiftReport, other: Overview | None = None) -> list[EarnedCard]:
    """Return a card for each currency; none while the lot of the whole shop is in doubt."""
    before = {one.currency: say_headline(one) for one in other.earned} if other and not other.is_alarm else {}
    return [_card(one, report, before.get(one.currency, "")) for one in overview.earned] if not overview.is_alarm else []


def _card(earned: Earned, report: LiftReport, before: str) -> EarnedCard:
    course = report.course.get(earned.currency, ())
    days = [day for day, _estimate in course]
    known = [estimate for _day, estimate in course]

    edges: list[tuple[float | None, ...]] = [(None,) * 3 if one is None else (one.value, one.low, one.high) for one in known]
    values, lows, highs = (list(column) for column in zip(*edges, strict=True)) if edges else ([], [], [])

    def say(value: float) -> str:
        return say_money(value, earned.currency)

    return EarnedCard(
        currency=earned.currency,
        headline=say_headline(earned),
        sentence=say_earned(earned),
        helps=say_what_helps(earned.outcome.forecast),
        tone=TONES[earned.verdict],
        chart=draw_lines(
            days,
            [Line(_("Earned"), values, lows, highs)],
            say=say,
            say_day=lambda day: date_format(day, "SHORT_DATE_FORMAT"),
        ),
        points=tuple((day, say(one.value), say(one.low), say(one.high)) for day, one in course if one is not None),
        before=before,
    )


@dataclass(frozen=True, slots=True)
class ArmColumn:
    """One arm in the table of what was counted."""

    name: str
    label: Any
    sums: ArmSums

    @property
    def takings(self) -> tuple[str, ...]:
        """The arm's revenue, an amount a currency."""
        return tuple(say_money(total, currency) for currency, total in self.sums.takings)


def arm_columns(judged: Judged) -> tuple[ArmColumn, ...]:
    """Return the arms: with help, held out by the rule, and left alone by the shop."""
    return (
        ArmColumn("treated", _("With help"), judged.treated),
        ArmColumn("control", _("Held out"), judged.control),
        ArmColumn("left_alone", _("Shop's hold-out"), judged.left_alone),
    )
