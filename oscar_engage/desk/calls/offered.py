"""Which calls can be asked for from this page now? Its queue's terms, whether it is open, and the slots that have a seat."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from oscar_engage.desk.calls.models import CallTerms, PhoneCall
from oscar_engage.desk.calls.slots import Slot, is_open, slots_of
from oscar_engage.desk.promises.clock import Opening
from oscar_engage.desk.promises.hours import build_opening
from oscar_engage.desk.promises.terms import opening_of
from oscar_engage.desk.queues import bare_path, starts_of
from oscar_engage.modules import is_on

LEAD = timedelta(minutes=15)
"""A slot that begins sooner is not offered: until then the mail about it has hardly arrived."""


class NoCallsError(ValueError):
    """The page's queue takes no calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What can be asked for: ``is_open``, a call as soon as possible; and the ``slots`` that have a seat, in order."""

    terms: CallTerms
    is_open: bool
    slots: Sequence[Slot]

    @property
    def is_something(self) -> bool:
        """Whether there is anything to ask for."""
        return self.is_open or bool(self.slots)


def terms_for_page(path: str) -> CallTerms | None:
    """Return the terms of the queue that a call asked for at ``path`` waits in; ``None``: it takes none. One query.

    A page of no queue, or of one that takes no calls, has the default queue's.
    """
    rows = CallTerms.objects.filter(is_active=True).select_related("queue__skill", "opening_hours", "skill").order_by("pk")
    found = list(rows)
    bare = bare_path(path) if path else ""
    named = [(len(start), terms) for terms in found for start in starts_of(terms.queue) if bare.startswith(start)]
    if named:
        return max(named, key=lambda pair: pair[0])[1]
    return next((terms for terms in found if terms.queue.is_default), None)


def terms_of_queue(queue_id: int | None) -> CallTerms | None:
    """Return the terms of a queue, taking calls or not: what was promised holds. One query."""
    rows = CallTerms.objects.select_related("queue__skill", "opening_hours", "skill")
    return rows.filter(queue=queue_id).first() if queue_id else None


def opening_for(terms: CallTerms | None) -> Opening:
    """Return the hours in which the queue calls; day and night where it says nothing."""
    hours = opening_of(terms.opening_hours) if terms else None
    return hours or build_opening(str(timezone.get_default_timezone()), {}, [], {})


def offered_at(terms: CallTerms, *, now: datetime) -> Offered:
    """Return what can be asked for under ``terms``; one query."""
    opening = opening_for(terms)
    until = now + timedelta(days=terms.days_ahead)
    all_slots = slots_of(opening, minutes=terms.slot_minutes, since=now + LEAD, until=until)
    held = PhoneCall.objects.filter(queue=terms.queue_id, starts_at__gt=now, seat__isnull=False)
    used = Counter(held.values_list("starts_at", flat=True))
    free = [slot for slot in all_slots if used[slot.starts_at] < terms.per_slot]
    return Offered(terms=terms, is_open=is_open(opening, at=now), slots=free)


def is_offered(path: str, *, now: datetime) -> bool:
    """Whether a call can be asked for at ``path`` now; two queries, one where no queue takes calls."""
    terms = terms_for_page(path) if is_on("calls") else None
    return terms is not None and offered_at(terms, now=now).is_something


def find_slot(offered: Offered, starts_at: datetime) -> Slot | None:
    """Return the free slot that begins at ``starts_at``."""
    return next((slot for slot in offered.slots if slot.starts_at == starts_at), None)
