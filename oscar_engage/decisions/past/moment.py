"""What would a rule have read at a moment that is past, and what can we not say any more?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TypeAlias

from oscar_engage.decisions.past.clocks import OpenPage, Span, Steps
from oscar_engage.rules.engine import walk
from oscar_engage.rules.engine.compare import holds
from oscar_engage.rules.engine.compile import Choose
from oscar_engage.rules.engine.possible import ANY, Possible, possible_branches
from oscar_engage.rules.engine.tree import Condition, Document
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.wake import ReadAt
from oscar_engage.rules.engine.walk import Read
from oscar_engage.rules.foretold import Foretold
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.past.recall import Recalled
from oscar_engage.rules.recall import is_recalled, reading_past, rests_on_earlier_visits, rests_on_models
from oscar_engage.rules.variables import reading, reading_later
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import UNKNOWN_PAGE
from oscar_engage.visitors.state import VisitState

IDLE = "page.idle_seconds"
"""The one variable of which we may know the possible values only."""

Earlier: TypeAlias = Callable[[], Recalled]
"""Gives what the log told, at that moment, of all visits of the person."""

_A_BIT = 0.001  # seconds; to look at both sides of a limit


@dataclass(frozen=True, slots=True)
class Past:
    """One moment of a recorded visit, rebuilt.

    ``moment`` takes the longest of the possible idle times, ``spans`` are all of them; ``read`` gives what is recorded, and
    unknown for anything else. ``is_now``: it is this moment, so that what would tell of today is right. ``earlier`` gives what
    the log told of the person's other visits; ``told`` what models foretold at this moment, ``None`` where it was not written
    down.
    """

    moment: Moment
    spans: tuple[Span, ...]
    read: Read
    is_now: bool = False
    earlier: Earlier | None = None
    told: Foretold | None = None

    @property
    def is_idle_exact(self) -> bool:
        """Whether the browser's own clock of idleness can be said."""
        return len(self.spans) == 1 and self.spans[0].is_exact

    def is_said(self, field: str) -> bool:
        """Whether what the variable read then can be said."""
        return self._is_recorded(field) and (field != IDLE or self.is_idle_exact)

    def _is_recorded(self, field: str) -> bool:
        """Whether it can be worked out; where it rests on other visits, whether their log surely told a beat what it reads."""
        if self.is_now or is_recalled(field):
            return True
        is_asked = self.moment.consent >= ConsentLevel.PERSONALISATION  # below, a beat knows nothing of it
        if rests_on_models(field):
            return not is_asked or self.told is not None
        if self.earlier is None or not rests_on_earlier_visits(field):
            return False
        return not is_asked or self.earlier().is_said(field, self.read(field))

    def value(self, field: str) -> Value:
        """Return what the variable read; unknown also where we cannot say."""
        return self.read(field) if self.is_said(field) else UNKNOWN

    def truths(self, condition: Condition) -> Possible:
        """Return every truth that the condition may have had."""
        if not self._is_recorded(condition.field):
            return ANY
        if condition.field != IDLE:
            return frozenset({holds(condition.operator, self.read(condition.field), condition.value)})
        seconds = (one for span in self.spans for one in _look_at(span, condition))
        return frozenset(holds(condition.operator, one, condition.value) for one in seconds)

    def answers(self, document: Document, fields: frozenset[str], *, choose: Choose | None = None) -> frozenset[int | None]:
        """Return every branch that ``document`` may have taken; ``fields`` are the variables that it reads.

        ``choose`` is the document compiled, for whoever asks often.
        """
        if all(map(self.is_said, fields)):
            return frozenset({walk.choose(document, self.read) if choose is None else choose(self.read)})
        return possible_branches(document, self.truths)

    def unsaid(self, document: Document) -> frozenset[str]:
        """Return the variables for which the conditions of ``document`` are open."""
        return frozenset(condition.field for condition in document.conditions() if len(self.truths(condition)) > 1)

    @property
    def read_at(self) -> ReadAt:
        """What gives the reader of the moment so many seconds later, as a beat that looks ahead does."""
        later = reading_later(self.moment, self.read)
        return lambda seconds: reading_past(later(seconds), self._is_recorded)


def rebuild(
    state: VisitState,
    page: OpenPage | None,
    *,
    consent: int,
    is_customer: bool,
    at: datetime,
    steps: Steps,
    present: Callable[[Moment], Moment] | None = None,
    earlier: Earlier | None = None,
    told: Foretold | None = None,
) -> Past:
    """Return the moment at ``at``, from the visit's state then and the page that was open.

    ``present`` makes it this moment: it adds whom to ask for what of an earlier one nobody knows. ``earlier``, asked at most
    once and only if a rule wants it, gives the log of all visits as it was then; without it, what rests on that is not to be
    said. ``told``: what models foretold at this very moment; the same without it.
    """
    spans = page.idle_spans(at, steps) if page else (Span(0.0, max(0.0, (at - state.started_at).total_seconds())),)
    moment = Moment(
        state=state,
        page=page.facts if page else UNKNOWN_PAGE,
        now=at,
        idle_seconds=max(span.high for span in spans),
        visible_seconds=page.visible_seconds(at) if page else max(0.0, (at - state.started_at).total_seconds()),
        consent=consent,
        visits=state.number if consent >= ConsentLevel.PERSONALISATION else None,
        is_customer=is_customer,
        free_agents=_nobody_counted,
    )
    if present is not None:
        moment = present(moment)
        return Past(moment, spans, reading(moment), is_now=True)
    if told is not None and consent >= ConsentLevel.PERSONALISATION:
        moment = replace(moment, foretold=lambda: told)
    if earlier is None:
        return Past(moment, spans, reading_past(reading(moment), _is_recalled_or_told), told=told)
    known = cache(earlier)
    moment = replace(moment, past=lambda: known().past)
    read = reading(moment, clock=_still)
    return Past(moment, spans, reading_past(read, _is_recalled_or_earlier), earlier=known, told=told)


def _still() -> float:
    """Stand in for the clock of the budget: how long the log takes to look at today says nothing of the beat then."""
    return 0.0


def _is_recalled_or_told(field: str) -> bool:
    return is_recalled(field) or rests_on_models(field)


def _is_recalled_or_earlier(field: str) -> bool:
    return _is_recalled_or_told(field) or rests_on_earlier_visits(field)


def fields_of(document: Document) -> frozenset[str]:
    """Return the variables that ``document`` reads."""
    return frozenset(condition.field for condition in document.conditions())


def open_seconds(state: VisitState, at: datetime) -> float:
    """Return for how long the page had been open, as the gates ask it."""
    elapsed: timedelta = at - (state.page_since or state.started_at)
    return elapsed.total_seconds()


def _look_at(span: Span, condition: Condition) -> Iterable[float]:
    """Yield so many values of the span that every truth the condition can have in it is among theirs."""
    yield span.low
    if not span.is_exact:
        limits = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        for limit in limits:
            if isinstance(limit, int | float) and span.low <= limit < span.high:
                yield limit
                yield min(limit + _A_BIT, span.high - _A_BIT)
        yield max(span.low, span.high - _A_BIT)


def _nobody_counted(**asked: object) -> int:
    """Stand in for the desk then: nothing that reads it counts as recorded."""
    return 0
