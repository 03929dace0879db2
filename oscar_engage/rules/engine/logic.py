"""How are three-valued truths combined? Kleene's strong logic: unknown is a truth we do not have yet, never a "no"."""

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | None
"""``True``, ``False``, or ``None`` for unknown."""


def every(truths: Iterable[Truth]) -> Truth:
    """Return the conjunction; false as soon as one is false, and true for none at all."""
    verdict: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            verdict = None
    return verdict


def some(truths: Iterable[Truth]) -> Truth:
    """Return the disjunction; true as soon as one is true, and false for none at all."""
    verdict: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            verdict = None
    return verdict


def negation(truth: Truth) -> Truth:
    """Return the opposite; the opposite of unknown is unknown."""
    return None if truth is None else not truth
