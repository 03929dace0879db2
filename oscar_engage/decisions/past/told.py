"""What had models foretold at a moment that is past? As it was written down then: never worked out again.

Learning is a package above this one, so it says here who reads its log; where nobody does, nothing is recorded.
"""

import uuid
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from oscar_engage.decisions.past.clocks import RecordedBeat
from oscar_engage.rules.foretold import Foretold
from oscar_engage.rules.recall import rests_on_models
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit

Told = Mapping[datetime, Foretold]
"""What was foretold in one visit, by the time of the beat that asked; in the order of the times."""


class Reader(Protocol):
    """Whoever keeps what was foretold."""

    def __call__(self, visits: Collection[uuid.UUID], *, now: datetime) -> Mapping[uuid.UUID, Told]:
        """Return what was written down in these visits, kinds of shoppers by the bars of ``now``; a fixed number of queries."""
        ...


NOTHING_TOLD: Told = {}

_readers: list[Reader] = []  # at most one


def told_by(reader: Reader) -> None:
    """Have ``reader`` say what was foretold; the one before it is asked no more."""
    _readers[:] = [reader]


def read_told(visits: Collection[uuid.UUID], *, now: datetime) -> Mapping[uuid.UUID, Told]:
    """Return what models foretold in these visits; a visit of which nothing is recorded is missing."""
    return _readers[0](visits, now=now) if _readers and visits else {}


def find_told(told: Told, at: datetime, *, beats: Sequence[datetime]) -> Foretold | None:
    """Return what was foretold at ``at``; ``None``: that was not written down.

    ``beats`` are the times at which the browser spoke, in their order. A moment to which the clock woke it stands in no log of
    signals: there, what was said nearest to it counts, as long as the browser said nothing in between. Waiting alone turns none
    of the variables that read it (``learning.leads.variables``).
    """
    if at in told:
        return told[at]
    place = bisect_right(beats, at)
    since = beats[place - 1] if place else None
    if since is None or since == at:
        return None
    silent = [time for time in told if since <= time and (place == len(beats) or time < beats[place])]
    return told[min(silent, key=lambda time: abs(time - at))] if silent else None


def recall_told(
    visit: Visit, fields: Iterable[str], *, beats: Iterable[RecordedBeat], at: datetime, now: datetime
) -> Foretold | None:
    """Return what models foretold in ``visit``, which comes with its visitor, at ``at``, if one of ``fields`` reads of it.

    Nothing without the consent for it, also where that was taken back since.
    """
    if visit.visitor.consent < ConsentLevel.PERSONALISATION or not any(map(rests_on_models, fields)):
        return None
    told = read_told([visit.pk], now=now).get(visit.pk, NOTHING_TOLD)
    return find_told(told, at, beats=[beat.at for beat in beats])
