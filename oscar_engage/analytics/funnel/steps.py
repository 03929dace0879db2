"""Through which steps does an engagement go? Names, their order, and which refusals stand together."""

from oscar_engage.decisions.models import Reason

ELIGIBLE, OFFERED, SEEN, ACCEPTED, DISMISSED = "eligible", "offered", "seen", "accepted", "dismissed"
CONNECTED, RESOLVED, ORDERED = "connected", "resolved", "ordered"
"""Steps, counted in moments: a rule held; something was offered; its display was confirmed; it was taken, or refused; an agent
answered; the shopper was helped; what was offered was followed by an order."""

ORDERED_HELD = "ordered_held"
"""The rule's hold-out kept it back, and an order followed all the same."""

VALUE, VALUE_HELD = "value", "value_held"
"""Orders behind ``ordered`` and ``ordered_held``, by currency; the amount is their sum in hundredths."""

TIME, TIME_HELD = "time", "time_held"
"""Visits in which it was offered, or held out, each once a day; the amount is how long they lasted in seconds."""

HELD_OUT, CAPPED, NO_AGENT, ADVISED, LOST, OTHER = "held_out", "capped", "no_agent", "advised", "lost", "other"
"""Why nothing was offered, in the words of the funnel."""

REASON = "reason:"
"""Before a reason: how many moments had it."""

_HELD_OUT = (Reason.SHOP_HOLDOUT, Reason.RULE_HOLDOUT)
_LOST = (Reason.LOST, Reason.BUSY_SURFACE)
_NO_AGENT = (Reason.NO_AGENT, Reason.IN_LINE)
_ADVISED = (Reason.ADVISED_AGAINST, Reason.OUTRANKED)
_CAPS = ("capped_", "dismissed")
"""How the names of all reasons begin that say "enough already", a rule's own and the shop's alike."""


def group_of(reason: str) -> str:
    """Return the step at which a moment with this reason ended, nothing having been offered."""
    if reason in _HELD_OUT:
        return HELD_OUT
    if reason.startswith(_CAPS) or reason == Reason.ASKED:
        return CAPPED
    if reason in _NO_AGENT:
        return NO_AGENT
    if reason in _ADVISED:
        return ADVISED
    return LOST if reason in _LOST else OTHER


WAYS = (ELIGIBLE, OFFERED, SEEN, ACCEPTED, CONNECTED, RESOLVED, ORDERED)
"""The funnel from top to bottom."""

REFUSALS = (HELD_OUT, CAPPED, NO_AGENT, ADVISED, LOST, OTHER)
"""What lies between eligible and offered."""
