"""How far did engagements come in these days? Counts by rule, or by what else one asks for; one query."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from oscar_engage.analytics.funnel import steps
from oscar_engage.analytics.funnel.count import BY_SEGMENT, KEYS, NAME
from oscar_engage.analytics.interval import Rate, rate_or_nothing
from oscar_engage.analytics.rollups.total import read_total, read_totals

BY = ("engagement", "variant", "channel", "device", "rule", "segment")
"""By what a funnel can be told apart."""


@dataclass(frozen=True, slots=True)
class Way:
    """A funnel: moments by step, and sums by step and currency (hundredths; of time, seconds)."""

    numbers: Counter[str] = field(default_factory=Counter)
    amounts: Counter[tuple[str, str]] = field(default_factory=Counter)
    orders: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, step: str, currency: str, number: int, amount: int) -> None:
        """Count ``number`` more at a step."""
        if currency:
            self.orders[step, currency] += number
        else:
            self.numbers[step] += number
        self.amounts[step, currency] += amount

    def number(self, step: str) -> int:
        """Return how many moments came to ``step``."""
        return self.numbers[step]

    @property
    def conversion(self) -> Rate | None:
        """Of what was offered, the share that an order followed; ``None``: not enough data yet."""
        return rate_or_nothing(self.numbers[steps.ORDERED], self.numbers[steps.OFFERED])

    @property
    def conversion_held(self) -> Rate | None:
        """Of what the rules' hold-outs kept back, the share that an order followed."""
        held = self.numbers[f"{steps.REASON}rule_holdout"]
        return rate_or_nothing(self.numbers[steps.ORDERED_HELD], held)

    @property
    def seconds(self) -> float | None:
        """How long a visit lasted in which it was offered, on average."""
        visits = self.numbers[steps.TIME]
        return self.amounts[steps.TIME, ""] / visits if visits else None

    @property
    def order_values(self) -> tuple[tuple[str, float], ...]:
        """The average order behind what was offered: in hundredths, by currency."""
        found = sorted((currency, orders) for (step, currency), orders in self.orders.items() if step == steps.VALUE)
        return tuple((currency, self.amounts[steps.VALUE, currency] / orders) for currency, orders in found if orders)

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Moments by reason, the most frequent first."""
        found = [(step.removeprefix(steps.REASON), n) for step, n in self.numbers.items() if step.startswith(steps.REASON)]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, slots=True)
class Funnel:
    """All moments of the days together, and each part by itself."""

    whole: Way
    parts: Mapping[tuple[str, ...], Way]
    filled_at: datetime | None


def read_funnel(*, since: date, until: date, by: str = "engagement", only: Mapping[str, str] | None = None) -> Funnel:
    """Return the funnel of ``[since, until)``, told apart ``by`` one of :data:`BY`; ``only``: what has these values of keys.

    By segment a moment counts in each that the shopper was in, so that the parts are more than the whole.
    """
    if by == "segment":
        return _by_segment(since, until)
    counts = read_total(NAME, since=since, until=until)
    places = [KEYS.index(name) for name in (("engagement", by) if by == "variant" else (by,))]
    wanted = {KEYS.index(name): value for name, value in (only or {}).items()}
    whole, parts = Way(), defaultdict[tuple[str, ...], Way](Way)
    for key, (number, amount) in counts.cells.items():
        if any(key[place] != value for place, value in wanted.items()):
            continue
        step, currency = key[-2:]
        for way in (whole, parts[tuple(key[place] for place in places)]):
            way.add(step, currency, int(number), int(amount))
    return Funnel(whole, dict(parts), counts.filled_at)


def _by_segment(since: date, until: date) -> Funnel:
    totals = read_totals({NAME: None, BY_SEGMENT: None}, since=since, until=until)
    whole, parts = Way(), defaultdict[tuple[str, ...], Way](Way)
    for (*_about, step, currency), (number, amount) in totals[NAME].cells.items():
        whole.add(step, currency, int(number), int(amount))
    for (slug, step, currency), (number, amount) in totals[BY_SEGMENT].cells.items():
        parts[(slug,)].add(step, currency, int(number), int(amount))
    return Funnel(whole, dict(parts), totals[BY_SEGMENT].filled_at)
