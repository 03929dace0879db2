"""How did a visit stand at a time that is past? Its signals, read from the log and folded again up to then.

The state is the same value that the beat had, with two exceptions. What a rule *held* is not in the log (``holding`` is
empty), and where a shopper was when they searched the help is not either. A visit whose log is not whole (its visitor agreed to
less at first, or a kind was uninstalled) says so: counts folded from it would be too small.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from oscar_engage.conf import get_settings
from oscar_engage.signals.kinds import KINDS, Payload
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.shipped import PageViewed
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.page import UNKNOWN_PAGE, PageFacts
from oscar_engage.visitors.state import VisitState, begin, from_ms
from oscar_engage.visitors.stored import read_state

_UNLINKED = {"basket_id": 1, "order_id": 1}
"""Stands for the numbers that the log leaves out where a browser refuses the link: no rule asks which basket it is."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One signal and when the server took it; ``is_read`` unless no kind of today fits it, so that it only counts."""

    signal: Signal
    received_at: datetime
    is_read: bool = True

    @property
    def page(self) -> PageFacts:
        """The page that it says was opened; of any other signal the log does not tell."""
        payload = self.signal.payload
        if not isinstance(payload, PageViewed):
            return UNKNOWN_PAGE
        step = payload.step
        return PageFacts(
            kind=payload.page or "other", product_id=payload.product_id, category_id=payload.category_id, step=step
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What the log holds of one visit: ``heard`` in the order of its arrival, ``signals`` as many as were taken in all.

    ``number`` and ``previous_at`` (ms; 0: none) are as in ``VisitState``.
    """

    visit_id: uuid.UUID
    started_at: datetime
    last_at: datetime
    number: int
    previous_at: int
    signals: int
    heard: tuple[Heard, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the log holds every signal that was taken into the visit, each in a shape that is read today."""
        return len(self.heard) == self.signals and all(heard.is_read for heard in self.heard)

    def begin(self) -> VisitState:
        """Return the state before the first signal."""
        return begin(self.started_at, number=self.number, previous_at=from_ms(self.previous_at) if self.previous_at else None)

    def state_at(self, until: datetime) -> VisitState:
        """Return the state after every signal that the server had by ``until``."""
        state = self.begin()
        for heard in self.heard:
            if heard.received_at <= until:
                state = fold(state, heard.signal, heard.page)
        return state


def recall(visits: Collection[Visit]) -> list[Recording]:
    """Return what the log holds of ``visits``, in their order, with one query."""
    rows = _rows({visit.pk: _end_of(visit) for visit in visits})
    return [_recording(visit, rows.get(visit.pk, ())) for visit in visits]


def read_signal(kind: str, payload: Mapping[str, Any], at: datetime, event_id: uuid.UUID, source: str) -> tuple[Signal, bool]:
    """Return the signal of a row of the log, and whether its payload could be read; one that could not says nothing."""
    read = _read_payload(kind, payload)
    signal = Signal(kind=kind, payload=read or Payload(), at=at, event_id=event_id, source=Source(source))
    return signal, read is not None


def _read_payload(kind: str, payload: Mapping[str, Any]) -> Payload | None:
    if kind not in KINDS:
        return None
    shape = KINDS.get(kind).payload
    for raw in (payload, {**_UNLINKED, **payload}):
        try:
            return msgspec.convert(raw, shape)
        except msgspec.ValidationError:
            continue
    return None


def _recording(visit: Visit, heard: Sequence[Heard]) -> Recording:
    stored = read_state(visit)
    return Recording(
        visit_id=visit.pk,
        started_at=visit.started_at,
        last_at=visit.last_at,
        number=stored.number,
        previous_at=stored.previous_at,
        signals=stored.signals,
        heard=tuple(heard),
    )


def _end_of(visit: Visit) -> datetime:
    """Return until when a signal was still taken into the visit; what its end led to is in the log alone."""
    return visit.last_at + timedelta(minutes=get_settings().visit_minutes)


def _rows(ends: Mapping[uuid.UUID, datetime]) -> dict[uuid.UUID, list[Heard]]:
    log = SignalRecord.objects.filter(visit_id__in=list(ends)).order_by("received_at", "pk")
    rows = log.values_list("visit_id", "received_at", "kind", "payload", "at", "event_id", "source")
    found: dict[uuid.UUID, list[Heard]] = {}
    for visit_id, received_at, kind, payload, at, event_id, source in rows.iterator(chunk_size=2000):
        if visit_id is not None and received_at < ends[visit_id]:
            signal, is_read = read_signal(kind, payload, at, event_id, source)
            found.setdefault(visit_id, []).append(Heard(signal, received_at, is_read))
    return found
