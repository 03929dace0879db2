"""Which engagements may be offered now? Asked by every beat, so remembered for a second in each process."""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from oscar_engage.widgets.models import Engagement

KEPT_SECONDS = 1.0
"""How long an edit may go unseen."""

_remembered: tuple[float, Mapping[str, Engagement]] | None = None


def active_engagements(*, clock: Callable[[], float] = time.monotonic) -> Mapping[str, Engagement]:
    """Return the engagements that are switched on, by slug; no query within a second of the last."""
    global _remembered  # noqa: PLW0603 - one value for the process, replaced as a whole: no lock is needed
    now = clock()
    if _remembered is None or not 0 <= now - _remembered[0] < KEPT_SECONDS:
        active = {engagement.slug: engagement for engagement in Engagement.objects.filter(is_active=True)}
        _remembered = (now, MappingProxyType(active))
    return _remembered[1]


def forget_engagements() -> None:
    """Ask the database the next time; for whoever has just changed an engagement, and for tests."""
    global _remembered  # noqa: PLW0603 - see above
    _remembered = None
