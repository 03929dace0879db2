"""What may be said of an experiment? Cells of some days in, comparisons in; no database, no clock.

Compared are only units whose window is over (``closed``), as the intervals ask for; counted are all. What is said is said of
the treated: what it *did*. Whether the lot was fair is asked of all units, for it falls when they come in.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from oscar_engage.analytics.lift.cells import (
    AUTOMATA,
    BUYERS,
    CONTROL,
    LEFT_ALONE,
    ORDER_VALUE,
    ORDERS,
    REVENUE,
    SATISFIED,
    STAFF,
    TAKINGS,
    TREATED,
)
from oscar_engage.analytics.rollups.declare import Cells, Values
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.stats.lift import Lift, NotYet, Verdict, compare, compare_ratio
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.power import MOST_WEEKS, Traffic, smallest_effect, weeks_to_begin
from oscar_engage.analytics.stats.sample_ratio import SampleRatio, check_any_time
from oscar_engage.analytics.stats.strata import Stratum
from oscar_engage.analytics.stats.weigh import Whom

PATIENCE = 4
"""Weeks from now for which we say what could be seen, where there is enough to begin with by then."""

HALF_A_YEAR = 26
"""Weeks for which nobody waits without a word."""

WORTHWHILE = 0.1
"""The effect of which we say when it could be seen: a tenth more or less."""

Part = Mapping[tuple[str, str, str, str], Values]
"""Cells of one rule: by arm, share, measure and currency."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """With this traffic: in ``weeks`` from now the smallest visible effect is ``effect`` (0.1: 10 % more or less).

    ``weeks_to_tenth``: from now until :data:`WORTHWHILE` is visible, 0: it would be by now; ``None``: not within five years.
    ``weeks_at_half``: the same if half of the visitors were held out from the beginning. ``effect_in_half_year``: the smallest
    visible effect :data:`HALF_A_YEAR` from now.
    """

    weeks: int
    effect: float
    weeks_to_tenth: int | None
    weeks_at_half: int | None
    effect_in_half_year: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measure compared: ``result``, and as long as that is open, what could be seen (``None``: nobody knows yet).

    ``units``: treated and control whose window is over, those that are too few to be compared included.
    """

    measure: str
    currency: str
    result: Lift | NotYet
    forecast: Forecast | None
    units: tuple[int, int] = (0, 0)

    @property
    def lift(self) -> Lift | None:
        """The comparison, if one can be made."""
        return self.result if isinstance(self.result, Lift) else None

    @property
    def verdict(self) -> Verdict:
        """What may be said; without a comparison, nothing."""
        return self.result.verdict if isinstance(self.result, Lift) else Verdict.OPEN


