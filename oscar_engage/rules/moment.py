"""What is there to read when rules are judged? Everything known of one visitor at one instant, as a plain value."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from oscar_engage.rules.answers import UNASKED, Answers
from oscar_engage.rules.foretold import NOTHING_FORETOLD, Foretold
from oscar_engage.rules.kept.values import NOTHING_KEPT, Kept
from oscar_engage.rules.past.log import Past
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant of one visit.

    ``idle_seconds`` and ``visible_seconds`` are the browser's word on the page in view; ``visits`` and ``is_customer`` are
    personal and read only with the consent for it; ``free_agents(skill=…, language=…)``, both to be left out, is asked at
    most once for each, and only if a rule wants it (``None``: the desk cannot tell).
    """

    state: VisitState
    page: PageFacts
    now: datetime
    idle_seconds: float
    visible_seconds: float
    consent: int
    visits: int | None
    is_customer: bool
    free_agents: Callable[..., int | None]
    places: Callable[..., int | None] | None = None
    """How many more may be invited to a chat, by ``queue``, ``path`` and ``language``; ``None``: as many as agents are free."""

    takes_calls: Callable[..., bool | None] | None = None
    """Whether a call can be asked for, by ``path``; ``None``: nobody was asked."""

    answers: Answers = UNASKED
    """Whom to ask what the visit does not tell, such as the shop; the same."""
    past: Callable[[], Past | None] = lambda: None
    """The visitor's log across visits and devices (``None``: not known); asked at most once, and only if a rule wants it."""

    kept: Callable[[], Kept] = lambda: NOTHING_KEPT
    """What variables with a ``ttl`` were worth when they were asked last; the same."""

    foretold: Callable[[], Foretold] = lambda: NOTHING_FORETOLD
    """What the models say, which is personal; asked at most once a beat, without a query."""

    awaited: set[str] = field(default_factory=set)
    """Fills with the keys of such variables that were asked for now and of which no usable value is there yet."""

    unasked: set[str] = field(default_factory=set)
    """Fills with the keys of costly variables that nobody was asked for any more, because the beat's time was spent."""

    ahead: float = 0.0
    """Seconds by which it lies ahead of the beat: anything kept is read as it is now, and nothing is asked for it."""

    def later(self, seconds: float) -> "Moment":
        """Return this moment ``seconds`` from now, if the shopper does nothing and keeps the page in view until then."""
        return replace(
            self,
            now=self.now + timedelta(seconds=seconds),
            idle_seconds=self.idle_seconds + seconds,
            visible_seconds=self.visible_seconds + seconds,
            ahead=self.ahead + seconds,
        )
