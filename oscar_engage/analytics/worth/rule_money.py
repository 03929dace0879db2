"""What did each rule cost, what did it earn, and does that pay? For pages, files and mails alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oscar_engage.analytics.costs.rates import Rates
from oscar_engage.analytics.costs.ratio import NotYet, return_per_unit
from oscar_engage.analytics.costs.rule_counts import NAME
from oscar_engage.analytics.costs.rule_totals import costs_of_rules
from oscar_engage.analytics.costs.store import read_rates
from oscar_engage.analytics.costs.total import Cost
from oscar_engage.analytics.deflection.read import READ as SERVICE
from oscar_engage.analytics.deflection.read import read_service
from oscar_engage.analytics.lift.cells import REVENUE
from oscar_engage.analytics.lift.judge import Judged
from oscar_engage.analytics.lift.overview import count_buyers
from oscar_engage.analytics.lift.read import LiftReport
from oscar_engage.analytics.rollups.read import ReadCounts, Shelf
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.worth.pays import Pays, judge_return

READ = (NAME,)
"""The rollup of what rules cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMoney:
    """One rule: what it earned in ``currency`` (hundredths), what it cost, and revenue for each unit spent.

    ``earned`` is ``None`` while that cannot be said. ``cost`` is ``None`` where the shop never said what things cost; a rule
    that caused no contact and gave no voucher cost nothing.
    """

    currency: str
    earned: Estimate | None
    cost: Cost | None
    per_unit: Estimate | NotYet

    @property
    def pays(self) -> Pays:
        """Whether more came in than was spent."""
        return judge_return(self.per_unit)


def read_rule_money(report: LiftReport) -> dict[int, RuleMoney]:
    """Return the money of every rule in ``report``, of the days whose shoppers are compared; two queries."""
    until = compared_until(report)
    shelf = Shelf((*SERVICE, *READ), since=report.since, until=until)
    measured = read_service(report.since, until, counts_of=shelf).all_contacts.measured_minutes
    return rule_money_of(report, read_rates(), measured=measured, counts_of=shelf)


def costly_of(money: Mapping[int, RuleMoney]) -> frozenset[int]:
    """Return the rules that cost more than they bring in, for sure."""
    return frozenset(rule for rule, one in money.items() if one.pays is Pays.LESS)


def compared_until(report: LiftReport) -> date:
    """Return the day up to which money is told of: what was earned and what was spent on the same days; all while none is.

    None is, too, where the days that could be compared lie before the shop's first shopper: what was spent since is told of.
    """
    is_compared = any(one.units != (0, 0) for one in report.shop.outcomes)
    return report.closed_until if is_compared and report.closed_until > report.since else report.until


def rule_money_of(
    report: LiftReport, rates: tuple[Rates, ...], *, measured: Decimal | None, counts_of: ReadCounts
) -> dict[int, RuleMoney]:
    """Return the money of every rule in ``report`` that ever held, or cost something; no query beyond ``counts_of``."""
    days = counts_of(NAME, since=report.since, until=compared_until(report)).days
    costs = costs_of_rules(days, rates, measured=measured)
    return {rule: _money(report.rule(rule), costs.get(rule, {}), rates) for rule in {*report.rules, *costs}}


def _money(judged: Judged, costs: Mapping[str, Cost], rates: tuple[Rates, ...]) -> RuleMoney:
    told = max(judged.by_currency(REVENUE), key=count_buyers, default=None)
    is_fair = told is not None and told.lift is not None and not judged.sample_ratio.is_alarm
    earned = told.lift.gained if told is not None and told.lift is not None and is_fair else None
    currency = told.currency if told is not None else next(iter(costs), rates[-1].currency if rates else "")
    cost = costs.get(currency) or (_nothing(currency) if rates and not costs else None)
    return RuleMoney(currency=currency, earned=earned, cost=cost, per_unit=_per_unit(earned, currency, costs))


def _per_unit(earned: Estimate | None, currency: str, costs: Mapping[str, Cost]) -> Estimate | NotYet:
    if any(name != currency for name in costs):
        return NotYet.CURRENCIES
    cost = costs.get(currency)
    return return_per_unit(earned, cost.total if cost is not None and cost.is_complete else 0)


def _nothing(currency: str) -> Cost:
    return Cost(
        currency=currency,
        channels={},
        self_served=0,
        self_served_cost=0,
        vouchers=0,
        voucher_cost=0,
        discounts=0,
    )
