"""Is anything worse for those who are helped? Each measure, treated against control, by rule and for the shop; and alarms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from oscar_engage.analytics.guardrails.count import COMPLAINTS, LEFT_OUT, ORDERS, SPEED
from oscar_engage.analytics.guardrails.measure import Measure
from oscar_engage.analytics.lift.cells import CONTROL, TREATED, WHOLE_SHOP
from oscar_engage.analytics.rollups.declare import Cells
from oscar_engage.analytics.rollups.read import ReadCounts, Shelf
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.stats.lift import Lift, NotYet, Verdict, compare, compare_ratio
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.strata import Stratum

READ = (ORDERS.name, COMPLAINTS.name, SPEED.name)
"""The rollups of side effects."""


class Standing(Enum):
    """What may be said of one measure."""

    ALARM = "alarm"
    """Worse, and the interval leaves out "no difference"."""

    BETTER = "better"
    """Better, the same way."""

    OPEN = "open"
    """No difference was shown; :attr:`Guard.at_most` says how much worse it may be."""

    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One measure of one experiment; ``rule`` is a rule's id, ``None`` for the shop as a whole.

    ``treated`` and ``control`` are sums over all units that were drawn; shares in [0, 1], speed in ms.
    """

    measure: Measure
    rule: int | None
    result: Lift | NotYet
    treated: Moments
    control: Moments

    @property
    def standing(self) -> Standing:
        """What may be said: of all measures, more is worse."""
        if isinstance(self.result, NotYet):
            return Standing.NOT_YET
        return {Verdict.MORE: Standing.ALARM, Verdict.LESS: Standing.BETTER, Verdict.OPEN: Standing.OPEN}[self.result.verdict]

    @property
    def difference(self) -> Estimate | None:
        """Treated minus control with its interval (95 %, however often one looks), in the measure's unit."""
        return self.result.difference if isinstance(self.result, Lift) else None

    @property
    def at_most(self) -> float | None:
        """How much worse treated is at most, never below 0: the reading of non-inferiority."""
        return max(0.0, self.difference.high) if self.difference else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardReport:
    """The guards of some days: of the shop as a whole first, then by rule, each in the order of ``Measure``."""

    guards: tuple[Guard, ...]
    staff: int
    automata: int
    counted_at: datetime | None

    @property
    def alarms(self) -> tuple[Guard, ...]:
        """What got worse."""
        return tuple(guard for guard in self.guards if guard.standing is Standing.ALARM)


def report_guardrails(*, since: date, until: date, counts_of: ReadCounts | None = None) -> GuardReport:
    """Return what can be said of those who entered on ``[since, until)``; one query, none with ``counts_of`` all of them.

    Days on which facts still come in are among them: they do for both arms alike.
    """
    counts_of = counts_of or Shelf(READ, since=since, until=until)
    counts = [counts_of(name, since=since, until=until) for name in READ]
    cells = {key: values for one in counts for key, values in one.total().items()}
    return GuardReport(
        guards=tuple(compare_cells(cells)),
        staff=int(cells.get((LEFT_OUT, "", "staff", ""), (0,))[0]),
        automata=int(cells.get((LEFT_OUT, "", "automata", ""), (0,))[0]),
        counted_at=min((one.filled_at for one in counts if one.filled_at), default=None),
    )


def guardrail_alarms(*, since: date, until: date) -> tuple[Guard, ...]:
    """Return what got worse for those who are helped, for an overview: with one query."""
    return report_guardrails(since=since, until=until).alarms


def compare_cells(cells: Cells) -> Iterable[Guard]:
    """Yield a guard for each measure of each experiment that is in ``cells``."""
    arms: defaultdict[tuple[str, str], dict[tuple[str, str], Moments]] = defaultdict(dict)
    for (measure, rule, arm, share), values in cells.items():
        if measure != LEFT_OUT:
            arms[rule, measure][share, arm] = Moments.from_numbers(values)
    order = list(Measure)
    for rule, measure in sorted(arms, key=lambda key: (key[0] != WHOLE_SHOP, _number(key[0]), order.index(Measure(key[1])))):
        yield _guard(Measure(measure), _number(rule) or None, arms[rule, measure])


def _guard(measure: Measure, rule: int | None, arms: Mapping[tuple[str, str], Moments]) -> Guard:
    shares = sorted({share for share, _arm in arms})
    strata = [
        Stratum(float(share), arms.get((share, TREATED), Moments()), arms.get((share, CONTROL), Moments())) for share in shares
    ]
    result = compare(strata) if measure is Measure.COMPLAINTS else compare_ratio(strata)
    return Guard(
        measure=measure,
        rule=rule,
        result=result,
        treated=sum((one.treated for one in strata), Moments()),
        control=sum((one.control for one in strata), Moments()),
    )


def _number(rule: str) -> int:
    return 0 if rule == WHOLE_SHOP else int(rule)
