"""What did some days cost, what did they save, and what did each unit spent bring? For the page and the overview."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oscar_engage.analytics.costs.ports import read_increment
from oscar_engage.analytics.costs.rates import Channel, Rates
from oscar_engage.analytics.costs.ratio import Increment, NotYet, cost_per_increment, return_per_unit
from oscar_engage.analytics.costs.store import read_rates
from oscar_engage.analytics.costs.total import Cost, DayCounts, cost_of
from oscar_engage.analytics.deflection.read import READ as SERVICE
from oscar_engage.analytics.deflection.read import HelpFigures, ServiceReport, read_service
from oscar_engage.analytics.deflection.savings import DayHelp, Savings, savings_of
from oscar_engage.analytics.rollups.read import Counts, ReadCounts, Shelf
from oscar_engage.analytics.stats.estimate import Estimate

READ = (*SERVICE, "vouchers")
"""The rollups of costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostReport:
    """Costs and savings of ``[since, until)`` by currency, money in hundredths, and what was brought in addition, if known.

    ``rates``: what the shop said things cost, all periods; ``measured``: minutes of a chat in these days. ``paired``: costs of
    those days whose shoppers are compared already, which are what the increment is held against.
    """

    service: ServiceReport
    rates: tuple[Rates, ...]
    measured: Decimal | None
    costs: Mapping[str, Cost]
    paired: Mapping[str, Cost]
    savings: Mapping[str, Savings]
    increment: Increment | None

    def per_order(self, currency: str) -> Estimate | NotYet:
        """Return what each incremental order cost; not of costs in several currencies, for orders are not told apart."""
        if len(self.paired) > 1:
            return NotYet.CURRENCIES
        return cost_per_increment(self._total(currency), None if self.increment is None else self.increment.orders)

    def per_unit(self, currency: str) -> Estimate | NotYet:
        """Return the incremental revenue for each unit spent."""
        known = self.increment
        if known is not None and known.currency != currency:
            return NotYet.CURRENCIES
        return return_per_unit(None if known is None else known.revenue, self._total(currency))

    def _total(self, currency: str) -> int:
        cost = self.paired.get(currency)
        return cost.total if cost is not None and cost.is_complete else 0


def read_costs(
    since: date,
    until: date,
    *,
    rates: tuple[Rates, ...] | None = None,
    counts_of: ReadCounts | None = None,
    increment_of: Callable[[date, date], Increment | None] = read_increment,
) -> CostReport:
    """Return what the days ``[since, until)`` cost and saved; two queries, and what the source of increments needs.

    ``rates``, ``counts_of``, ``increment_of``: what things cost, what was counted and what came in addition, where the caller
    has read that already.
    """
    counts_of = counts_of or Shelf(READ, since=since, until=until)
    service = read_service(since, until, counts_of=counts_of)
    rates = read_rates() if rates is None else rates
    measured = service.all_contacts.measured_minutes
    days = _days(service, counts_of("vouchers", since=since, until=until))
    increment = increment_of(since, until)
    compared_until = increment.until if increment is not None and increment.until is not None else until
    return CostReport(
        service=service,
        rates=rates,
        measured=measured,
        costs=cost_of(days, rates, measured=measured),
        paired=cost_of((one for one in days if one.day < compared_until), rates, measured=measured),
        savings=_savings(service, rates, measured),
        increment=increment,
    )


def read_savings(since: date, until: date) -> Mapping[str, Savings]:
    """Return what help without an agent saved on the days ``[since, until)``, by currency; two queries."""
    return read_savings_of(read_service(since, until))


def read_savings_of(service: ServiceReport) -> Mapping[str, Savings]:
    """Return what help without an agent saved in the days of ``service``, by currency; one query."""
    return _savings(service, read_rates(), service.all_contacts.measured_minutes)


def _savings(service: ServiceReport, rates: tuple[Rates, ...], measured: Decimal | None) -> dict[str, Savings]:
    days = (
        DayHelp(
            day=day,
            shown=service.help_by_day.get(day, _NO_HELP).shown,
            deflected=service.help_by_day.get(day, _NO_HELP).deflected,
            contacts=_contacts(service, day),
        )
        for day in _all_days(service)
    )
    return savings_of(days, rates, measured=measured)


_NO_HELP = HelpFigures()


def _days(service: ServiceReport, vouchers: Counts) -> list[DayCounts]:
    given: dict[date, int] = {}
    discounts: dict[date, dict[str, int]] = {}
    for day, cells in vouchers.days.items():
        for (currency,), (number, amount) in cells.items():
            if currency:
                discounts.setdefault(day, {})[currency] = int(amount)
            else:
                given[day] = int(number)
    return [
        DayCounts(
            day=day,
            contacts=_contacts(service, day),
            self_served=service.help_by_day.get(day, _NO_HELP).deflected,
            vouchers=given.get(day, 0),
            discounts=discounts.get(day),
        )
        for day in sorted({*_all_days(service), *vouchers.days})
    ]


def _all_days(service: ServiceReport) -> list[date]:
    return sorted({*service.contacts_by_day, *service.help_by_day})


def _contacts(service: ServiceReport, day: date) -> dict[Channel, int]:
    return {Channel(name): number for name, number in service.contacts_by_day.get(day, {}).items()}
