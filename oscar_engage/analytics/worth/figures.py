"""Which figures stand behind the words? The same values as plain numbers, for files and for whoever checks the mails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from oscar_engage.analytics.costs.ratio import NotYet
from oscar_engage.analytics.lift.overview import Standing
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.worth.read import Worth
from oscar_engage.modules import is_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value with its 95 % interval, where it has one; money in whole units of ``currency``, shares in [0, 1].

    ``about``: the rule or the spot it is of. Of the days ``[since, until)``; ``None`` where nothing can be said.
    """

    name: str
    since: date
    until: date
    about: str = ""
    currency: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


def list_figures(worth: Worth) -> Iterator[Figure]:
    """Yield all that the overview says in numbers, in its order; nothing of a module that is off."""
    money, days = (worth.since, worth.money_until), (worth.since, worth.until)
    has_rules, has_desk = is_on("rules"), is_on("desk")
    for earned in () if worth.overview.is_alarm or not has_rules else worth.overview.earned:
        yield _figure("earned", *money, _hundredths(earned.estimate), currency=earned.currency)
    for currency, cost in worth.costs.costs.items():
        yield Figure(name="cost", since=money[0], until=money[1], currency=currency, value=cost.total / 100)
    if has_rules:
        yield _figure("return_per_unit", *money, worth.per_unit, currency=worth.currency)
        yield _figure("cost_per_order", *money, _hundredths(worth.per_order), currency=worth.currency)
    for currency, saved in worth.costs.savings.items() if has_desk else ():
        yield _figure("saved", *money, _hundredths(saved.money), currency=currency)
    if has_rules:
        yield from _rules(worth)
    for guard in worth.guards.alarms if has_rules else ():
        about = "shop" if guard.rule is None else worth.names.get(guard.rule, str(guard.rule))
        yield _figure(f"side_effect_{guard.measure}", *days, guard.difference, about=about)
    for hurt in worth.worst:
        yield Figure(
            name="baskets_at_stake",
            since=days[0],
            until=days[1],
            about=f"{hurt.kind} {hurt.name}",
            currency=worth.struggles.currency,
            value=float(hurt.at_stake),
        )
    if has_desk:
        yield from _promises(worth)


def _rules(worth: Worth) -> Iterator[Figure]:
    for rule in worth.overview.rules:
        money = worth.rule_money.get(rule.rule_id)
        if money is None or rule.standing is Standing.ALARM:
            continue
        spent = None if money.cost is None else money.cost.total / 100
        days, currency = (worth.since, worth.money_until), money.currency
        yield _figure("rule_earned", *days, _hundredths(money.earned), about=rule.name, currency=currency)
        yield Figure(name="rule_cost", since=days[0], until=days[1], about=rule.name, currency=currency, value=spent)
        yield _figure("rule_return_per_unit", *days, money.per_unit, about=rule.name, currency=currency)


def _promises(worth: Worth) -> Iterator[Figure]:
    both, chats = worth.promises.both, worth.promises.chats
    response = chats.times.get("response")
    for name, rate in (("promises_kept", both.kept_rate), ("chats_abandoned", chats.abandoned_rate)):
        known = None if rate is None else Estimate(rate.value, rate.low, rate.high)
        yield _figure(name, worth.since, worth.until, known)
    median = None if response is None else response.median
    yield Figure(name="chat_response_seconds", since=worth.since, until=worth.until, value=median)


def _figure(
    name: str, since: date, until: date, known: Estimate | NotYet | None, *, about: str = "", currency: str = ""
) -> Figure:
    if known is None or isinstance(known, NotYet):
        return Figure(name=name, since=since, until=until, about=about, currency=currency)
    ends = {"value": known.value, "low": known.low, "high": known.high}
    return Figure(name=name, since=since, until=until, about=about, currency=currency, **ends)


def _hundredths(known: Estimate | NotYet | None) -> Estimate | None:
    return None if known is None or isinstance(known, NotYet) else known.times(1 / 100)
