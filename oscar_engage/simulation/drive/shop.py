"""What does the shop say on a simulated day? Its live rules, settings and engagements, read once before the day begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.decisions.gates import Limits
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.decisions.priority import Formula
from oscar_engage.decisions.weigh import read_limits
from oscar_engage.learning.leads.bars import NOTHING_MEASURED
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.learning.leads.live import read_bars
from oscar_engage.learning.registry.live import NOBODY, Models, read_models
from oscar_engage.learning.registry.models import ModelState
from oscar_engage.rules.load import LiveRule, LiveSet, load_live_set, read_rows
from oscar_engage.widgets.live import active_engagements, forget_engagements


@dataclass(frozen=True, slots=True)
class DayOfShop:
    """What holds all day. ``engagements``: the active ones, slug to kind of widget; ``models``: those that speak."""

    live: LiveSet
    settings: EngageSettings
    limits: Limits
    engagements: Mapping[str, str]
    formula: Formula
    models: Models = field(default_factory=lambda: NOBODY)
    bars: Bars = NOTHING_MEASURED
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
    models = read_models(ModelState.LIVE) if settings.has("learning") else NOBODY
    rules, limits, formula = load_live_set(read_rows()), read_limits(settings), read_formula()
    return DayOfShop(rules, settings, limits, engagements, formula, models, read_bars(now), holdout)
