"""What does the shop say on a simulated day? Its live rules, settings and engagements, read once before the day begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.decisions.gates import Limits
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.decisions.priority import Formula
from oscar_engage.decisions.weigh import read_limits
from oscar_engage.rules.load import LiveRule, LiveSet, load_live_set, read_rows
from oscar_engage.widgets.live import active_engagements, forget_engagements


@dataclass(frozen=True, slots=True)
class DayOfShop:
    """What holds all day. ``engagements``: the active ones, slug to kind of widget."""

    live: LiveSet
    settings: EngageSettings
    limits: Limits
    engagements: Mapping[str, str]
    formula: Formula
    holdout: float | None = None
    """The share that every rule holds out, in the place of its own; ``None``: its own."""

    def share_of(self, rule: LiveRule) -> float:
        """Return the share that ``rule`` holds out."""
        return rule.holdout_share if self.holdout is None else self.holdout


def read_day(now: datetime, *, holdout: float | None = None) -> DayOfShop:
    """Return what the database says at ``now``; for ``holdout`` see :class:`DayOfShop`."""
    forget_engagements()
    settings = get_settings()
    engagements = {slug: one.widget for slug, one in active_engagements(now=now).items()}
    return DayOfShop(load_live_set(read_rows()), settings, read_limits(settings), engagements, read_formula(), holdout)
