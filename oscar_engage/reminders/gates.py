"""May this basket's customer be written to, now? Pure questions in their order; asked when the mail is about to go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LATEST = timedelta(days=2)
"""How much later than planned a mail may still go, after a worker stood still: later it is only a nuisance."""


class Refusal(StrEnum):
    """Why no mail goes: a closed list."""

    SWITCHED_OFF = "switched_off"
    NO_ACCOUNT = "no_account"
    NO_SHOPPER = "no_shopper"
    NO_CONSENT = "no_consent"
    NO_PERMISSION = "no_permission"
    SUPPRESSED = "suppressed"
    CAME_BACK = "came_back"
    ORDERED = "ordered"
    NOT_THEIRS = "not_theirs"
    NOTHING_TO_BUY = "nothing_to_buy"
    MAILED_LATELY = "mailed_lately"
    TOO_LATE = "too_late"
    SHOP_HOLDOUT = "shop_holdout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the gates ask about; what costs a query of its own is a callable and asked only by the gate that needs it."""

    is_on: bool
    has_address: bool
    is_no_shopper: bool
    agrees: bool
    is_permitted: Callable[[], bool]
    is_suppressed: Callable[[], bool]
    is_held_out: bool
    was_seen_since: Callable[[], bool]
    has_ordered_since: Callable[[], bool]
    is_theirs: bool
    has_goods: Callable[[], bool]
    was_mailed_lately: Callable[[], bool]
    planned_at: datetime
    now: datetime


GATES: tuple[tuple[Refusal, Callable[[Facts], bool]], ...] = (
    (Refusal.SWITCHED_OFF, lambda facts: not facts.is_on),
    (Refusal.NO_ACCOUNT, lambda facts: not facts.has_address),
    (Refusal.NO_SHOPPER, lambda facts: facts.is_no_shopper),
    (Refusal.NO_CONSENT, lambda facts: not facts.agrees),
    (Refusal.TOO_LATE, lambda facts: facts.now > facts.planned_at + LATEST),
    (Refusal.NOT_THEIRS, lambda facts: not facts.is_theirs),
    (Refusal.NO_PERMISSION, lambda facts: not facts.is_permitted()),
    (Refusal.SUPPRESSED, lambda facts: facts.is_suppressed()),
    (Refusal.CAME_BACK, lambda facts: facts.was_seen_since()),
    (Refusal.ORDERED, lambda facts: facts.has_ordered_since()),
    (Refusal.MAILED_LATELY, lambda facts: facts.was_mailed_lately()),
    (Refusal.NOTHING_TO_BUY, lambda facts: not facts.has_goods()),
    (Refusal.SHOP_HOLDOUT, lambda facts: facts.is_held_out),
)
"""Refusal and question, the cheap ones first; a gate that answers yes refuses.

The hold-out is asked last: who is refused by it would have got the mail, so those two groups can be compared."""


def refuse(facts: Facts) -> Refusal | None:
    """Return the first refusal, or ``None`` when the mail may go."""
    return next((refusal for refusal, refuses in GATES if refuses(facts)), None)
