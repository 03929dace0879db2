"""How many contacts had the shop a day, before we were there and since? The imported volumes and our own counts together."""

from datetime import date, timedelta

from oscar_engage.analytics.deflection.contacts import CONTACTS
from oscar_engage.analytics.deflection.read import to_agent_by_channel
from oscar_engage.analytics.deflection.trend import MOST_DAYS, Trend, compare_sides
from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.analytics.volumes.store import read_volumes


def first_day() -> date | None:
    """Return the day of the first contact that was counted here; ``None``: there was none yet. One query."""
    counted = RollupDay.objects.filter(rollup=CONTACTS.name).exclude(cells=[]).order_by("day")
    return counted.values_list("day", flat=True).first()


def read_trend(*, began: date, until: date) -> Trend | None:
    """Return the days before ``began`` beside those from it up to ``until`` (left out); two queries.

    A day's contacts are those that somebody had to answer here, and those that were imported of it: a contact centre that goes
    on beside us is counted on if its volumes are imported on. ``None``: nothing was imported of before.
    """
    most = timedelta(days=MOST_DAYS)
    volumes = read_volumes(began - most, until)
    if min(volumes, default=began) >= began:
        return None
    counts = read_counts(CONTACTS.name, since=began, until=min(until, began + most))
    for day, cells in counts.days.items():
        volumes[day] = volumes.get(day, 0) + sum(to_agent_by_channel(cells).values())
    return compare_sides(volumes, began=began, until=until)
