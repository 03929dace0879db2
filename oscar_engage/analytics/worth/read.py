"""Is it worth it, all in all? The one read function of the overview, its file and the mails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from oscar_engage.analytics.costs.ratio import NotYet
from oscar_engage.analytics.costs.read import READ as COSTS
from oscar_engage.analytics.costs.read import CostReport, read_costs
from oscar_engage.analytics.costs.total import Cost
from oscar_engage.analytics.deflection.savings import Savings
from oscar_engage.analytics.guardrails.report import READ as GUARDRAILS
from oscar_engage.analytics.guardrails.report import Guard, GuardReport, report_guardrails
from oscar_engage.analytics.lift.count import NAME as LIFT
from oscar_engage.analytics.lift.increment import increment_of
from oscar_engage.analytics.lift.overview import Earned, Overview, sum_up
from oscar_engage.analytics.lift.read import LiftReport, read_lift, read_names
from oscar_engage.analytics.rollups.read import Shelf
from oscar_engage.analytics.rollups.total import read_totals
from oscar_engage.analytics.staffing.read import READ as STAFFING
from oscar_engage.analytics.staffing.read import TIMES, Promises, read_promises
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.struggles.count import STRUGGLES
from oscar_engage.analytics.struggles.rank import Hurt
from oscar_engage.analytics.struggles.report import READ as STRUGGLING
from oscar_engage.analytics.struggles.report import StruggleReport, worst_struggles
from oscar_engage.analytics.worth.pays import Pays, judge_return
from oscar_engage.analytics.worth.rule_money import READ as RULE_COSTS
from oscar_engage.analytics.worth.rule_money import RuleMoney, compared_until, costly_of, rule_money_of

MOST_SPOTS = 3
"""Spots at which shoppers struggle that are told of."""

_ONE_DAY, _WEEK = timedelta(days=1), 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a shop owner wants to know of the days ``[since, until)``.

    Money is told of ``[since, money_until)``: what was earned and what was spent on the same days, those whose shoppers are
    compared already; of all days while none is. ``names``: every rule that was ever live, by id. ``rule_money``: what each cost
    and earned.
    """

    since: date
    until: date
    money_until: date
    today: date
    lift: LiftReport
    overview: Overview
    names: Mapping[int, str]
    guards: GuardReport
    costs: CostReport
    rule_money: Mapping[int, RuleMoney]
    struggles: StruggleReport
    worst: tuple[Hurt, ...]
    promises: Promises

    @property
    def earned(self) -> Earned | None:
        """What was earned in the currency in which most have bought; ``None`` while nobody has."""
        return self.overview.earned[0] if self.overview.earned and not self.overview.is_alarm else None

    @property
    def currency(self) -> str:
        """The currency that costs are told in: the one that was earned in, else the one that was spent; ``""``: unknown."""
        earned = self.overview.earned[0].currency if self.overview.earned else ""
        if earned in self.costs.costs or not self.costs.costs:
            return earned or (self.costs.rates[-1].currency if self.costs.rates else "")
        return next(iter(self.costs.costs))

    @property
    def cost(self) -> Cost | None:
        """What help cost in :attr:`currency`; ``None``: it is not known, for nobody said what things cost."""
        return self.costs.costs.get(self.currency)

    @property
    def savings(self) -> Savings | None:
        """What was saved in :attr:`currency`."""
        return self.costs.savings.get(self.currency)

    @property
    def per_unit(self) -> Estimate | NotYet:
        """Revenue in addition for each unit spent."""
        return self.costs.per_unit(self.currency)

    @property
    def per_order(self) -> Estimate | NotYet:
        """Hundredths spent for each order in addition."""
        return self.costs.per_order(self.currency)

    @property
    def pays(self) -> Pays:
        """Whether more came in than was spent."""
        return judge_return(self.per_unit)

    @property
    def shop_alarms(self) -> tuple[Guard, ...]:
        """What got worse in the whole shop, and with rules that have no page of their own any more."""
        return tuple(guard for guard in self.guards.alarms if guard.rule is None or guard.rule not in self.names)

    @property
    def is_begun(self) -> bool:
        """Whether anything at all was counted in these days."""
        return bool(self.struggles.visits or self.promises.both.asked or self.overview.has_visitors)

    @property
    def known_from(self) -> date | None:
        """The day from which the first shoppers of these days are compared; ``None``: there were none, or they are."""
        shop = self.lift.shop
        if not shop.waiting or any(one.units != (0, 0) for one in shop.outcomes):
            return None
        first = min(self.until, self.today + _ONE_DAY) - timedelta(days=round(shop.weeks * _WEEK))
        return first + timedelta(days=self.lift.attribution_days + 1)


def read_worth(*, since: date, until: date, today: date, names: Mapping[int, str] | None = None) -> Worth:
    """Return the whole on the days ``[since, until)``, as it stands ``today`` by the shop's clock; five queries at most.

    ``names``: those of the rules in their order, where the caller has read them.
    """
    shelf = Shelf((LIFT, *COSTS, *RULE_COSTS, *GUARDRAILS, *STAFFING), since=since, until=until)
    lift = read_lift(since=since, until=until, today=today, counts_of=shelf)
    guards = report_guardrails(since=since, until=until, counts_of=shelf)
    rules = read_names() if names is None else tuple(names.items())
    worse = {guard.rule for guard in guards.alarms if guard.rule is not None}
    judged = {pk: lift.rule(pk) for pk, _name in rules if pk in lift.rules or pk in worse}
    increment = increment_of(lift)
    money_until = compared_until(lift)
    costs = read_costs(since, money_until, counts_of=shelf, increment_of=lambda _since, _until: increment)
    rule_money = rule_money_of(lift, costs.rates, measured=costs.measured, counts_of=shelf)
    totals = read_totals({**STRUGGLING, TIMES: None}, since=since, until=until)
    struggles, worst = worst_struggles(since=since, until=until, counts=totals[STRUGGLES.name], most=MOST_SPOTS)
    return Worth(
        since=since,
        until=until,
        money_until=money_until,
        today=today,
        lift=lift,
        overview=sum_up(lift.shop, judged, rules, worse=worse, costly=costly_of(rule_money)),
        names=dict(rules),
        guards=guards,
        costs=costs,
        rule_money=rule_money,
        struggles=struggles,
        worst=worst,
        promises=read_promises(since=since, until=until, counts_of=shelf, times=totals[TIMES]),
    )
