"""What became of an offer? Seen, accepted, dismissed or ignored, each recorded once."""

import uuid
from datetime import datetime
from typing import Final, Literal

from django.db.models import F
from django.db.models.functions import Coalesce

from oscar_engage.decisions.models import Arm, Decision

Outcome = Literal["seen", "accepted", "dismissed", "ignored"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("seen", "accepted", "dismissed", "ignored")


def record_outcome(visitor_id: uuid.UUID, decision_id: str | uuid.UUID, what: Outcome, *, now: datetime) -> bool:
    """Record what the visitor did with one of their own offers and return whether that was news.

    ``decision_id`` comes from the browser: an id that is none, of another visitor or of somebody held out changes nothing.
    The first time counts. What was accepted or dismissed was seen; closing what was accepted is no "no".
    What was ignored, and so went away by itself, is no "no" either, and can be accepted late.
    """
    pk = _read_id(decision_id)
    if pk is None:
        return False
    own = Decision.objects.filter(pk=pk, visitor_id=visitor_id, arm=Arm.TREATED, offered_at__isnull=False)
    if what == "seen":
        return bool(own.filter(seen_at__isnull=True).update(seen_at=now))
    seen = Coalesce(F("seen_at"), now)
    if what == "accepted":
        return bool(own.filter(accepted_at__isnull=True).update(accepted_at=now, seen_at=seen))
    open_offers = own.filter(dismissed_at__isnull=True, accepted_at__isnull=True)
    if what == "ignored":
        return bool(open_offers.filter(ignored_at__isnull=True).update(ignored_at=now))
    return bool(open_offers.update(dismissed_at=now, seen_at=seen))


def _read_id(raw: str | uuid.UUID) -> uuid.UUID | None:
    if isinstance(raw, uuid.UUID):
        return raw
    try:
        return uuid.UUID(raw)
    except ValueError:
        return None
