"""What is the same for every visit of a dry run? The draft among the live rules, and the shop's settings of today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from oscar_engage.conf import EngageSettings
from oscar_engage.decisions.caps import reach_of
from oscar_engage.decisions.gates import Limits
from oscar_engage.decisions.past.clocks import Steps, read_steps
from oscar_engage.decisions.past.moment import fields_of
from oscar_engage.decisions.priority import BY_NUMBER, Formula
from oscar_engage.decisions.weigh import read_limits
from oscar_engage.rules.engine.tree import Condition, Document
from oscar_engage.rules.engine.wake import WakePlan, plan_wake
from oscar_engage.rules.live import LiveRule
from oscar_engage.rules.models import Rule, RulePurpose
from oscar_engage.rules.past.wanted import Wanted, find_wanted
from oscar_engage.rules.recall import rests_on_models
from oscar_engage.rules.turns import turning_conditions
from oscar_engage.rules.validate import is_service_document
from oscar_engage.rules.variables import clock_names

DRAFT: Final = 2**63
"""The number by which the version under trial is known in memory: past all that a stored version can have, and not zero, whose
moments could not be told settled from waiting (``decisions.edge``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Everything constant.

    ``rules`` are in the order of their priority numbers, the draft among them; by version, ``fields`` are the variables that
    each of them reads, ``plans`` how it is judged, ``turning`` the conditions that the clock on the wall may change. ``wanted``
    is what of earlier visits they ask about, all of them together.
    """

    draft: LiveRule
    rules: tuple[LiveRule, ...]
    engagements: Mapping[str, str]
    limits: Limits
    steps: Steps
    salt: str
    shop_share: float
    formula: Formula
    fields: Mapping[int, frozenset[str]]
    plans: Mapping[int, WakePlan]
    turning: Mapping[int, tuple[Condition, ...]]
    wanted: Wanted

    @property
    def reach(self) -> timedelta:
        """How far back the rules' own caps look."""
        return reach_of(rule.caps for rule in self.rules)

    @property
    def asks_models(self) -> bool:
        """Whether some rule asks what models foretold."""
        return any(map(rests_on_models, frozenset[str]().union(*self.fields.values())))


def build_setting(
    draft: LiveRule,
    *,
    live: Iterable[LiveRule],
    engagements: Mapping[str, str],
    settings: EngageSettings,
    formula: Formula = BY_NUMBER,
) -> Setting:
    """Return the setting of a dry run: ``draft`` takes the place of what is live of the same rule."""
    others = [rule for rule in live if rule.rule_id != draft.rule_id]
    rules = tuple(sorted([*others, draft], key=lambda rule: (rule.priority, rule.rule_id)))
    fields = {rule.version_id: fields_of(rule.document) for rule in rules}
    return Setting(
        draft=draft,
        rules=rules,
        engagements=engagements,
        limits=read_limits(settings),
        steps=read_steps(settings),
        salt=settings.salt,
        shop_share=settings.shop_holdout,
        formula=formula,
        fields=fields,
        plans={rule.version_id: plan_wake(rule.document, clocks=clock_names()) for rule in rules},
        turning={rule.version_id: turning_conditions(rule.document) for rule in rules},
        wanted=find_wanted(frozenset[str]().union(*fields.values())),
    )


def as_if_live(rule: Rule, document: Document, *, version_id: int = DRAFT) -> LiveRule:
    """Return ``rule`` saying ``document``, as if it were live at all times: what is tried is what it says, not its period."""
    return LiveRule(
        rule_id=rule.pk,
        version_id=version_id,
        priority=rule.priority,
        purpose=rule.purpose,
        holdout_share=rule.holdout_share,
        document=document,
        starts_at=None,
        ends_at=None,
        is_service=rule.purpose == RulePurpose.SERVICE and is_service_document(document),
        caps=rule.caps,
        goal=rule.goal,
        goal_value=rule.goal_value,
    )
