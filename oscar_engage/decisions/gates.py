"""May this rule act now? The gates that come before the hold-out, in their order; each is a pure question.

The consent gate follows the table of consent: below ``FUNCTIONAL`` nothing is judged at all; at ``FUNCTIONAL`` and
``STATISTICS`` a service rule passes; a sales rule needs ``PERSONALISATION``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias
from uuid import UUID

from oscar_engage.core.quiet import Quiet
from oscar_engage.decisions.advice import Advice
from oscar_engage.decisions.caps import Spent, is_paused, is_spent
from oscar_engage.decisions.line.order import Asked
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.actions import ACTIONS, ActionKind
from oscar_engage.rules.caps import NO_CAPS, Caps
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
    quiet_hours: Quiet = ()


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

    has_feature: Callable[[str], bool] = lambda _name: True
    """Whether the shop has switched on what an action is about."""

    has_calls: Callable[[], bool] = lambda: True
    """Whether a call can be asked for on this page; costs queries, and only where one is to be offered."""

    may_ask: Callable[[str], bool] = lambda _survey: True
    """Whether the survey of this short name may be asked now; costs a query or more, and only where one is to be asked."""

    is_quiet: bool = False
    """Whether these are the shop's quiet hours."""

    visit_id: UUID | None = None
    spent: Callable[[], Mapping[int, Sequence[Spent]]] = dict
    """What the shopper met of the rules that have caps of their own, by rule; costs a query, asked only for such a rule."""

    day_spent: Callable[[int], int | None] = lambda _rule_id: 0
    """How many moments this rule had today with all shoppers; costs queries and a lock, asked only where that is capped.

    ``None``: another beat counts it right now, and this moment has not begun yet.
    """

    advice: Callable[[str], Advice | None] = lambda _action: None
    """What the model of uplift says of an action, if one speaks; without a query, and asked only where all else is open."""

    explores: Callable[[int], bool] = lambda _rule_id: False
    """Whether this shopper is one on whom this rule goes on whatever the model says, so that it goes on learning."""

    is_reserved: Callable[[], bool] = lambda: False
    """Whether an agent's place is kept for this shopper whatever others would gain; may cost queries."""

    ahead: Callable[[str, bool], tuple[Asked, ...]] = lambda _queue, _yields: ()
    """What those want who come before this shopper in the line for that queue; the shopper ``yields`` as in ``line.order``."""

    places_behind: Callable[[str, tuple[Asked, ...]], int] = lambda _queue, _ahead: 1
    """How many more may be invited once those ahead are; costs queries, and asked only where there are any."""


class Wish(NamedTuple):
    """What a satisfied rule wants to do. A tuple, as ``judge.Verdict`` is one: there is one for each rule that holds."""

    is_service: bool
    do: str
    engagement: str
    queue: str = ""
    fallback: str = ""
    rule_id: int = 0
    caps: Caps = NO_CAPS


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


def _is_quiet(wish: Wish, facts: Facts) -> bool:
    """Whether the shop makes no offers at this hour; who cannot go on is helped at night, too."""
    return facts.is_quiet and not wish.is_service


def _is_capped_in_visit(wish: Wish, facts: Facts) -> bool:
    return facts.history().offers_in_visit >= facts.limits.offers_per_visit


def _is_capped_in_week(wish: Wish, facts: Facts) -> bool:
    return facts.history().offers_in_week >= facts.limits.offers_per_week


def _was_dismissed(wish: Wish, facts: Facts) -> bool:
    dismissed_at = facts.history().dismissed_at
    return dismissed_at is not None and facts.now < dismissed_at + facts.limits.cooldown


def _is_capped_by_rule(wish: Wish, facts: Facts) -> bool:
    caps = wish.caps
    if caps.offers is None and caps.visit is None:
        return False
    return is_spent(caps, facts.spent().get(wish.rule_id, ()), visit_id=facts.visit_id, now=facts.now)


def _was_dismissed_of_rule(wish: Wish, facts: Facts) -> bool:
    caps = wish.caps
    if caps.pause_days is None:
        return False
    return is_paused(caps, facts.spent().get(wish.rule_id, ()), now=facts.now)


def _is_capped_in_day(wish: Wish, facts: Facts) -> bool:
    if wish.caps.day is None:
        return False
    spent = facts.day_spent(wish.rule_id)
    return spent is None or spent >= wish.caps.day


def _was_asked(wish: Wish, facts: Facts) -> bool:
    return ACTIONS.get(wish.do).widget == "survey" and not facts.may_ask(wish.engagement)


def _is_busy(wish: Wish, facts: Facts) -> bool:
    return bool(facts.showing)


def _lacks_agent(wish: Wish, facts: Facts) -> bool:
    kind = ACTIONS.get(wish.do)
    if kind.feature and not facts.has_feature(kind.feature):
        return True
    return (kind.needs_agent and facts.places(wish.queue) <= 0) or (kind.needs_calls and not facts.has_calls())


