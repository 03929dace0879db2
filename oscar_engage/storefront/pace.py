"""How often may browsers speak with this process? As often as helps while it is at ease, seldom while it is not: pages first.

Two things together show that a process has its hands full: most of a core goes into it, and a beat lasts many times longer than
the work in it, since its thread waits for those that make pages. (A database far away makes beats last, too, but idle.) What
browsers have to say meanwhile they keep, and ten signals in one beat cost little more than one: nothing is lost, it is only
judged later. A rule that hangs on the clock still wakes its browser to the second.
"""

from dataclasses import dataclass

USUAL = 5
"""Seconds between two beats of a page while the process is at ease; what the browser's script takes unless told otherwise."""

LONGEST = 30
"""Seconds between two beats of a page while the process has its hands full."""

_STRAINED, _FULL = 4.0, 8.0
"""How many times longer than their work beats last where browsers begin to be slowed, and where they are slowed most.

Measured with gunicorn's threads on PostgreSQL: 2 with nothing else to do, 8 to 12 where four threads make pages.
"""

_BUSY = 0.5  # of a core: below that there is room for beats, whatever they wait for
_WINDOW = 1.0  # seconds over which the share of the core is taken, at least
_WEIGHT = 0.1  # of the latest beat: what counts are the last ten or twenty


@dataclass(frozen=True, slots=True)
class Clocks:
    """The seconds of one instant: on the wall, of CPU that this thread used so far, and of CPU that its process used."""

    wall: float
    thread: float
    process: float


class Pace:
    """Remembers what beats took lately. Threads may overtake each other in it: that costs a little of its memory."""

    def __init__(self) -> None:
        self._lasted, self._worked = 0.0, 0.0
        self._window: Clocks | None = None
        self._is_busy = False

    def note(self, began: Clocks, ended: Clocks) -> None:
        """Take into account a beat that began and ended then."""
        self._lasted += _WEIGHT * (ended.wall - began.wall - self._lasted)
        self._worked += _WEIGHT * (ended.thread - began.thread - self._worked)
        window = self._window or began
        passed = ended.wall - window.wall
        if passed >= _WINDOW:
            self._is_busy = ended.process - window.process > _BUSY * passed
            window = ended
        self._window = window

    def next_beat(self) -> int:
        """Return after how many whole seconds a browser may speak again."""
        if not self._is_busy or self._worked <= 0:
            return USUAL
        share = (self._lasted / self._worked - _STRAINED) / (_FULL - _STRAINED)
        return round(USUAL + (LONGEST - USUAL) * min(1.0, max(0.0, share)))


PACE = Pace()
"""The pace of this process."""
