"""What does the page "Costs" say? Each currency's sums in lines, each ratio with its interval or why there is none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.analytics.costs.ratio import NotYet
from oscar_engage.analytics.costs.read import CostReport
from oscar_engage.analytics.costs.total import Cost
from oscar_engage.analytics.deflection.savings import Savings
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.dashboard.deflection.reading import CHANNELS
from oscar_engage.dashboard.templatetags.engage_money import say_money
from oscar_engage.dashboard.templatetags.engage_numbers import number

WHY_NOT: Mapping[NotYet, Any] = {
    NotYet.NOT_MEASURED: gettext_lazy("Not yet: what would not have come without us is not measured in these days."),
    NotYet.MAY_BE_NOTHING: gettext_lazy("Not yet: what came in addition may as well be nothing, and nothing has no price."),
    NotYet.IS_LESS: gettext_lazy("No: fewer orders came than without us."),
    NotYet.NO_COST: gettext_lazy("Not yet: it is not known what all contacts cost. Type the missing minutes below."),
    NotYet.CURRENCIES: gettext_lazy("No: costs and revenue are in different currencies."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """A line of the table: how many, what each cost, and all of them, in hundredths; ``each`` may not be known."""

    name: Any
    count: int
    each: float | None
    cost: int
    unpriced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPart:
    """All that is said in one currency; ``other``: of the days compared with."""

    cost: Cost
    other: Cost | None
    lines: tuple[CostLine, ...]
    savings: Savings | None
    per_order: str
    per_order_range: str
    per_unit: str
    per_unit_range: str


def describe_costs(report: CostReport, other: CostReport | None) -> tuple[CostPart, ...]:
    """Return a part for each currency in which anything cost or was saved."""
    return tuple(
        _part(report, other, currency) for currency in sorted({*report.costs, *report.savings}) if currency in report.costs
    )


def _part(report: CostReport, other: CostReport | None, currency: str) -> CostPart:
    per_order, per_unit = report.per_order(currency), report.per_unit(currency)
    cost = report.costs[currency]
    return CostPart(
        cost=cost,
        other=other.costs.get(currency) if other else None,
        lines=tuple(cost_lines(cost)),
        savings=report.savings.get(currency),
        per_order=_value(per_order, lambda amount: say_money(amount, currency)),
        per_order_range=_range(per_order, lambda amount: say_money(amount, currency)),
        per_unit=_value(per_unit, _say_ratio),
        per_unit_range=_range(per_unit, _say_ratio),
    )


def cost_lines(cost: Cost) -> Iterator[CostLine]:
    """Return the lines of which the total is the sum."""
    for channel, row in cost.channels.items():
        yield CostLine(name=CHANNELS[channel], count=row.contacts, each=row.each, cost=row.cost, unpriced=row.unpriced)
    rows = (
        (_("Questions that nobody had to answer"), cost.self_served, cost.self_served_cost),
        (_("Vouchers given"), cost.vouchers, cost.voucher_cost),
    )
    for name, count, amount in rows:
        yield CostLine(name=name, count=count, each=amount / count if count else None, cost=amount)
    yield CostLine(name=_("Discounts on orders with these vouchers"), count=cost.vouchers, each=None, cost=cost.discounts)


def _say_ratio(value: float) -> str:
    return number(round(value, 2))


def _value(known: Estimate | NotYet, say: Any) -> str:
    return str(WHY_NOT[known]) if isinstance(known, NotYet) else str(say(known.value))


def _range(known: Estimate | NotYet, say: Any) -> str:
    return "" if isinstance(known, NotYet) else _("%(low)s to %(high)s") % {"low": say(known.low), "high": say(known.high)}
