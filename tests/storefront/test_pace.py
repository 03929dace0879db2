"""How often may browsers speak? As usual while the process is at ease or only waits, seldom while it has its hands full."""

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.storefront.pace import LONGEST, USUAL, Clocks, Pace

WORK = 0.002  # seconds of CPU, of a beat
GAP = 0.05  # seconds between two beats


class Day:
    """A process whose beats come at a steady rate; ``busy`` is the share of a core that it uses."""

    def __init__(self) -> None:
        self.pace = Pace()
        self._wall = self._thread = self._process = 0.0

    def beats(self, number: int, *, lasting: float, busy: float) -> "Day":
        for _turn in range(number):
            self._pass(GAP, 0.0, busy)
            began = self._read()
            self._pass(lasting, WORK, busy)
            self.pace.note(began, self._read())
        return self

    def _pass(self, wall: float, thread: float, busy: float) -> None:
        self._wall += wall
        self._thread += thread
        self._process += wall * busy

    def _read(self) -> Clocks:
        return Clocks(self._wall, self._thread, self._process)


def test_pace__no_beat_yet__is_the_usual() -> None:
    assert Pace().next_beat() == USUAL


def test_pace__at_ease__is_the_usual() -> None:
    assert Day().beats(100, lasting=2 * WORK, busy=0.1).pace.next_beat() == USUAL


def test_pace__much_to_do_but_no_waiting__is_the_usual() -> None:
    assert Day().beats(100, lasting=2 * WORK, busy=1.0).pace.next_beat() == USUAL


def test_pace__a_database_far_away__is_the_usual() -> None:
    assert Day().beats(100, lasting=20 * WORK, busy=0.1).pace.next_beat() == USUAL


def test_pace__beats_wait_for_pages__browsers_are_slowed() -> None:
    assert USUAL < Day().beats(100, lasting=6 * WORK, busy=0.9).pace.next_beat() < LONGEST


def test_pace__hands_full_from_the_start__browsers_are_slowed_most_and_no_further() -> None:
    assert Day().beats(100, lasting=20 * WORK, busy=0.9).pace.next_beat() == LONGEST


def test_pace__one_slow_beat__is_the_usual() -> None:
    assert Day().beats(100, lasting=2 * WORK, busy=0.9).beats(1, lasting=10 * WORK, busy=0.9).pace.next_beat() == USUAL


def test_pace__at_ease_again__is_the_usual_within_fifty_beats() -> None:
    day = Day().beats(100, lasting=20 * WORK, busy=0.9)
    assert day.beats(50, lasting=2 * WORK, busy=0.1).pace.next_beat() == USUAL


CLOCKS = st.builds(Clocks, *[st.floats(0, 1e6)] * 3)


@given(st.lists(st.tuples(CLOCKS, CLOCKS), max_size=30))
def test_pace__whatever_the_clocks_say__is_between_the_usual_and_the_longest(beats: list[tuple[Clocks, Clocks]]) -> None:
    pace = Pace()
    for began, ended in beats:
        pace.note(began, ended)
    assert USUAL <= pace.next_beat() <= LONGEST
