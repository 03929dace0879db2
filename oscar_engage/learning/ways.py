"""In which way does an action of a rule help? By the kind of widget that it takes, as models of uplift tell ways apart."""

from functools import lru_cache

from oscar_engage.learning.scoring.ways import BALLOON, CALL, CHAT, NOTE, OTHER
from oscar_engage.rules.actions import ACTIONS

_BY_WIDGET = {"invitation": CHAT, "call": CALL, "balloon": BALLOON, "note": NOTE}


@lru_cache(maxsize=64)
def way_of(action: str) -> str:
    """Return the way of the action of this name; ``other`` for what takes another widget, and for a name nobody knows."""
    if action not in ACTIONS.names():
        return OTHER
    return _BY_WIDGET.get(ACTIONS.get(action).widget, OTHER)
