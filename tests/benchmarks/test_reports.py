"""Does the benchmark of the reports make a past of the promised size, which every rollup can count?"""

from datetime import UTC, datetime

import pytest

from benchmarks.reports.generate import generate
from benchmarks.reports.run import measure_pages
from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.models import Decision, Message, RollupDay, SignalRecord, Visit

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.mark.django_db
def test_generate__a_few_visits__is_in_proportion_and_shown_on_every_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    written = generate(600, now=NOW)
    assert (written["visits"], written["signals"], written["visitors"]) == (600, 3000, 420)
    assert 30 <= written["orders"] == written["conversions"] <= 90
    assert Visit.objects.filter(started_at__lte=NOW).count() > 590
    assert Decision.objects.filter(offered_at__isnull=False).count() < written["decisions"]
    assert SignalRecord.objects.filter(visit_id=Visit.objects.first().pk).count() == 5
    assert Message.objects.filter(conversation__queue__isnull=False).count() == written["messages"]
    measure_pages(NOW, rounds=1)
    said = capsys.readouterr().out
    assert "Service times: queries" in said
    assert "status" not in said
    assert set(RollupDay.objects.values_list("rollup", flat=True)) == set(ROLLUPS.names())
