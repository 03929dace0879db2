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


def place_of(version_id: int, branch: int) -> int:
    """Return the whole number that a moment is kept as: gates are asked of so many that nothing else is made of it there."""
    return version_id * _BRANCHES + branch + 1


def split(holding: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the settled and the waiting moments in ``VisitState.holding``, as :func:`place_of` names them."""
    settled: set[int] = set()
    waiting: set[int] = set()
    for packed in holding:
        if packed < 0:
            waiting.add(-packed)
        else:
            settled.add(packed)
    return frozenset(settled), frozenset(waiting)


def waits(holding: Iterable[int]) -> bool:
    """Whether a moment in ``VisitState.holding`` waits."""
    return any(packed < 0 for packed in holding)


def join(settled: Iterable[int], waiting: Iterable[int]) -> tuple[int, ...]:
    """Return what ``VisitState.holding`` is to remember, in a stable order."""
    return tuple(sorted([*settled, *(-place for place in waiting)]))


def unpack(holding: Iterable[int]) -> tuple[frozenset[Held], frozenset[Held]]:
    """Return the settled and the waiting moments that ``VisitState.holding`` stands for."""
    settled, waiting = split(holding)
    return frozenset(map(_held, settled)), frozenset(map(_held, waiting))


def pack(settled: Iterable[Held], waiting: Iterable[Held]) -> tuple[int, ...]:
    """Return what ``VisitState.holding`` is to remember of these."""
    return join((place_of(*held) for held in settled), (place_of(*held) for held in waiting))


def _held(place: int) -> Held:
    version_id, branch = divmod(place, _BRANCHES)
    return Held(version_id, branch - 1)
