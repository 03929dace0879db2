"""The story that a newcomer is told: a ladder is climbed, kinds fill, a lift appears, and the truth stands beside it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.dashboard.learning.reading import read_page as read_learning
from oscar_engage.dashboard.simulator.reading import read_page as read_truth
from oscar_engage.learning.nightly.state import ladder
from oscar_engage.learning.registry.models import ModelChange, ModelState, Task
from oscar_engage.learning.registry.store import keep, promote
from oscar_engage.learning.registry.why import Why
from oscar_engage.simulation.parameters import SHOP, Kind
from oscar_engage.simulation.progress import say_left
from oscar_engage.simulation.run import simulate
from oscar_engage.visitors.models import Visit
from tests.learning.registry.fitted import make_fitted
from tests.simulation.test_drive import _models_at_once, _rules  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 13, 15, 30, tzinfo=UTC)
MIDNIGHT = NOW.replace(hour=0, minute=0)
DAYS = 5
SHARES = {Kind.PERSUADABLE: 0.15, Kind.SELF_SERVER: 0.2, Kind.LOST_CAUSE: 0.55, Kind.DO_NOT_DISTURB: 0.1}
CHANCES = {
    Kind.PERSUADABLE: {"alone": 0.2, "chat": 0.9, "shown": 0.7},
    Kind.SELF_SERVER: {"alone": 0.9, "chat": 0.9, "shown": 0.9},
}
MINDS = {kind: replace(mind, share=SHARES[kind], **CHANCES.get(kind, {})) for kind, mind in SHOP.minds.items()}
BUYERS = replace(SHOP, minds=MINDS)
"""A shop in which many buy, so that some days are enough for a lift."""


@pytest.mark.usefixtures("_rules", "_models_at_once")
def test_story__some_busy_days__are_told_as_they_pass_and_on_the_pages(settings: Any) -> None:
    lines: list[str] = []
    quick = {**settings.OSCAR_ENGAGE, "ATTRIBUTION_DAYS": 1, "MODULES_OFF": ()}
    began = MIDNIGHT - timedelta(days=DAYS)
    promote(keep(make_fitted("propensity"), samples=1, events=1, now=began), now=began, why=Why.BETTER)
    with override_settings(OSCAR_ENGAGE=quick):
        simulate(
            midnight=MIDNIGHT,
            days=DAYS,
            visits_per_day=380,
            seed=3,
            parameters=BUYERS,
            holdout=0.5,
            until=NOW,
            clock=lambda: NOW,
            say=lines.append,
        )
        told, page, truth = ladder(NOW), read_learning(now=NOW), read_truth(today=timezone.localdate(NOW))

    days = [line for line in lines if line.startswith("day ")]
    assert len(days) == DAYS
    assert all(" left" in line for line in days)
    assert lines[-2].startswith("today so far: ")
    assert any("night: who is about to leave: logistic regression speaks" in line for line in lines)

    leaves, helps = told.step(Task.EXIT), told.step(Task.UPLIFT)
    assert leaves.speaks is not None
    steps = dict(ModelChange.objects.filter(version__task=Task.EXIT, version__live_at__isnull=False).values_list("after", "at"))
    assert steps[ModelState.LIVE] - steps[ModelState.SHADOW] == timedelta(days=1)
    assert [words.split(" more")[0].split()[0] for words in helps.waits_for] == ["needs", "needs"]

    assert Visit.objects.filter(last_at__gt=NOW - timedelta(hours=3)).exists()
    assert not Visit.objects.filter(last_at__gt=NOW).exists()
    kinds = read_counts("leads", since=MIDNIGHT.date() - timedelta(days=DAYS), until=NOW.date() + timedelta(days=1)).days
    by_day = [sum(count for (kind,), (count,) in cells.items() if kind != "none") for cells in kinds.values()]
    assert len(by_day) == DAYS + 1
    assert all(by_day)
    assert page.weeks.heads
    assert sum(line.count for line in page.day.kinds.lines) > 0

    assert truth is not None
    assert truth.compared > 0, [(line.units, line.truth) for line in truth.lines]
    assert truth.covered == truth.compared
    assert truth.picture is not None
    assert len(truth.picture.marks) == truth.compared


@pytest.mark.parametrize(
    ("took", "left", "words"), [([1.0], 3, "3 s"), ([60, 60, 60, 90, 90, 90], 2, "3 min"), ([0.0], 5, "1 s")]
)
def test_say_left__days_so_far__judges_by_the_latest(took: list[float], left: int, words: str) -> None:
    assert say_left(took, left) == f"about {words} left"
