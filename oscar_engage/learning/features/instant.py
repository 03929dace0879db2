"""What is there to turn into numbers? All that is known of one visit at one instant, as a plain value."""

from dataclasses import dataclass
from datetime import datetime

from oscar_engage.visitors.state import VisitState


@dataclass(frozen=True, slots=True)
class Instant:
    """One instant of one visit.

    ``page`` is the kind of the page in view (``visitors.page``), ``now`` the server's clock with its time zone.
    ``idle_seconds`` and ``visible_seconds`` are the browser's word on that page. ``is_known``: the visitor agreed to
    personalisation; without it, what comes from earlier visits is missing.
    """

    state: VisitState
    page: str
    now: datetime
    idle_seconds: float
    visible_seconds: float
    is_known: bool
