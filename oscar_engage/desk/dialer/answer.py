"""What did the invited shopper do? Stayed, accepted, declined, let it pass or left: told by the browser's beats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from oscar_engage.desk.dialer.held import end, open_holds
from oscar_engage.desk.dialer.models import Hold, HoldEnd
from oscar_engage.desk.dialer.offer import LEASE

HEARD_EVERY = 10.0
"""Seconds after which the browser is asked to speak again while a place is kept for it: a third of the lease."""

TYPING = timedelta(minutes=3)
"""How long the place is kept, from accepting, for the question to be typed; who takes longer waits like others."""

PANEL = "panel"
_ENDS = {"dismissed": HoldEnd.DECLINED, "ignored": HoldEnd.IGNORED}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a browser's invitation has come to: a place is kept for it, or it was ``withdrawn`` (ids of decisions)."""

    is_kept: bool = False
    withdrawn: tuple[UUID, ...] = ()


def hear(visitor_id: UUID, showing: Iterable[str], *, now: datetime) -> Heard:
    """Renew the lease of what the browser shows and return what has become of it.

    ``showing`` are ids of decisions, and ``"panel"`` while the question is typed. One query, without either none; one more
    where a place is kept.
    """
    shown = _shown(showing)
    if not shown:
        return Heard()
    withdrawn = Q(ended_as=HoldEnd.WITHDRAWN, accepted_at__isnull=True)
    rows = list(Hold.objects.filter(shown, Q(ended_at__isnull=True) | withdrawn, visitor_id=visitor_id))
    kept = [hold.pk for hold in rows if hold.ended_at is None and hold.lease_until > now]
    is_kept = bool(kept) and bool(open_holds().filter(pk__in=kept).update(lease_until=now + LEASE))
    return Heard(is_kept, tuple(hold.decision_id for hold in rows if hold.ended_at is not None))


def note_answer(visitor_id: UUID, decision_id: str | UUID, what: str, *, now: datetime) -> None:
    """Heed what was done with an invitation: accepted, the place waits for the question; dismissed or ignored, it goes back.

    Of another visitor's, of one that is over, and of any other offer nothing is changed.
    """
    pk = _read(decision_id)
    own = open_holds().filter(decision_id=pk, visitor_id=visitor_id) if pk else Hold.objects.none()
    if what == "accepted":
        own.filter(accepted_at__isnull=True).update(accepted_at=now, until=now + TYPING, lease_until=now + LEASE)
    elif what in _ENDS:
        end(own, _ENDS[what], now=now)


def note_left(visitor_id: UUID, showing: Iterable[str], *, now: datetime) -> None:
    """Give back the place of an invitation, or of a form, that went away with its page."""
    shown = _shown(showing)
    if shown:
        end(open_holds().filter(shown, visitor_id=visitor_id), HoldEnd.LEFT, now=now)


def is_invited(visitor_id: UUID, decision_id: str | UUID, *, now: datetime) -> bool:
    """Whether a place is kept for the visitor by this invitation; one query."""
    pk = _read(decision_id)
    return pk is not None and open_holds().filter(decision_id=pk, visitor_id=visitor_id, until__gt=now).exists()


def _shown(showing: Iterable[str]) -> Q | None:
    named = set(showing)
    decisions = {pk for shown in named if (pk := _read(shown)) is not None}
    typing = Q(accepted_at__isnull=False) if PANEL in named else None
    displayed = Q(decision_id__in=decisions) if decisions else None
    return typing | displayed if typing and displayed else typing or displayed


def _read(raw: str | UUID) -> UUID | None:
    if isinstance(raw, UUID):
        return raw
    try:
        return UUID(raw)
    except ValueError:
        return None
