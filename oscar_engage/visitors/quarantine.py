"""Is this a person at all? A browser that reports more in one visit than anybody can do is run by a program.

Such a visitor is marked for good and left alone: nothing more is kept of it, nothing is decided or offered, and what was
counted before the mark stands in no report. What it asked the desk is still answered. The count is part of the visit's state,
so it is one number for all processes and the same in whatever order the signals came.
"""

from oscar_engage.conf import get_settings
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.state import VisitState


def quarantine_if_automatic(visitor: Visitor, state: VisitState) -> None:
    """Mark a visitor whose visit holds more than ``SIGNALS_PER_VISIT``; inside the caller's transaction."""
    if not visitor.is_automaton and state.signals > get_settings().signals_per_visit:
        quarantine(visitor)


def quarantine(visitor: Visitor) -> None:
    """Mark a visitor whose browser a program drives, by its own word or by what it did; inside the caller's transaction."""
    visitor.is_automaton = True
    Visitor.objects.filter(pk=visitor.pk).update(is_automaton=True)
