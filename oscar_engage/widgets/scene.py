"""For whom, and where, is an engagement filled in? What is known at the moment at which it may be offered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oscar_engage.rules.answers import UNASKED, Answers
from oscar_engage.visitors.page import UNKNOWN_PAGE, PageFacts
from oscar_engage.visitors.state import VisitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One visitor on one page at one instant.

    ``customer_id`` is ``None`` for who is not logged in, and below the consent to personalisation; ``answers`` asks the shop,
    each question at most once. ``language`` is that of the page: money and dates are written in it.
    """

    state: VisitState
    page: PageFacts
    answers: Answers
    visitor_id: UUID
    customer_id: int | None
    language: str
    now: datetime


def scene_of_nobody(language: str, now: datetime) -> Scene:
    """Return a scene in which nothing is known but the language: for what is the same for every shopper."""
    return Scene(
        state=VisitState(started_at=now, last_at=now),
        page=UNKNOWN_PAGE,
        answers=UNASKED,
        visitor_id=UUID(int=0),
        customer_id=None,
        language=language,
        now=now,
    )
