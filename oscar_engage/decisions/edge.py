"""Has this rule *become* true? What the visit remembers between two beats, packed into whole numbers.

A rule fires when it becomes true, not as long as it is true; a rule that passes from one branch to another becomes true
anew. The visit's state therefore remembers, for each rule that held at the last beat, the version and its branch, and
whether the moment is *settled* (offered, held out, or refused for good) or *waiting*: refused for a reason that may pass
while the rule still holds (no free agent, something else showing …). A waiting moment has its row already; it is tried
again at every beat, in silence, and gets one more row when it settles.

In the state a moment is ``version * 32 + branch + 1``, negative while it waits.
"""

from collections.abc import Iterable
from typing import NamedTuple

_BRANCHES = 32  # the grammar allows 20, and one place more is needed for "else"


class Held(NamedTuple):
    """A rule's version and the branch that holds (``tree.ELSE`` for the last resort)."""

    version_id: int
    branch: int


def unpack(holding: Iterable[int]) -> tuple[frozenset[Held], frozenset[Held]]:
    """Return the settled and the waiting moments that ``VisitState.holding`` stands for."""
    settled: set[Held] = set()
    waiting: set[Held] = set()
    for packed in holding:
        version_id, place = divmod(abs(packed), _BRANCHES)
        (waiting if packed < 0 else settled).add(Held(version_id, place - 1))
    return frozenset(settled), frozenset(waiting)


def pack(settled: Iterable[Held], waiting: Iterable[Held]) -> tuple[int, ...]:
    """Return what ``VisitState.holding`` is to remember, in a stable order."""
    return tuple(sorted([*map(_pack, settled), *(-_pack(held) for held in waiting)]))


def _pack(held: Held) -> int:
    return held.version_id * _BRANCHES + held.branch + 1
