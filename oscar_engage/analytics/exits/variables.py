"""What can a rule read of it? How many pages at this stage, and how likely the shopper leaves on this one."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.exits.risk import find_risk, get_risks
from oscar_engage.analytics.exits.views import IDLE_KNOTS, cap_views
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.shipped.groups import VISIT
from oscar_engage.rules.turns import turns_at
from oscar_engage.rules.types import Integer, Number
from oscar_engage.rules.variables import variable


@variable("visit.stage_pages", type=Integer(), label=_("pages at this stage of the visit, 12 at most"), group=VISIT)
def visit_stage_pages(moment: Moment) -> Value:
    """Return how many pages were opened since the stage was first reached; 12 stands for more."""
    return cap_views(moment.state.stage_pages)


@variable("visit.exit_risk", type=Number(), label=_("risk of leaving on this page (0 to 1)"), group=VISIT)
def visit_exit_risk(moment: Moment) -> Value:
    """Return the share of shoppers that left where this one is: same stage, as many pages there, idle for as long.

    Learnt from this shop's visits; unknown as long as fewer than a hundred page views at the stage were counted.
    """
    state, asked_at = moment.state, moment.now - timedelta(seconds=moment.ahead)
    risk = find_risk(get_risks(asked_at), state.stage, pages=state.stage_pages, idle_seconds=moment.idle_seconds)
    return UNKNOWN if risk is None else risk.value


def _knots(moment: Moment, span: timedelta) -> Iterator[float]:
    waits = (knot - moment.idle_seconds for knot in IDLE_KNOTS)
    return (wait for wait in waits if 0 < wait <= span.total_seconds())


turns_at("visit.exit_risk", _knots)
