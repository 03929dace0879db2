"""Has what is seen moved away from what was learnt from? The population stability index, feature by feature. Plain Python.

PSI is the sum of (now - then) x ln(now / then) over bins; below .1 nothing moved, from .25 on much did (N. Siddiqi,
"Credit Risk Scorecards", 2006, on monitoring). Bins are tenths of what was learnt from, and one more for what is missing.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SOME, MUCH = 0.1, 0.25
"""From where on a feature has moved somewhat, and much."""

TENTHS = 10
FEWEST = 300
"""Vectors below which nothing is said: by chance alone PSI comes to (bins - 1) (1/n + 1/m), here .04."""

JUMP = 0.4
"""How much more often a feature is missing or zero when its tracking broke; a week's ups and downs are .1."""

SILENCE = 0.1
"""A tenth of the vectors that were usual: nobody shops so little less, something is not reporting."""

_FLOOR = 1e-4  # for an empty bin, whose logarithm there is not

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Reference:
    """What was learnt from, in a few numbers by feature: inner ``edges``, ``shares`` (the last: missing), ``empty``.

    ``empty`` is the share of vectors in which it is missing or zero; ``rate``: vectors in an hour, 0: not known.
    """

    edges: Mapping[str, tuple[float, ...]]
    shares: Mapping[str, tuple[float, ...]]
    empty: Mapping[str, float]
    rate: float


def take_reference(names: Sequence[str], sample: Sequence[Values], *, rate: float) -> Reference:
    """Sum ``sample`` (vectors in the order of ``names``) up."""
    edges, shares, empty = {}, {}, {}
    for place, name in enumerate(names):
        column = [vector[place] for vector in sample]
        edges[name] = find_edges([value for value in column if value is not None])
        shares[name] = find_shares(column, edges[name])
        empty[name] = _empty(column)
    return Reference(edges, shares, empty, rate)


def find_edges(values: Sequence[float]) -> tuple[float, ...]:
    """Return the inner borders of tenths, each once: a feature that is mostly one number has few bins."""
    ordered = sorted(values)
    found = {ordered[len(ordered) * part // TENTHS] for part in range(1, TENTHS)} if ordered else set()
    return tuple(sorted(found))


def find_shares(column: Values, edges: Sequence[float]) -> tuple[float, ...]:
    """Return which share of ``column`` lies in each bin, a value on a border in the lower one; the last is what is missing."""
    counts = [0] * (len(edges) + 2)
    for value in column:
        counts[-1 if value is None else bisect_left(edges, value)] += 1
    return tuple(count / max(1, len(column)) for count in counts)


def psi(then: Sequence[float], now: Sequence[float]) -> float:
    """Return the index of two lists of shares over the same bins: 0 where they are equal, never below."""
    pairs = [(max(before, _FLOOR), max(after, _FLOOR)) for before, after in zip(then, now, strict=True)]
    return math.fsum((after - before) * math.log(after / before) for before, after in pairs)


def compare(reference: Reference, names: Sequence[str], recent: Sequence[Values], *, rate: float) -> dict[str, Any]:
    """Return what moved, as JSON: ``verdict``, ``worst``, ``missing``, ``rate``, as ``state.Drifted`` explains them.

    ``rate``: vectors in an hour now. Features that ``reference`` does not know are passed over.
    """
    usual = reference.rate
    share = rate / usual if usual > 0 else None
    if share is not None and share < SILENCE and usual * 24 >= FEWEST:
        return {"verdict": "broken", "worst": [], "missing": [], "rate": round(share, 3)}
    said: dict[str, Any] = {
        "verdict": "unknown",
        "worst": [],
        "missing": [],
        "rate": None if share is None else round(share, 3),
    }
    if len(recent) < FEWEST:
        return said
    moved: list[tuple[str, float]] = []
    for place, name in enumerate(names):
        if name in reference.edges:
            column = [vector[place] for vector in recent]
            moved.append((name, psi(reference.shares[name], find_shares(column, reference.edges[name]))))
            if _empty(column) - reference.empty[name] >= JUMP:
                said["missing"].append(name)
    moved.sort(key=lambda one: -one[1])
    said["worst"] = [[name, round(value, 3)] for name, value in moved[:5]]
    is_drifting = bool(moved) and moved[0][1] >= MUCH
    said["verdict"] = "broken" if said["missing"] else "drifting" if is_drifting else "steady"
    return said


def write_reference(reference: Reference) -> dict[str, Any]:
    """Return it as JSON."""
    by_name = {
        name: [list(edges), list(reference.shares[name]), reference.empty[name]] for name, edges in reference.edges.items()
    }
    return {"rate": reference.rate, "features": by_name}


def read_reference(raw: Any) -> Reference | None:
    """Return what :func:`write_reference` wrote; ``None`` for anything else."""
    try:
        features = {str(name): (tuple(one[0]), tuple(one[1]), float(one[2])) for name, one in raw["features"].items()}
        rate = float(raw["rate"])
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
    return Reference(
        {name: one[0] for name, one in features.items()},
        {name: one[1] for name, one in features.items()},
        {name: one[2] for name, one in features.items()},
        rate,
    )


def _empty(column: Values) -> float:
    return sum(not value for value in column) / max(1, len(column))
