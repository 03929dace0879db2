"""What does the product do of itself in a simulated night? It judges yesterday's challengers, and learns what is due."""

from datetime import datetime, timedelta
from time import monotonic

from oscar_engage.learning.nightly import watch
from oscar_engage.learning.nightly.run import learn_tonight


def learn(now: datetime) -> int:
    """Have the night's learning done as of ``now``, and return how many runs that were.

    The clock goes on from ``now`` for as long as it takes. What fails is a row of its own, as in any night.
    """
    began = monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=monotonic() - began)

    watch.follow(watch.look({}, now=now), now=now)
    return sum(1 for _run in learn_tonight(clock=clock))
