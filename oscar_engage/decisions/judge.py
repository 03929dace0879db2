"""Which satisfied rules are new, which of them wait, and which may act? The pure middle of a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from oscar_engage.decisions.edge import Held, join, place_of
from oscar_engage.decisions.gates import (
    PASSING,
    Facts,
    ShopAnswers,
    Wish,
    find_advice,
    refuse,
    refuse_again,
    stands_in_line,
    yields,
)
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.actions import ACTIONS, action_of
from oscar_engage.rules.engine.tree import Action
from oscar_engage.rules.live import LiveRule


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds now, and what its branch does.

    ``instead_of`` is what the branch really asks for, where that may not be offered and ``action`` takes its place.
    """

    rule: LiveRule
    branch: int
    action: Action
    instead_of: Action | None = None

    @property
    def held(self) -> Held:
        """What the visit remembers of it."""
        return Held(self.rule.version_id, self.branch)

    @property
    def place(self) -> int:
        """The same as the whole number that it is kept as."""
        return place_of(self.rule.version_id, self.branch)

    @property
    def wish(self) -> Wish:
        """What the gates are asked."""
        rule, action = self.rule, self.action
        return Wish(rule.is_service, action.do, action.engagement, action.queue, action.fallback, rule.rule_id, rule.caps)

    @property
    def asked(self) -> "Match":
        """The match with what the branch asks for, whatever takes its place."""
        return self if self.instead_of is None else replace(self, action=self.instead_of, instead_of=None)


class Fate(Enum):
    """What becomes of a match: it is over, it waits for a gate to open, or its moment has not even begun."""

    SETTLED = "settled"
    WAITING = "waiting"
    UNBEGUN = "unbegun"


_SETTLED, _WAITING, _UNBEGUN = Fate.SETTLED, Fate.WAITING, Fate.UNBEGUN  # Python 3.11 looks a member up slowly


class Verdict(NamedTuple):
    """What the gates say of a match; ``reason`` is ``None`` when all let it pass, ``is_new`` asks for a row.

    A tuple, for a decision makes one for each rule that holds, and a tuple is made four times as fast as a frozen dataclass.

    ``was_waiting``: there is a row already that says why it could not be offered. ``because``: of a fallback, why it is one.
    """

    match: Match
    reason: Reason | None
    fate: Fate
    is_new: bool
    was_waiting: bool = False
    because: Reason | None = None


def find_match(rule: LiveRule, branch: int) -> Iterable[Match]:
    """Yield the match of a rule that takes ``branch``; a branch that does nothing is none."""
    return (Match(rule, branch, action) for action in rule.document.actions(branch)[:1])


_INSTEAD = frozenset({Reason.NO_AGENT, Reason.ADVISED_AGAINST, Reason.OUTRANKED, Reason.IN_LINE})
"""The refusals of an invitation after which its fallback may be offered: each is about the agent's time, or may be."""


def judge(match: Match, facts: Facts, *, is_waiting: bool, shop: ShopAnswers | None = None) -> Verdict:
    """Ask the gates; a waiting match is new again only once nothing passing keeps it back.

    ``shop`` is what the gates of the shop say, where several matches are judged.
    """
    wish = match.wish
    still = refuse_again(wish, facts, shop) if is_waiting else None
    if still is not None and not (still in _INSTEAD and _offerable(match, facts)):
        return Verdict(match, still, Fate.WAITING, is_new=False)
    reason = refuse(wish, facts, shop)
    if reason is None:
        return Verdict(match, None, _SETTLED, True)  # by name takes twice as long, for each rule that holds
    instead = _fallback(match, facts) if reason in _INSTEAD else None
    if instead is not None and not _is_advised_against(instead, facts):
        return Verdict(instead, None, Fate.SETTLED, is_new=True, was_waiting=is_waiting, because=reason)
    if instead is not None:
        reason = Reason.ADVISED_AGAINST  # who had better not be disturbed is not disturbed by a fallback either
    if reason == Reason.TOO_EARLY or (reason == Reason.CAPPED_DAY and facts.day_spent(wish.rule_id) is None):
        return Verdict(match, reason, Fate.UNBEGUN, is_new=False)
    return Verdict(match, reason, Fate.WAITING if reason in PASSING else Fate.SETTLED, True)


def _offerable(match: Match, facts: Facts) -> bool:
    """Whether there is a fallback, and nothing against it."""
    instead = _fallback(match, facts)
    return instead is not None and not _is_advised_against(instead, facts)


def _is_advised_against(match: Match, facts: Facts) -> bool:
    return find_advice(match.wish, facts) is not None and not facts.explores(match.rule.rule_id)


def _fallback(match: Match, facts: Facts) -> Match | None:
    """Return what to offer when nobody is free: what the branch names for that, if it can be shown now."""
    slug = match.action.fallback
    do = action_of(facts.engagements.get(slug)) if slug else ""
    if not do or (ACTIONS.get(do).needs_calls and not facts.has_calls()):
        return None
    return replace(match, action=Action(do, slug), instead_of=match.action)


_FOR_AGENT = frozenset({Reason.NO_AGENT, Reason.OUTRANKED, Reason.IN_LINE})
"""The refusals with which somebody waits for an agent."""


def find_wanting(verdicts: Iterable[Verdict], facts: Facts) -> dict[str, tuple[bool, list[int]]]:
    """Return for what the shopper waits in line: by queue, whether they yield there, and the moments that wait for it."""
    found: dict[str, tuple[bool, list[int]]] = {}
    for verdict in verdicts:
        wish = verdict.match.wish
        if verdict.fate is _WAITING and verdict.reason in _FOR_AGENT and stands_in_line(wish, facts):
            others_yield, places = found.get(wish.queue, (True, []))
            found[wish.queue] = (others_yield and yields(wish, facts), [*places, verdict.match.place])
    return found


def remember(places: Iterable[int], verdicts: Sequence[Verdict]) -> tuple[int, ...]:
    """Return what to remember of ``places``: the moments that are settled and still hold, and those that wait."""
    waiting = {verdict.match.place for verdict in verdicts if verdict.fate is _WAITING}
    unbegun = {verdict.match.place for verdict in verdicts if verdict.fate is _UNBEGUN}
    return join({*places} - waiting - unbegun, waiting)
