"""How fast is this core just now? A fixed loop beside each measurement tells a slow program from a busy machine.

Two neighbours on one physical core halve each other's speed, and CPU time does not show it: the same work then simply counts
twice the milliseconds. Dividing by the loop's own time takes the neighbour out.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

_TURNS = 20_000  # some 2 ms: long against the clock's resolution, short against what is measured


@dataclass(frozen=True, slots=True)
class Sample:
    """CPU and wall-clock milliseconds of one piece of work, and of the loop right before and after it (mean)."""

    cpu: float
    wall: float
    loop: float

    def cpu_at(self, best: float) -> float:
        """Return the CPU milliseconds on a core on which the loop takes ``best``."""
        return self.cpu * best / self.loop


def take_sample(work: Callable[[], None]) -> Sample:
    """Do ``work`` once and say what it took."""
    before = _loop()
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Sample(cpu=cpu * 1000, wall=wall * 1000, loop=(before + _loop()) / 2)


def _loop() -> float:
    started = time.process_time()
    total = 0
    for number in range(_TURNS):
        total += number * number % 7
    return (time.process_time() - started) * 1000
