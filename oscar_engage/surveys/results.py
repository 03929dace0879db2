"""What do the answers say? Counts in, shares with their 95 % intervals out: no clock, no database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from oscar_engage.analytics.interval import Rate, wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One possible answer: what it is called, how many gave it, and their share of all answers (``None``: nobody answered)."""

    key: str
    label: str
    count: int
    rate: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """``asked``: how many were shown the question; ``average``: of the scores, where there are some."""

    asked: int
    answered: int
    response: Rate | None
    shares: tuple[Share, ...]
    average: float | None = None


def results_of(given: Iterable[str], options: Sequence[tuple[str, str]], *, asked: int, are_scores: bool = False) -> Results:
    """Return how often each of ``options`` (key, label) was ``given``; a key that is no option any more comes last, as it is.

    Answers may be more than ``asked``, whose rows are kept for another time: then the share of those who answered is unknown.
    """
    counts = Counter(given)
    answered = counts.total()
    gone = [(key, key) for key in sorted(counts.keys() - {key for key, _label in options}) if key]
    shares = tuple(
        Share(key=key, label=label, count=counts[key], rate=wilson(counts[key], answered) if answered else None)
        for key, label in (*options, *gone)
    )
    scores = [int(key) for key in counts.elements() if are_scores and key]
    return Results(
        asked=asked,
        answered=answered,
        response=wilson(answered, asked) if asked and answered <= asked else None,
        shares=shares,
        average=fmean(scores) if scores else None,
    )