def _lacks_engagement(wish: Wish, facts: Facts) -> bool:
    return facts.engagements.get(wish.engagement) != ACTIONS.get(wish.do).widget


def find_advice(wish: Wish, facts: Facts) -> Reason | None:
    """Return what the model has against ``wish``, whether that is heeded or not; ``None``: nothing, or no model speaks.

    Who cannot go on is helped whatever a model says, and of who did not agree to personalisation nothing is foretold.
    """
    if _does_harm(wish, facts):
        return Reason.ADVISED_AGAINST
    return Reason.OUTRANKED if _is_worth_more_elsewhere(wish, facts) else None


def _advice(wish: Wish, facts: Facts) -> Advice | None:
    return None if wish.is_service or facts.consent < ConsentLevel.PERSONALISATION else facts.advice(wish.do)


def _does_harm(wish: Wish, facts: Facts) -> bool:
    advice = _advice(wish, facts)
    return advice is not None and advice.is_against(needs_agent=ACTIONS.get(wish.do).needs_agent)


def _is_worth_more_elsewhere(wish: Wish, facts: Facts) -> bool:
    advice = _advice(wish, facts)
    if advice is None or not advice.is_outranked or not ACTIONS.get(wish.do).needs_agent:
        return False
    return facts.places(wish.queue) <= LAST_PLACES and not facts.is_reserved()


def _is_advised_against(wish: Wish, facts: Facts) -> bool:
    advice = _advice(wish, facts)
    if advice is None:
        return False  # without a model, this is all that is asked of each rule that holds
    return advice.is_against(needs_agent=ACTIONS.get(wish.do).needs_agent) and not facts.explores(wish.rule_id)


def _is_outranked(wish: Wish, facts: Facts) -> bool:
    """Whether the last place is kept for others; asked after :func:`_is_advised_against`, so harm is not looked at again."""
    return _is_worth_more_elsewhere(wish, facts) and not facts.explores(wish.rule_id)


def yields(wish: Wish, facts: Facts) -> bool:
    """Whether this shopper stands behind all who are not outranked, however long they have waited."""
    advice = _advice(wish, facts)
    is_outranked = advice is not None and advice.is_outranked and not facts.is_reserved()
    return is_outranked and not facts.explores(wish.rule_id)


def stands_in_line(wish: Wish, facts: Facts) -> bool:
    """Whether a place is to be kept in line for who waits: not where a model is against helping."""
    return ACTIONS.get(wish.do).needs_agent and not _is_advised_against(wish, facts)


def _comes_later(wish: Wish, facts: Facts) -> bool:
    """Whether those who come before take all the places that there are."""
    ahead = facts.ahead(wish.queue, yields(wish, facts))
    return bool(ahead) and facts.places_behind(wish.queue, ahead) <= 0


LAST_PLACES = 1
"""Free places with agents up to which one is kept for who is likelier to be helped. With more, nobody is outranked: a day that
was busy on the whole has quiet hours, and a place that stands empty helps nobody. A predictive dialer never tells of more."""

Gate: TypeAlias = Callable[[Wish, Facts], bool]
Gates: TypeAlias = tuple[tuple[Reason, Gate], ...]

SHOP_GATES: Gates = (
    (Reason.NO_CONSENT, _lacks_consent),
    (Reason.EXCLUDED_PAGE, _is_excluded),
    (Reason.TOO_EARLY, _is_too_early),
    (Reason.QUIET_HOURS, _is_quiet),
    (Reason.CAPPED_VISIT, _is_capped_in_visit),
    (Reason.CAPPED_WEEK, _is_capped_in_week),
    (Reason.DISMISSED, _was_dismissed),
)
"""Gates that ask nothing of a rule but its purpose: their answer is the same for all rules of a moment."""

RULE_GATES: Gates = (
    (Reason.CAPPED_RULE, _is_capped_by_rule),
    (Reason.DISMISSED_RULE, _was_dismissed_of_rule),
    (Reason.ASKED, _was_asked),
    (Reason.BUSY_SURFACE, _is_busy),
    (Reason.CAPPED_DAY, _is_capped_in_day),
    (Reason.NO_AGENT, _lacks_agent),
    (Reason.NO_ENGAGEMENT, _lacks_engagement),
    (Reason.ADVISED_AGAINST, _is_advised_against),
    (Reason.OUTRANKED, _is_outranked),
    (Reason.IN_LINE, _comes_later),
)

GATES: Gates = (*SHOP_GATES, *RULE_GATES)
"""Reason and question, in the order in which they are asked; a gate that answers yes refuses."""

