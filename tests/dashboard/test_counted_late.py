"""Does a count that fails hurt nobody else, stand on the health page, and do the pages say that their figures are old?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.analytics.rollups.fill import fill, kind_of
from oscar_engage.analytics.struggles.count import STRUGGLES
from oscar_engage.dashboard.reports.span import Span
from oscar_engage.dashboard.templatetags.engage_counted import LATE, is_late
from oscar_engage.jobs.registry import HANDLERS, TwoSteps
from oscar_engage.jobs.run import run_due
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visit
from tests.dashboard.test_reports_health import draw
from tests.storefront.shopping import text_of

STRUGGLES_PAGE = "/dashboard/engage/reports/struggles/"
WORDS = "These figures are old"
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
ONE_DAY = timedelta(days=1)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the count of ``struggles`` fail, as with a table that somebody has changed."""

    def fail(payload: Any, *, now: datetime) -> None:
        raise RuntimeError("column visit.last_at is gone")

    monkeypatch.setitem(HANDLERS._entries, kind_of("struggles"), TwoSteps(fail, fail))


@pytest.mark.django_db(transaction=True)
@pytest.mark.everything_recurs
def test_sweep__one_count_fails__others_are_filled_and_health_says_why(
    broken: None, client: Client, rule: Rule, visit: Visit
) -> None:
    now = timezone.now()
    Visit.objects.update(started_at=now - 2 * LATE, last_at=now - 2 * LATE)
    draw(rule, visit)
    RollupDay.objects.all().delete()
    earlier = now - LATE - timedelta(minutes=5)
    fill(STRUGGLES, now=earlier)
    for _minute in range(3):
        run_due(now=now)
    filled = dict(RollupDay.objects.values_list("rollup").order_by("filled_at").values_list("rollup", "filled_at"))
    expected = {rollup.name for rollup in ROLLUPS if rollup.begins() is not None}
    assert len(expected) > 2
    assert {name for name, at in filled.items() if at == now} == expected - {"struggles"}
    health = text_of(client.get(reverse("engage_dashboard:engage-health")))
    assert "rollup.struggles" in health
    assert "column visit.last_at is gone" in health
    struggles = client.get(STRUGGLES_PAGE)
    assert WORDS in text_of(struggles)
    assert struggles.context["report"].counted_at == earlier
    assert WORDS not in text_of(client.get(reverse("engage_dashboard:engage-report-funnel")))


@pytest.mark.parametrize(
    ("since", "until", "counted_at", "late"),
    [
        (TODAY - 7 * ONE_DAY, TODAY + ONE_DAY, NOW - LATE - timedelta(seconds=1), True),
        (TODAY - 7 * ONE_DAY, TODAY, NOW - LATE - timedelta(seconds=1), True),
        (TODAY - 7 * ONE_DAY, TODAY + ONE_DAY, NOW - LATE, False),
        (TODAY - 9 * ONE_DAY, TODAY - ONE_DAY, NOW - 20 * LATE, False),
        (TODAY - 7 * ONE_DAY, TODAY + ONE_DAY, None, False),
    ],
    ids=["today", "yesterday", "an hour", "past days", "never"],
)
def test_is_late__any_span__is_late_where_days_are_counted_again(
    since: date, until: date, counted_at: datetime | None, late: bool
) -> None:
    assert is_late(Span(since=since, until=until, days=None), counted_at, now=NOW) == late
