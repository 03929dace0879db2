"""How does a stored visit stand? Its state as it was written, or a fresh one where that is damaged."""

import msgspec

from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.state import VisitState, begin, from_json


def read_state(visit: Visit) -> VisitState:
    """Return the visit's state as it is stored."""
    try:
        return from_json(visit.state)
    except msgspec.ValidationError:  # a damaged state costs the visit's counts, not the visit
        return begin(visit.started_at)
