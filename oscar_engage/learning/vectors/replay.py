"""Is what was scored what the log says? Takes every vector of a visit anew from its signals, to be compared bit for bit.

Signals are folded in the order in which they were written, as many as the vector counts: the visit's row is locked while they
are, so that is the order in which the visit took them, whatever the clocks of two machines say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oscar_engage.conf import get_settings
from oscar_engage.learning.features.schema import SCHEMA
from oscar_engage.learning.features.vector import Vector, count_signals, read_vector, retake
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.recall import Heard, read_signal
from oscar_engage.visitors.state import VisitState, begin, from_ms
from oscar_engage.visitors.stored import read_state


@dataclass(frozen=True, slots=True)
class Replayed:
    """One row of the log of vectors: as it was scored, and as its visit's signals give it.

    ``rebuilt`` is ``None`` where the log cannot say: the row is of another schema, or signals are missing, because they were
    removed after ``RETENTION_DAYS`` or the visitor agreed to statistics only in the middle of the visit.
    """

    pk: int
    logged: Vector | None
    rebuilt: Vector | None

    @property
    def is_same(self) -> bool:
        """Whether both are there and equal, bit for bit."""
        return self.rebuilt is not None and self.logged == self.rebuilt


def replay(visit: Visit) -> list[Replayed]:
    """Return all vectors of the visit in the order of the log, each as logged and as rebuilt. Two queries."""
    rows = ScoredVector.objects.filter(visit=visit).order_by("pk").values_list("pk", "at", "schema", "values")
    return rebuild(begin_of(visit), _whole_log(visit), list(rows))


def rebuild(state: VisitState, heard: Iterable[Heard], rows: Sequence[tuple[int, datetime, str, object]]) -> list[Replayed]:
    """Do the same with plain values: the visit's first state, its signals, and rows of key, time, schema and values."""
    states = _states(state, heard)
    found = []
    for pk, at, schema, values in rows:
        vector = read_vector(values) if schema == SCHEMA else None
        count = count_signals(vector) if vector else 0
        then = states[count] if count < len(states) else None
        found.append(Replayed(pk, vector, retake(vector, then, at) if vector and then else None))
    return found


def begin_of(visit: Visit) -> VisitState:
    """Return the state of the visit before its first signal."""
    stored = read_state(visit)
    previous_at = from_ms(stored.previous_at) if stored.previous_at else None
    return begin(visit.started_at, number=stored.number, previous_at=previous_at)


def _states(state: VisitState, heard: Iterable[Heard]) -> list[VisitState]:
    """Return the state after each number of signals; it ends before the first that no kind of today can read."""
    states = [state]
    for one in heard:
        if not one.is_read:
            break
        states.append(fold(states[-1], one.signal, one.page))
    return states


def _whole_log(visit: Visit) -> list[Heard]:
    """Return the visit's signals in the order they were written; none if there are not as many as were taken into it.

    What its end led to came later, and is no part of it.
    """
    end = visit.last_at + timedelta(minutes=get_settings().visit_minutes)
    log = SignalRecord.objects.filter(visit_id=visit.pk, received_at__lt=end).order_by("pk")
    heard = []
    for received_at, *row in log.values_list("received_at", "kind", "payload", "at", "event_id", "source"):
        signal, is_read = read_signal(*row)
        heard.append(Heard(signal, received_at, is_read))
    return heard if len(heard) == read_state(visit).signals else []
