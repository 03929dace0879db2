"""Which spots hurt most? The cells of a period as spots, ranked by the baskets that were lost there; no database.

Those who struggle at a spot are not drawn by lot: who wants something badly clicks more, and who tries to pay is nearer to an
order. So the difference to those who passed the spot without a struggle is a correlation, and is called one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from oscar_engage.analytics.interval import FEWEST_VISITORS
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.stats.shares import difference_of_shares
from oscar_engage.analytics.struggles.spots import SpotKind
from oscar_engage.analytics.struggles.visit import ANY, NONE, OTHER, VISITS

Cells = Mapping[tuple[str, ...], Sequence[float]]
_HUNDRED = Decimal(100)
_SPOTS = frozenset(kind.value for kind in SpotKind)


@dataclass(frozen=True, slots=True)
class Way:
    """One way of struggling at a spot: how often, and in how many visits."""

    struggle: str
    times: int
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurt:
    """A spot at which visits struggled.

    ``visits`` struggled there, ``ordered`` of them ordered within a day of their end. ``at_stake`` is what was in the baskets
    of those that did not (``baskets`` had one), in the report's currency. ``passed`` visits reached the spot and did not
    struggle, ``passed_ordered`` of them ordered.
    """

    kind: str
    name: str
    ways: tuple[Way, ...]
    times: int
    visits: int
    ordered: int
    baskets: int
    at_stake: Decimal
    passed: int
    passed_ordered: int

    @property
    def lost(self) -> int:
        """How many visits struggled and did not order."""
        return self.visits - self.ordered

    @property
    def is_rest(self) -> bool:
        """Whether it stands for the spots beyond the bound of a day."""
        return self.name == OTHER

    @property
    def more_lost(self) -> Estimate | None:
        """By how much the share that ended without an order is higher than of those who passed, in [-1, 1], 95 %.

        ``None``: not enough data yet, or spots together, which cannot be compared.
        """
        if self.is_rest or min(self.visits, self.passed) < FEWEST_VISITORS:
            return None
        return difference_of_shares((self.lost, self.visits), (self.passed - self.passed_ordered, self.passed))


def rank_hurts(cells: Cells, *, currency: str) -> list[Hurt]:
    """Return the spots where somebody struggled, the most at stake in ``currency`` first, then the most lost visits."""
    grouped: defaultdict[tuple[str, str], list[tuple[str, str, Sequence[float]]]] = defaultdict(list)
    for (kind, name, struggle, of), values in cells.items():
        if kind in _SPOTS:
            grouped[kind, name].append((struggle, of, values))
    hurts = [_hurt(kind, name, rows, currency) for (kind, name), rows in grouped.items()]
    return sorted((hurt for hurt in hurts if hurt.visits), key=lambda hurt: (-hurt.at_stake, -hurt.lost, hurt.kind, hurt.name))


def list_currencies(cells: Cells) -> list[str]:
    """Return the currencies of baskets that were lost, the one with the largest sum first."""
    sums: defaultdict[str, float] = defaultdict(float)
    for (kind, _name, struggle, currency), values in cells.items():
        if kind == VISITS and struggle == ANY and currency:
            sums[currency] += values[4]
    return sorted(sums, key=lambda code: (-sums[code], code))


def count_visits(cells: Cells) -> tuple[int, int]:
    """Return how many visits ended in the period, and how many of them ordered."""
    own = [values for (kind, _name, _struggle, _currency), values in cells.items() if kind == VISITS]
    return int(sum(values[1] for values in own)), int(sum(values[2] for values in own))


def _hurt(kind: str, name: str, rows: Iterable[tuple[str, str, Sequence[float]]], currency: str) -> Hurt:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 4)
    hundredths = 0
    for struggle, of, (times, visits, ordered, baskets, at_stake) in rows:
        own = sums[struggle]
        for place, number in enumerate((times, visits, ordered, baskets)):
            own[place] += int(number)
        if struggle == ANY and of == currency:
            hundredths += int(at_stake)
    struck, passed = sums.pop(ANY, [0] * 4), sums.pop(NONE, [0] * 4)
    ways = sorted(
        (Way(struggle, own[0], own[1]) for struggle, own in sums.items()), key=lambda way: (-way.visits, way.struggle)
    )
    return Hurt(
        kind=kind,
        name=name,
        ways=tuple(ways),
        times=struck[0],
        visits=struck[1],
        ordered=struck[2],
        baskets=struck[3],
        at_stake=Decimal(hundredths) / _HUNDRED,
        passed=passed[1],
        passed_ordered=passed[2],
    )
