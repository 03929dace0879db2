"""Which rules hold for this visit, and why? Every live rule, judged condition by condition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.visits.values import say_value
from oscar_engage.decisions.edge import Held, unpack
from oscar_engage.rules.engine.explain import Explanation, LeafExplanation, explain
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.tree import Condition
from oscar_engage.rules.engine.walk import Read
from oscar_engage.rules.live import LiveRule, live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.sentence import say_condition
from oscar_engage.rules.variables import get_variable
from oscar_engage.visitors.consent import ConsentLevel


class Standing(Enum):
    """How a rule stands now: the word for a style sheet, and the one for people."""

    HOLDS = "holds", _("holds")
    UNKNOWN = "unknown", _("unknown")
    FAILS = "fails", _("does not hold")
    UNJUDGED = "unjudged", _("not judged: the consent does not go so far")

    @property
    def label(self) -> Any:
        """What people read."""
        return self.value[1]

    @property
    def style(self) -> str:
        """What the style sheet reads."""
        return self.value[0]


_TRUTHS: dict[Truth, Standing] = {True: Standing.HOLDS, False: Standing.FAILS, None: Standing.UNKNOWN}
_ORDER = tuple(Standing)


@dataclass(frozen=True, slots=True)
class ConditionNow:
    """One condition in words, what was found, and how it stands."""

    words: str
    found: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNow:
    """One live rule. ``progress`` says what became of the moment at which it became true, if it holds."""

    pk: int
    name: str
    standing: Standing
    progress: Any
    conditions: Sequence[ConditionNow]


def read_rules_now(moment: Moment, read: Read, *, now: datetime) -> Sequence[RuleNow]:
    """Return the live rules, those that hold first and then by priority, with at most three queries."""
    rules = live_rules(now)
    names = dict(Rule.objects.filter(pk__in=[rule.rule_id for rule in rules]).values_list("pk", "name")) if rules else {}
    found = [_judge(rule, names.get(rule.rule_id, ""), moment, read) for rule in rules]
    return sorted(found, key=lambda rule: _ORDER.index(rule.standing))


def _judge(rule: LiveRule, name: str, moment: Moment, read: Read) -> RuleNow:
    if moment.consent < ConsentLevel.STATISTICS and not rule.is_service:
        return RuleNow(pk=rule.rule_id, name=name, standing=Standing.UNJUDGED, progress="", conditions=())
    account = explain(rule.document, read)
    return RuleNow(
        pk=rule.rule_id,
        name=name,
        standing=_standing(account),
        progress=_progress(rule, account, moment),
        conditions=[_condition(leaf) for leaf in account.leaves],
    )


def _standing(account: Explanation) -> Standing:
    if account.branch is not None:
        return Standing.HOLDS
    if account.scope is False:
        return Standing.FAILS
    return Standing.UNKNOWN if None in (account.scope, *account.branches) else Standing.FAILS


def _progress(rule: LiveRule, account: Explanation, moment: Moment) -> Any:
    if account.branch is None:
        return ""
    settled, waiting = unpack(moment.state.holding)
    held = Held(rule.version_id, account.branch)
    if held in settled:
        return _("decided already: see below")
    return _("waits: what keeps it back may pass") if held in waiting else _("will be decided with the next beat")


def _condition(leaf: LeafExplanation) -> ConditionNow:
    condition = Condition(leaf.field, leaf.operator, leaf.expected)
    found = say_value(get_variable(leaf.field), leaf.actual)
    return ConditionNow(say_condition(condition), found, _TRUTHS[leaf.result])
