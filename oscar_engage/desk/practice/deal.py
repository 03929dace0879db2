"""Which shoppers come, and when? Those practised with least come first; chance comes from the seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oscar_engage.core.hashing import bucket
from oscar_engage.desk.practice.script import Script

MOST_AT_ONCE = 3
"""Conversations side by side, as at the desk."""

FIRST = 2.0
"""Second at which the first shopper comes."""

APART = (10.0, 30.0)
"""Seconds from one shopper to the next, at least and at most."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """A shopper who comes at second ``begins``."""

    script: Script
    begins: float


def deal(scripts: Sequence[Script], *, size: int, done: Mapping[str, int], seed: str) -> tuple[Dealt, ...]:
    """Return ``size`` of ``scripts`` (all, if they are fewer), those first that were practised least.

    ``done``: by a script's name, how often the agent has practised with it, in whatever language.
    """
    drawn = sorted(scripts, key=lambda one: (done.get(one.name, 0), bucket(salt=seed, key=f"deal {one.key}")))
    dealt, at = [], FIRST
    for place, script in enumerate(drawn[: min(size, MOST_AT_ONCE)]):
        dealt.append(Dealt(script, at))
        low, high = APART
        at += low + (high - low) * bucket(salt=seed, key=f"apart {place}")
    return tuple(dealt)
