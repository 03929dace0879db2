"""Which rows does a number satisfy? The line cut at every limit that a rule names, with the answer for each piece."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from oscar_engage.rules.engine.masks import mask_of
from oscar_engage.rules.engine.rows import Literal

Span: TypeAlias = tuple[int, int]
"""First and last piece of a stretch of the line, both included."""


_OPPOSITES = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_HALVES = {"<": (False, 0), "<=": (False, 1), ">": (True, 1), ">=": (True, 0)}
"""The comparisons with one limit: whether they hold behind it, and the pieces by which its own is passed."""


class Regions:
    """The pieces of a line with ``k`` limits: piece ``2i`` lies before limit ``i``, piece ``2i + 1`` is that limit.

    Neighbours that satisfy the same rows share one mask, so the memory grows with the limits that differ.
    """

    __slots__ = ("_limits", "_masks")

    def __init__(self, literals: Iterable[tuple[int, Literal, Any]], *, base: int) -> None:
        """Take rows with their literals and the comparable values of these; ``base`` is what can be satisfied at all."""
        listed = list(literals)
        self._limits: list[Any] = sorted({value for _row, _literal, values in listed for value in _flat(values)})
        places = {limit: place for place, limit in enumerate(self._limits)}
        last = 2 * len(self._limits)
        failing: dict[int, list[Span]] = defaultdict(list)
        for row, (condition, wanted, _lenient), values in listed:
            fails = _OPPOSITES.get(condition.operator, "") if wanted else condition.operator
            if fails in _HALVES:
                failing[row].append(_half(fails, places[values], last))
            else:
                spans = _spans(condition.operator, [places[value] for value in _flat(values)], last)
                failing[row] += _gaps(spans, last) if wanted else spans
        self._masks = _sweep(failing, last=last, base=base)

    def select(self, value: Any) -> int:
        """Return the rows that ``value`` satisfies."""
        limits = self._limits
        place = bisect_left(limits, value)
        return self._masks[2 * place + (place < len(limits) and limits[place] == value)]


def _sweep(failing: Mapping[int, list[Span]], *, last: int, base: int) -> list[int]:
    """Walk over the pieces, and turn each row off where a span begins in which it fails, and on again behind it."""
    turns: dict[int, list[int]] = defaultdict(list)
    for row, spans in failing.items():
        for first, final in spans if len(spans) == 1 else _joined(spans):
            turns[first].append(row)
            turns[final + 1].append(row)
    alive, masks = base, []
    for piece in range(last + 1):
        if piece in turns:
            alive ^= mask_of(turns[piece]) & base
        masks.append(alive)
    return masks


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return the same stretches of the line as spans that neither overlap nor touch."""
    joined: list[Span] = []
    for first, final in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(final, joined[-1][1]))
        else:
            joined.append((first, final))
    return joined


def _flat(values: Any) -> tuple[Any, ...]:
    return values if isinstance(values, tuple) else (values,)


def _spans(operator: str, places: Sequence[int], last: int) -> list[Span]:
    """Return where an operator that is no half of the line holds, given the ordered places of what it compares with."""
    if operator == "between":
        return [(2 * places[0] + 1, 2 * places[1] + 1)] if places[0] <= places[1] else []
    points = _points(places)
    return list(_gaps(points, last)) if operator in ("!=", "notIn") else points


def _half(operator: str, place: int, last: int) -> Span:
    is_behind, passed = _HALVES[operator]
    edge = 2 * place + passed
    return (edge + 1, last) if is_behind else (0, edge)


def _points(places: Sequence[int]) -> list[Span]:
    return [(2 * place + 1, 2 * place + 1) for place in sorted(set(places))]


def _gaps(spans: Iterable[Span], last: int) -> Iterator[Span]:
    """Yield what lies between the spans."""
    begin = 0
    for first, final in spans:
        if begin < first:
            yield begin, first - 1
        begin = final + 1
    if begin <= last:
        yield begin, last
