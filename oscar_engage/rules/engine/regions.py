"""Which rows does a number satisfy? The line cut at every limit that a rule names, with the answer for each piece."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from oscar_engage.rules.engine.masks import mask_of
from oscar_engage.rules.engine.rows import Literal

Span: TypeAlias = tuple[int, int]
"""First and last piece of a stretch of the line, both included; empty when the last comes first."""


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
        begins: dict[int, list[int]] = defaultdict(list)
        ends: dict[int, list[int]] = defaultdict(list)
        for row, (condition, wanted, _lenient), values in listed:
            spans = _spans(condition.operator, [places[value] for value in _flat(values)], last)
            for first, final in _gaps(spans, last) if wanted else spans:
                begins[first].append(row)
                ends[final + 1].append(row)
        self._masks = _sweep(begins, ends, last=last, base=base)

    def select(self, value: Any) -> int:
        """Return the rows that ``value`` satisfies."""
        limits = self._limits
        place = bisect_left(limits, value)
        return self._masks[2 * place + (place < len(limits) and limits[place] == value)]


def _sweep(begins: dict[int, list[int]], ends: dict[int, list[int]], *, last: int, base: int) -> list[int]:
    """Walk over the pieces; a row is out where at least one of its literals fails."""
    failing: Counter[int] = Counter()
    out, masks = 0, [base]
    for piece in range(last + 1):
        turned = []
        for row in ends.get(piece, ()):
            failing[row] -= 1
            if not failing[row]:
                turned.append(row)
        for row in begins.get(piece, ()):
            if not failing[row]:
                turned.append(row)
            failing[row] += 1
        if turned:
            # Who ends and begins here is listed twice and stays as it was: the two turns cancel out.
            out ^= mask_of(row for row, times in Counter(turned).items() if times % 2)
            masks.append(base & ~out)
        else:
            masks.append(masks[-1])
    return masks[1:]


def _flat(values: Any) -> tuple[Any, ...]:
    return values if isinstance(values, tuple) else (values,)


def _spans(operator: str, places: Sequence[int], last: int) -> list[Span]:
    """Return where ``operator`` holds, given the places of what it compares with, in order and apart from each other."""
    point = 2 * places[0] + 1
    match operator:
        case "<":
            return [(0, point - 1)]
        case "<=":
            return [(0, point)]
        case ">":
            return [(point + 1, last)]
        case ">=":
            return [(point, last)]
        case "between":
            return [(point, 2 * places[1] + 1)] if places[0] <= places[1] else []
        case "!=" | "notIn":
            return list(_gaps(_points(places), last))
        case _:
            return _points(places)


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
