"""What the lift says of a rule on one day, counted on the spot: for tests of what must, or must not, change a report."""

from datetime import datetime

from django.utils import timezone

from oscar_engage.analytics.lift.cells import SATISFIED
from oscar_engage.analytics.lift.count import count_lift
from oscar_engage.analytics.lift.judge import Judged, by_rule, judge
from oscar_engage.analytics.rollups.days import make_day
from oscar_engage.rules.models import Rule


def figures(rule: Rule, at: datetime) -> Judged:
    """Return what is known of ``rule`` from those who were drawn on the day of ``at``, without ratings.

    What somebody said of a conversation goes with it; the day keeps it only once it is closed.
    """
    zone = timezone.get_default_timezone()
    day = make_day(at.astimezone(zone).date(), zone)
    cells = by_rule({key: values for key, values in count_lift(day, now=at) if key[3] != SATISFIED}).get(str(rule.pk), {})
    return judge(str(rule.pk), cells, cells, weeks=1)
