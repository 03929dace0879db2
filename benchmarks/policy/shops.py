"""What does a shop of the comparison say? One rule that invites to a chat, and no other table: the product's own objects."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.decisions.priority import BY_NUMBER
from oscar_engage.decisions.weigh import read_limits
from oscar_engage.rules.engine.ruleset import build_rule_set
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.load import LiveRule, LiveSet, Pool
from oscar_engage.rules.past.wanted import find_wanted
from oscar_engage.rules.variables import clock_names, costly_names
from oscar_engage.simulation.drive.shop import DayOfShop

RULE = 1
CHAT = "ask-us-now"

Conditions = Sequence[tuple[str, str, Any]]
"""Variable, operator, value; all of them."""


def make_day(conditions: Conditions, *, salt: str = "") -> DayOfShop:
    """Return a shop that invites to a chat where ``conditions`` hold; nobody is held out but by ``DayOfShop.holdout``.

    ``salt``: of its draws; empty: that of the settings.
    """
    when = [{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]
    raw = {
        "schema": 1,
        "branches": [
            {
                "when": {"combinator": "and", "rules": when},
                "then": [{"do": "invite.chat", "with": {"engagement": CHAT}}],
            }
        ],
    }
    rule = LiveRule(
        rule_id=RULE,
        version_id=RULE,
        priority=0,
        purpose="sales",
        holdout_share=0.0,
        document=parse_document(raw),
        starts_at=None,
        ends_at=None,
        is_service=False,
        goal_value=Decimal(0),
    )
    settings = get_settings()
    settings = replace(settings, shop_holdout=0.0, salt=salt or settings.salt)
    return DayOfShop(_live(rule), settings, read_limits(settings), {CHAT: "invitation"}, BY_NUMBER, holdout=0.0)


def _live(rule: LiveRule) -> LiveSet:
    pool = Pool((rule,), {RULE: 0}, build_rule_set([rule.document], clocks=clock_names(), costly=costly_names()))
    none = Pool((), {}, build_rule_set([], clocks=clock_names(), costly=costly_names()))
    wanted = find_wanted({condition.field for condition in rule.document.conditions()})
    return LiveSet((), pool, none, (), wanted)
