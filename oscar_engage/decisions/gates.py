"""May this rule act now? The gates that come before the hold-out, in their order; each is a pure question.

The consent gate follows the table of consent: below ``FUNCTIONAL`` nothing is judged at all; at ``FUNCTIONAL`` and
``STATISTICS`` a service rule passes; a sales rule needs ``PERSONALISATION``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from oscar_engage.decisions.models import Reason
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What this visitor was offered: in this visit, in the last seven days, and when an offer was last dismissed.

    A moment that a hold-out kept back counts as an offer, so that later rules are capped alike in both arms.
    """

    offers_in_visit: int = 0
    offers_in_week: int = 0
    dismissed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The shop's settings, as far as the gates ask them."""

    offers_per_visit: int
    offers_per_week: int
    cooldown: timedelta
    quiet_seconds: float
    excluded_paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the gates ask about; ``history`` and ``places`` cost a query and are asked only by the gates that need them."""

    consent: int
    page: PageFacts
    path: str
    open_seconds: float
    showing: Collection[str]
    engagements: Mapping[str, str]
    limits: Limits
    now: datetime
    history: Callable[[], History]
    places: Callable[[str], int]
    """How many more may be invited to a chat whom the queue of this short name answers (empty: that of the page)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a satisfied rule wants to do."""

    is_service: bool
    do: str
    engagement: str
    queue: str = ""
    fallback: str = ""


def may_consent(consent: int, *, is_service: bool) -> bool:
    """Whether a rule of this purpose may act at this level of consent."""
    return consent >= (ConsentLevel.FUNCTIONAL if is_service else ConsentLevel.PERSONALISATION)


def _lacks_consent(wish: Wish, facts: Facts) -> bool:
    return not may_consent(facts.consent, is_service=wish.is_service)


def _is_excluded(wish: Wish, facts: Facts) -> bool:
    """Whether nothing proactive ever appears here: payment pages, and the addresses that the shop excluded."""
    return facts.page.is_payment() or facts.path.startswith(facts.limits.excluded_paths)


def _is_too_early(wish: Wish, facts: Facts) -> bool:
    return facts.open_seconds < facts.limits.quiet_seconds


def _is_capped_in_visit(wish: Wish, facts: Facts) -> bool:
    return facts.history().offers_in_visit >= facts.limits.offers_per_visit


def _is_capped_in_week(wish: Wish, facts: Facts) -> bool:
    return facts.history().offers_in_week >= facts.limits.offers_per_week


def _was_dismissed(wish: Wish, facts: Facts) -> bool:
    dismissed_at = facts.history().dismissed_at
    return dismissed_at is not None and facts.now < dismissed_at + facts.limits.cooldown


def _is_busy(wish: Wish, facts: Facts) -> bool:
    return bool(facts.showing)


def _lacks_agent(wish: Wish, facts: Facts) -> bool:
    return ACTIONS.get(wish.do).needs_agent and facts.places(wish.queue) <= 0


def _lacks_engagement(wish: Wish, facts: Facts) -> bool:
    return facts.engagements.get(wish.engagement) != ACTIONS.get(wish.do).widget


GATES: tuple[tuple[Reason, Callable[[Wish, Facts], bool]], ...] = (
    (Reason.NO_CONSENT, _lacks_consent),
    (Reason.EXCLUDED_PAGE, _is_excluded),
    (Reason.TOO_EARLY, _is_too_early),
    (Reason.CAPPED_VISIT, _is_capped_in_visit),
    (Reason.CAPPED_WEEK, _is_capped_in_week),
    (Reason.DISMISSED, _was_dismissed),
    (Reason.BUSY_SURFACE, _is_busy),
    (Reason.NO_AGENT, _lacks_agent),
    (Reason.NO_ENGAGEMENT, _lacks_engagement),
)
"""Reason and question, in the order in which they are asked; a gate that answers yes refuses."""

PASSING = frozenset({Reason.NO_CONSENT, Reason.EXCLUDED_PAGE, Reason.BUSY_SURFACE, Reason.NO_AGENT, Reason.NO_ENGAGEMENT})
"""The refusals that may pass while the rule still holds: the moment waits. ``TOO_EARLY`` does not even begin it."""

_LASTING = frozenset({Reason.CAPPED_VISIT, Reason.CAPPED_WEEK, Reason.DISMISSED})


def refuse(wish: Wish, facts: Facts) -> Reason | None:
    """Return the reason of the first gate that refuses, or ``None`` when all let the wish pass."""
    return _first(GATES, wish, facts)


def refuse_again(wish: Wish, facts: Facts) -> Reason | None:
    """Return why a waiting wish still waits, without asking for its history; ``None``: ask :func:`refuse`."""
    return _first((gate for gate in GATES if gate[0] not in _LASTING), wish, facts)


def _first(gates: Iterable[tuple[Reason, Callable[[Wish, Facts], bool]]], wish: Wish, facts: Facts) -> Reason | None:
    return next((reason for reason, refuses in gates if refuses(wish, facts)), None)
