"""Which part of the log do these rules ask about? The kinds and the longest look back, so that one query serves them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from oscar_engage.rules.kinds import SIGNAL_KINDS
from oscar_engage.rules.parameters import Params
from oscar_engage.rules.spans import MOST_DAYS, Span
from oscar_engage.rules.variables import Variable, find_variable, split_key

LONGEST = timedelta(days=MOST_DAYS)
"""The look back of a variable that names none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The kinds of signals, and how far back."""

    kinds: frozenset[str] = frozenset()
    window: timedelta = timedelta()


def find_wanted(keys: Iterable[str]) -> Wanted:
    """Return what the variables of these keys look at: the parameters whose type is a kind of signal or a span say it."""
    kinds: set[str] = set()
    window = timedelta()
    for key in keys:
        if find_variable(key) is None:
            continue
        entry, params = split_key(key)
        own = _kinds(entry, params)
        if own:
            kinds |= own
            window = max(window, _window(entry, params))
    return Wanted(frozenset(kinds), window)


def _kinds(entry: Variable, params: Params) -> set[str]:
    return {str(params[one.name]) for one in entry.parameters if one.type is SIGNAL_KINDS and one.name in params}


def _window(entry: Variable, params: Params) -> timedelta:
    spans = [
        timedelta(seconds=one.type.unit * int(str(params[one.name])))
        for one in entry.parameters
        if isinstance(one.type, Span) and one.name in params
    ]
    return max(spans, default=LONGEST)
