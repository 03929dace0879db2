"""What do the replayed visits come to? Counts that add up, chunk by chunk, and travel as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oscar_engage.decisions.dry_run.replay import AGENT_UNKNOWN, UNSURE, Replayed
from oscar_engage.decisions.models import Reason

_OFFERED = (Reason.OFFERED.value, AGENT_UNKNOWN)


@dataclass(slots=True)
class Tally:
    """Visits, unless it says moments.

    ``visits`` were replayed; ``partial`` were not, for their log is not whole. ``in_scope``, ``matched`` (its conditions held),
    ``eligible`` (it had a moment of its own) and ``offered`` lie within each other. ``unsure``: what became of the draft, or
    whether it matched, cannot be said; ``unsaid`` names for how many of them what was missing. ``moments`` and ``ended`` count
    moments and visits by outcome, ``lost_to`` moments by the rule that won. ``reached``, ``held`` and ``alone`` are of each
    step of the conditions, ``"branch.step"``: it and all before it held at once, it held at some time, it was all that was
    missing.
    """

    visits: int = 0
    partial: int = 0
    in_scope: int = 0
    matched: int = 0
    eligible: int = 0
    offered: int = 0
    unsure: int = 0
    unsaid: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    lost_to: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)

    def add(self, replayed: Iterable[Replayed]) -> None:
        """Count these visits."""
        for visit in replayed:
            self._add(visit)

    def _add(self, visit: Replayed) -> None:
        outcomes = [outcome.what for outcome in visit.outcomes]
        self.visits += 1
        self.in_scope += visit.progress.is_in_scope
        self.matched += visit.has_matched
        self.eligible += any(what != Reason.TOO_EARLY.value for what in outcomes)
        self.offered += any(what in _OFFERED for what in outcomes)
        if UNSURE in outcomes or (visit.unsaid and not visit.has_matched):
            self.unsure += 1
            self.unsaid.update(visit.unsaid)
        self.moments.update(outcomes)
        self.ended.update(set(outcomes))
        self.lost_to.update(str(outcome.lost_to) for outcome in visit.outcomes if outcome.lost_to is not None)
        self._add_steps(visit)

    def _add_steps(self, visit: Replayed) -> None:
        progress = visit.progress
        self.reached.update(f"{branch}.{step}" for branch, depth in progress.depth.items() for step in range(depth))
        self.held.update(f"{branch}.{step}" for branch, step in progress.held)
        if not visit.has_matched:
            self.alone.update(f"{branch}.{step}" for branch, step in progress.alone)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain JSON."""
        return {
            **{"visits": self.visits, "partial": self.partial, "in_scope": self.in_scope, "matched": self.matched},
            **{"eligible": self.eligible, "offered": self.offered, "unsure": self.unsure},
            **{"unsaid": dict(self.unsaid), "moments": dict(self.moments), "ended": dict(self.ended)},
            **{"lost_to": dict(self.lost_to), "reached": dict(self.reached), "held": dict(self.held)},
            "alone": dict(self.alone),
        }


def from_json(raw: Mapping[str, Any]) -> Tally:
    """Return the counts in ``raw``, as :meth:`Tally.to_json` wrote them; ``{}`` is nothing counted yet."""
    values: dict[str, Any] = {name: Counter(value) if isinstance(value, dict) else value for name, value in raw.items()}
    return Tally(**values)