PASSING = frozenset(
    {
        Reason.NO_CONSENT,
        Reason.EXCLUDED_PAGE,
        Reason.QUIET_HOURS,
        Reason.BUSY_SURFACE,
        Reason.NO_AGENT,
        Reason.NO_ENGAGEMENT,
        Reason.ADVISED_AGAINST,
        Reason.OUTRANKED,
        Reason.IN_LINE,
    }
)
"""The refusals that may pass while the rule still holds: the moment waits. ``TOO_EARLY`` does not even begin it."""

_LASTING = frozenset(
    {
        *(Reason.CAPPED_VISIT, Reason.CAPPED_WEEK, Reason.DISMISSED),
        *(Reason.CAPPED_RULE, Reason.DISMISSED_RULE, Reason.ASKED, Reason.CAPPED_DAY),
    }
)


def _without_history(gates: Gates) -> Gates:
    return tuple(gate for gate in gates if gate[0] not in _LASTING)


_OF_CAPS = frozenset({Reason.CAPPED_RULE, Reason.DISMISSED_RULE, Reason.CAPPED_DAY})
_SHOP_AGAIN = _without_history(SHOP_GATES)

_CONCERNS: Mapping[Reason, Callable[[ActionKind], bool]] = {
    Reason.ASKED: lambda kind: kind.widget == "survey",
    Reason.NO_AGENT: lambda kind: kind.needs_agent or kind.needs_calls,
    Reason.OUTRANKED: lambda kind: kind.needs_agent,
    Reason.IN_LINE: lambda kind: kind.needs_agent,
}
"""Gates that only some actions can be refused by; of all others they are not asked."""


def gates_of(kind: ActionKind, *, has_caps: bool) -> Gates:
    """Return those of :data:`RULE_GATES` that can refuse an action of this kind, in their order."""
    return tuple(
        (reason, refuses)
        for reason, refuses in RULE_GATES
        if (has_caps or reason not in _OF_CAPS) and (reason not in _CONCERNS or _CONCERNS[reason](kind))
    )


class ShopAnswers:
    """What the gates of the whole shop say at one moment, asked once for each purpose and not once for each rule.

    And which gates are to be asked of each kind of action, found once for all rules that do the same.
    """

    __slots__ = ("_again", "_again_of_rules", "_facts", "_found", "_of_rules")

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._found: dict[bool, Reason | None] = {}
        self._again: dict[bool, Reason | None] = {}
        self._of_rules: dict[tuple[str, bool], Gates] = {}
        self._again_of_rules: dict[tuple[str, bool], Gates] = {}

    def gates_of(self, wish: Wish) -> Gates:
        """Return the gates that can refuse this wish for what its rule asks."""
        has_caps = wish.caps is not NO_CAPS
        gates = self._of_rules.get((wish.do, has_caps))
        if gates is None:
            gates = self._of_rules[wish.do, has_caps] = gates_of(ACTIONS.get(wish.do), has_caps=has_caps)
        return gates

    def gates_again_of(self, wish: Wish) -> Gates:
        """Return those of them that ask for no history: what a wish that waits may go on waiting for."""
        of = wish.do, wish.caps is not NO_CAPS
        gates = self._again_of_rules.get(of)
        if gates is None:
            gates = self._again_of_rules[of] = _without_history(self.gates_of(wish))
        return gates

    def refuse(self, wish: Wish) -> Reason | None:
        """Return the reason of the first that refuses rules of this purpose."""
        try:
            return self._found[wish.is_service]
        except KeyError:
            return self._found.setdefault(wish.is_service, _first(SHOP_GATES, wish, self._facts))

    def refuse_again(self, wish: Wish) -> Reason | None:
        """Do the same without those that ask for the history."""
        if wish.is_service not in self._again:
            self._again[wish.is_service] = _first(_SHOP_AGAIN, wish, self._facts)
        return self._again[wish.is_service]


def refuse(wish: Wish, facts: Facts, shop: ShopAnswers | None = None) -> Reason | None:
    """Return the reason of the first gate that refuses, or ``None`` when all let the wish pass.

    ``shop`` remembers what the gates of the shop say of these ``facts``, where several wishes are asked about.
    """
    shop = shop or ShopAnswers(facts)
    return shop.refuse(wish) or _first(shop.gates_of(wish), wish, facts)


def refuse_again(wish: Wish, facts: Facts, shop: ShopAnswers | None = None) -> Reason | None:
    """Return why a waiting wish still waits, without asking for its history; ``None``: ask :func:`refuse`."""
    shop = shop or ShopAnswers(facts)
    return shop.refuse_again(wish) or _first(shop.gates_again_of(wish), wish, facts)


def _first(gates: Iterable[tuple[Reason, Gate]], wish: Wish, facts: Facts) -> Reason | None:
    for reason, refuses in gates:
        if refuses(wish, facts):
            return reason
    return None
