"""What did one visit, and what did all visits of a day, struggle with? Plain values in, cells of the rollup out.

Cells are keyed ``(kind, name, struggle, currency)``. ``struggle`` is one of ``spots.Struggle``; :data:`ANY` for the visits that
struggled at the spot in whatever way, each once; :data:`NONE` for those that reached the spot and did not struggle at it.
A visit counts in the currency of its basket, in ``""`` without one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oscar_engage.analytics.struggles.spots import NOTHING, Here, Spot, SpotKind, Struggle, read_signal

ANY = "any"
NONE = "none"
OTHER = "other names"
"""The name under which the spots beyond the bound stand. It has a space, which no name of a place or a field has."""

VISITS = "visits"
"""The kind under which all visits of the day are counted, whatever happened in them."""

MOST_OF_A_KIND: Mapping[SpotKind, int] = {
    SpotKind.PLACE: 40,
    SpotKind.FIELD: 40,
    SpotKind.PAGE: 12,
    SpotKind.STEP: 12,
    SpotKind.PRODUCT: 40,
}
"""Spots of a kind that a day keeps by name: those where most visits struggled. Names come from browsers and catalogues, and a
hostile browser could invent them without end."""

MOST_IN_VISIT = 200
"""Spots read of one visit, the first of its log; a browser that claims more is no shopper."""

Key = tuple[str, str, str, str]
Values = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Story:
    """What one visit met: how often it struggled in which way at which spot, and which spots it reached."""

    struggles: Mapping[tuple[Spot, Struggle], int]
    reached: frozenset[Spot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a visit ended: whether an order came of it, and what was in its basket (hundredths; 0 and ``""``: nothing)."""

    ordered: bool
    hundredths: int = 0
    currency: str = ""


def read_story(signals: Iterable[tuple[str, Mapping[str, Any]]]) -> Story:
    """Return the story of ``(kind, payload)`` in the order of the log."""
    struggles: Counter[tuple[Spot, Struggle]] = Counter()
    reached: set[Spot] = set()
    known: set[Spot] = set()
    here = Here()
    for kind, payload in signals:
        told = read_signal(kind, payload, here) if isinstance(payload, Mapping) else NOTHING
        if kind == "page.viewed" and told is not NOTHING:
            here = here.move(payload)
        for spot in (*told.reached, *(spot for spot, _struggle in told.struggles)):
            if spot in known or len(known) < MOST_IN_VISIT:
                known.add(spot)
        reached.update(spot for spot in told.reached if spot in known)
        struggles.update(pair for pair in told.struggles if pair[0] in known)
    return Story(struggles, frozenset(reached))


class Tally:
    """The cells of a day as they grow, visit by visit; values are (times, visits, ordered, baskets, at_stake)."""

    def __init__(self) -> None:
        self._cells: dict[Spot, dict[tuple[str, str], list[int]]] = {}
        self._visits: dict[str, list[int]] = {}

    def add(self, story: Story, ended: Ended) -> None:
        """Count one visit."""
        self._count(self._visits.setdefault(ended.currency, [0] * 5), 0, ended)
        times: Counter[Spot] = Counter()
        for (spot, struggle), number in story.struggles.items():
            times[spot] += number
            self._at(spot, struggle, number, ended)
        for spot in {*times, *story.reached}:
            self._at(spot, ANY if spot in times else NONE, times[spot], ended)

    def _at(self, spot: Spot, struggle: str, times: int, ended: Ended) -> None:
        cells = self._cells.setdefault(spot, {})
        self._count(cells.setdefault((struggle, ended.currency), [0] * 5), times, ended)

    @staticmethod
    def _count(values: list[int], times: int, ended: Ended) -> None:
        lost = 0 if ended.ordered else ended.hundredths
        for place, number in enumerate((times, 1, int(ended.ordered), int(lost > 0), lost)):
            values[place] += number

    def cells(self) -> list[tuple[Key, Values]]:
        """Return the cells; beyond :data:`MOST_OF_A_KIND` the spots stand together under :data:`OTHER`.

        There a visit counts once for each of the spots it was at.
        """
        named = self._choose()
        summed: defaultdict[Key, list[int]] = defaultdict(lambda: [0] * 5)
        for spot, cells in self._cells.items():
            name = spot.name if spot in named else OTHER
            for (struggle, currency), values in cells.items():
                own = summed[spot.kind.value, name, str(struggle), currency]
                for place, number in enumerate(values):
                    own[place] += number
        for currency, values in self._visits.items():
            summed[VISITS, "", ANY, currency] = values
        return [(key, (values[0], values[1], values[2], values[3], values[4])) for key, values in summed.items()]

    def _choose(self) -> set[Spot]:
        by_kind: defaultdict[SpotKind, list[Spot]] = defaultdict(list)
        for spot in self._cells:
            by_kind[spot.kind].append(spot)
        return {spot for kind, spots in by_kind.items() for spot in sorted(spots, key=self._rank)[: MOST_OF_A_KIND[kind]]}

    def _rank(self, spot: Spot) -> tuple[int, int, str]:
        cells = self._cells[spot]
        return (-_visits(cells, (ANY,)), -_visits(cells, (ANY, NONE)), spot.name)


def _visits(cells: Mapping[tuple[str, str], Sequence[int]], struggles: Iterable[str]) -> int:
    wanted = set(struggles)
    return sum(values[1] for (struggle, _currency), values in cells.items() if struggle in wanted)