@dataclass(frozen=True, slots=True)
class ArmSums:
    """What one arm did in all days, closed or not: nothing adjusted, nothing capped. ``takings``: hundredths by currency."""

    units: int
    buyers: int
    orders: int
    takings: tuple[tuple[str, int], ...]
    rated: int
    good: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An experiment: ``rule`` is its id as text, or the whole shop's name.

    ``weeks``: for how long it has had visitors; ``waiting``: units whose window is not over.
    """

    rule: str
    weeks: float
    treated: ArmSums
    control: ArmSums
    left_alone: ArmSums
    waiting: int
    outcomes: tuple[Outcome, ...]
    sample_ratio: SampleRatio
    staff: int
    automata: int

    def outcome(self, measure: str) -> Outcome:
        """Return the outcome of a measure without currency."""
        return next(one for one in self.outcomes if one.measure == measure and not one.currency)

    def by_currency(self, measure: str) -> tuple[Outcome, ...]:
        """Return the outcomes of a measure of money, a currency each."""
        return tuple(one for one in self.outcomes if one.measure == measure and one.currency)


def by_rule(cells: Cells) -> dict[str, dict[tuple[str, str, str, str], Values]]:
    """Return the cells of each rule; what belongs to none stands under ``""``."""
    found: defaultdict[str, dict[tuple[str, str, str, str], Values]] = defaultdict(dict)
    for (rule, arm, share, measure, currency), values in cells.items():
        found[rule][arm, share, measure, currency] = values
    return dict(found)


def judge(rule: str, every: Part, closed: Part, *, weeks: float) -> Judged:
    """Return what is known of a rule from the cells of all days and of the closed ones; it ran for ``weeks`` (above 0)."""
    currencies = sorted({currency for _arm, _share, _measure, currency in every if currency})
    wanted: list[tuple[str, str]] = [(BUYERS, ""), (ORDERS, ""), (SATISFIED, "")]
    wanted += [(measure, currency) for measure in (REVENUE, ORDER_VALUE) for currency in currencies]
    draws = _strata(every, BUYERS, "")
    return Judged(
        rule=rule,
        weeks=weeks,
        treated=_sums(every, TREATED, currencies),
        control=_sums(every, CONTROL, currencies),
        left_alone=_sums(every, LEFT_ALONE, currencies),
        waiting=_units(every) - _units(closed),
        outcomes=tuple(_compare(closed, draws, measure, currency, weeks) for measure, currency in wanted),
        sample_ratio=check_any_time(draws),
        staff=_left_out(every, STAFF),
        automata=_left_out(every, AUTOMATA),
    )


def gained(closed: Part, currency: str) -> Estimate | None:
    """Return what the treated brought beyond what would have come anyway, in hundredths; ``None``: not measurable yet."""
    result = compare(_strata(closed, REVENUE, currency), whom=Whom.TREATED)
    return result.gained if isinstance(result, Lift) else None


def _compare(closed: Part, draws: Sequence[Stratum], measure: str, currency: str, weeks: float) -> Outcome:
    strata = _strata(closed, measure, currency)
    is_ratio = measure in (SATISFIED, ORDER_VALUE)
    result = (compare_ratio if is_ratio else compare)(strata, whom=Whom.TREATED)
    is_told = isinstance(result, Lift) and result.verdict is not Verdict.OPEN
    removed = result.variance_removed if isinstance(result, Lift) else 0.0
    forecast = None if is_told else _forecast(strata, draws, weeks=weeks, removed=removed, is_ratio=is_ratio)
    units = (sum(one.treated.units for one in strata), sum(one.control.units for one in strata))
    return Outcome(measure, currency, result, forecast, units)


def _forecast(
    strata: Sequence[Stratum], draws: Sequence[Stratum], *, weeks: float, removed: float, is_ratio: bool
) -> Forecast | None:
    past = sum((one.control for one in strata), Moments())
    both = sum(one.units for one in draws)
    if past.units < 2 or past.sum_y <= 0 or (is_ratio and past.sum_x <= 0):  # noqa: PLR2004 - of one there is no variance
        return None
    share = sum(one.share * one.units for one in draws) / both
    plain = (Traffic.of_ratio if is_ratio else Traffic.of)(past, units=both / weeks, share=share)
    traffic = replace(plain, variance_removed=max(0.0, removed))
    begins = weeks_to_begin(traffic)
    if begins is None:
        return None
    more = max(PATIENCE, begins - int(weeks))
    half = replace(traffic, share=0.5)
    return Forecast(
        weeks=more,
        effect=smallest_effect(traffic, weeks + more),
        weeks_to_tenth=_weeks_left(traffic, begins, weeks),
        weeks_at_half=_weeks_left(half, weeks_to_begin(half) or begins, weeks),
        effect_in_half_year=smallest_effect(traffic, weeks + max(more, HALF_A_YEAR)),
    )


def _weeks_left(traffic: Traffic, begins: int, weeks: float) -> int | None:
    """Return what ``power.weeks_to_see`` says, less what has passed; by halving, for a page asks it of many measures."""
    range_of_weeks = range(begins, MOST_WEEKS + 1)
    place = bisect_left(range_of_weeks, True, key=lambda week: smallest_effect(traffic, week) <= WORTHWHILE)
    return max(0, ceil(range_of_weeks[place] - weeks)) if place < len(range_of_weeks) else None


def _strata(part: Part, measure: str, currency: str) -> list[Stratum]:
    """Return a stratum for each share; who did nothing is 0 in every measure, and stands in the cell of buyers only."""
    shares = sorted({share for arm, share, name, _currency in part if name == BUYERS and arm in (TREATED, CONTROL)})
    return [
        Stratum(
            float(share),
            _moments(part, TREATED, share, measure, currency),
            _moments(part, CONTROL, share, measure, currency),
        )
        for share in shares
        if 0 < float(share) < 1
    ]


def _moments(part: Part, arm: str, share: str, measure: str, currency: str) -> Moments:
    units = part.get((arm, share, BUYERS, ""), (0,))[0]
    sums = part.get((arm, share, measure, currency), (0,) * 7)[1:]
    return Moments.from_numbers((units, *sums))


def _sums(part: Part, arm: str, currencies: Sequence[str]) -> ArmSums:
    def total(measure: str, currency: str, place: int) -> int:
        cells = (values for key, values in part.items() if (key[0], *key[2:]) == (arm, measure, currency))
        return int(sum(values[place] for values in cells))

    takings = ((currency, total(TAKINGS, currency, 2)) for currency in currencies)
    return ArmSums(
        units=total(BUYERS, "", 0),
        buyers=total(BUYERS, "", 1),
        orders=total(ORDERS, "", 2),
        takings=tuple(pair for pair in takings if pair[1]),
        rated=total(SATISFIED, "", 4),
        good=total(SATISFIED, "", 2),
    )


def _units(part: Part) -> int:
    return int(
        sum(values[0] for (arm, _share, name, _currency), values in part.items() if name == BUYERS and arm != LEFT_ALONE)
    )


def _left_out(part: Part, name: str) -> int:
    return int(part.get(("", "", name, ""), (0,))[0])
