"""What did each rule cost? Cells of some days and rates in, costs by rule out: no clock, no database.

A rule's costs are those of contacts and vouchers that began with its offers. What shoppers ask without having been offered
anything belongs to no rule, so that the rules together cost less than help as a whole.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from oscar_engage.analytics.costs.rates import Channel, Rates
from oscar_engage.analytics.costs.rule_counts import DISCOUNT, VOUCHER
from oscar_engage.analytics.costs.total import Cost, DayCounts, cost_of
from oscar_engage.analytics.rollups.declare import Cells


def costs_of_rules(
    days: Mapping[date, Cells], rates: Sequence[Rates], *, measured: Decimal | None
) -> dict[int, dict[str, Cost]]:
    """Return what each rule cost on ``days``, by currency, money in hundredths; a rule that caused nothing is not in it.

    ``days``: cells of the rollup ``rule_costs``. ``measured``: minutes of a chat, for rates that do not say.
    """
    counts: defaultdict[int, list[DayCounts]] = defaultdict(list)
    for day, cells in days.items():
        for rule, counted in _by_rule(day, cells).items():
            counts[rule].append(counted)
    return {rule: cost_of(counted, rates, measured=measured) for rule, counted in counts.items()}


def _by_rule(day: date, cells: Cells) -> dict[int, DayCounts]:
    contacts: defaultdict[int, dict[Channel, int]] = defaultdict(dict)
    discounts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    vouchers: dict[int, int] = {}
    for (rule, what, currency), (number, amount) in cells.items():
        if what == DISCOUNT:
            discounts[int(rule)][currency] = int(amount)
        elif what == VOUCHER:
            vouchers[int(rule)] = int(number)
        else:
            contacts[int(rule)][Channel(what)] = int(number)
    return {
        rule: DayCounts(day=day, contacts=contacts.get(rule, {}), vouchers=vouchers.get(rule, 0), discounts=discounts.get(rule))
        for rule in sorted({*contacts, *discounts, *vouchers})
    }
