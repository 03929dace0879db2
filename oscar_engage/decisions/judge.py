"""Which satisfied rules are new, which of them wait, and which may act? The pure middle of a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from oscar_engage.decisions.edge import Held, pack
from oscar_engage.decisions.gates import PASSING, Facts, Wish, refuse, refuse_again
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.engine.tree import Action
from oscar_engage.rules.live import LiveRule


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds now, and what its branch does."""

    rule: LiveRule
    branch: int
    action: Action

    @property
    def held(self) -> Held:
        """What the visit remembers of it."""
        return Held(self.rule.version_id, self.branch)

    @property
    def wish(self) -> Wish:
        """What the gates are asked."""
        return Wish(is_service=self.rule.is_service, do=self.action.do, engagement=self.action.engagement)


class Fate(Enum):
    """What becomes of a match: it is over, it waits for a gate to open, or its moment has not even begun."""

    SETTLED = "settled"
    WAITING = "waiting"
    UNBEGUN = "unbegun"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gates say of a match; ``reason`` is ``None`` when all let it pass, ``is_new`` asks for a row."""

    match: Match
    reason: Reason | None
    fate: Fate
    is_new: bool


def find_match(rule: LiveRule, branch: int) -> Iterable[Match]:
    """Yield the match of a rule that takes ``branch``; a branch that does nothing is none."""
    return (Match(rule, branch, action) for action in rule.document.actions(branch)[:1])


def judge(match: Match, facts: Facts, *, is_waiting: bool) -> Verdict:
    """Ask the gates; a waiting match is new again only once nothing passing keeps it back."""
    still = refuse_again(match.wish, facts) if is_waiting else None
    if still is not None:
        return Verdict(match, still, Fate.WAITING, is_new=False)
    reason = refuse(match.wish, facts)
    if reason == Reason.TOO_EARLY:
        return Verdict(match, reason, Fate.UNBEGUN, is_new=False)
    return Verdict(match, reason, Fate.WAITING if reason in PASSING else Fate.SETTLED, is_new=True)


def remember(matches: Iterable[Match], verdicts: Sequence[Verdict]) -> tuple[int, ...]:
    """Return what to remember: the settled moments that still hold, those settled now, and those that wait."""
    waiting = {verdict.match.held for verdict in verdicts if verdict.fate is Fate.WAITING}
    unbegun = {verdict.match.held for verdict in verdicts if verdict.fate is Fate.UNBEGUN}
    return pack({match.held for match in matches} - waiting - unbegun, waiting)
