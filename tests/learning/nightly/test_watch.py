"""The day in the shadow, drift, broken tracking: what the hourly look finds, and what follows from it."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_engage.analytics.models import Conversion
from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.run import learn
from oscar_engage.learning.nightly.watch import follow, look
from oscar_engage.learning.registry.models import ModelChange, ModelState, ModelVersion, Task
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.visitors.models import Visit, Visitor
from tests.learning.nightly.history import NOW, START, moment, values, visit, visitor
from tests.learning.nightly.models import better

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def hours_of(moment_: datetime) -> float:
    return (moment_ - START).total_seconds() / 3600


def shop_for(days: float, until: datetime, *, visits: int, seed: int, buys: float = 0.3, **how: float) -> None:
    """Visits in the days before ``until`` whose first feature foretells a little whether they buy."""
    chance = random.Random(seed)
    people, stays, vectors, orders = [], [], [], []
    for _each in range(visits):
        moment_ = until - timedelta(hours=chance.uniform(0.05, days * 24 - 0.6) + 0.55)
        one = Visitor(created_at=moment_, last_seen_at=moment_)
        stay = Visit(visitor=one, started_at=moment_, last_at=moment_)
        is_buyer = chance.random() < buys
        first = None if chance.random() < how.get("missing", 0) else chance.gauss(float(is_buyer) + how.get("shift", 0), 1.0)
        vector = [first, *[1.0] * (len(NAMES) - 1)]
        people.append(one)
        stays.append(stay)
        vectors.append(
            ScoredVector(visit=stay, visitor_id=one.pk, at=moment_, occasion=Occasion.SIGNAL, schema=SCHEMA, values=vector)
        )
        if is_buyer:
            orders.append(Conversion(visitor_id=one.pk, total=10, currency="GBP", placed_at=moment_ + timedelta(minutes=6)))
    for rows in (people, stays, vectors, orders):
        if rows:
            type(rows[0]).objects.bulk_create(rows)  # type: ignore[attr-defined]  # rows of one model each


def watch(now: datetime) -> None:
    follow(look({}, now=now), now=now)


def learnt(task: str = Task.PROPENSITY, **how: float) -> ModelVersion:
    run = learn(Task(task), cause="night", clock=lambda: NOW, train=better(task, **how))
    assert run.version is not None
    return run.version


def state_of(version: ModelVersion) -> str:
    return str(ModelVersion.objects.values_list("state", flat=True).get(pk=version.pk))


GOOD = {"intercept": -1.2, "first": 0.8}


class TestShadow:
    def test_before_the_day_is_over__nothing(self) -> None:
        shop_for(3, NOW, visits=150, seed=1)
        version = learnt(**GOOD)
        shop_for(0.9, NOW + 0.9 * DAY, visits=150, seed=2)
        watch(NOW + 0.99 * DAY)
        assert state_of(version) == ModelState.SHADOW

    def test_day_stood__the_first_one_speaks_and_a_row_says_so(self) -> None:
        shop_for(3, NOW, visits=150, seed=1)
        version = learnt(**GOOD)
        shop_for(0.9, NOW + 0.95 * DAY, visits=200, seed=2)
        watch(NOW + 1.05 * DAY)
        assert state_of(version) == ModelState.LIVE
        run = TrainingRun.objects.get(cause="shadow")
        assert (run.result, run.why, run.version) == (RunResult.PROMOTED, "shadow_passed", version)
        change = ModelChange.objects.get(version=version, after=ModelState.LIVE)
        assert (change.why, change.numbers["visits"]) == ("shadow_passed", 200)

    def test_foretells_what_does_not_happen__refused(self) -> None:
        shop_for(3, NOW, visits=150, seed=1)
        version = learnt(intercept=2.0)
        shop_for(0.9, NOW + 0.95 * DAY, visits=200, seed=2)
        watch(NOW + 1.05 * DAY)
        assert state_of(version) == ModelState.REFUSED
        assert TrainingRun.objects.get(cause="shadow").why == "shadow_differs"

    def test_worse_than_the_one_that_speaks__refused(self, speaking: Callable[..., ModelVersion]) -> None:
        shop_for(3, NOW, visits=150, seed=1)
        champion = learnt(**GOOD)
        shop_for(0.9, NOW + 0.95 * DAY, visits=400, seed=2)
        watch(NOW + 1.05 * DAY)
        challenger = learn(
            Task.PROPENSITY, cause="night", clock=lambda: NOW + 1.1 * DAY, train=better(intercept=-0.5, first=-0.8)
        ).version
        shop_for(0.9, NOW + 2.05 * DAY, visits=400, seed=3)
        watch(NOW + 2.2 * DAY)
        assert challenger is not None
        assert (state_of(champion), state_of(challenger)) == (ModelState.LIVE, ModelState.REFUSED)

    def test_few_visits__waits_for_a_week_and_is_refused(self) -> None:
        shop_for(3, NOW, visits=150, seed=1)
        version = learnt(**GOOD)
        shop_for(0.9, NOW + 0.95 * DAY, visits=20, seed=2)
        watch(NOW + 1.05 * DAY)
        assert state_of(version) == ModelState.SHADOW
        watch(NOW + 7.05 * DAY)
        assert state_of(version) == ModelState.REFUSED
        assert TrainingRun.objects.get(cause="shadow").why == "too_few"

    @pytest.mark.parametrize(("shift", "state"), [(0.0, ModelState.LIVE), (4.0, ModelState.REFUSED)], ids=["same", "other"])
    def test_uplift__is_judged_by_what_it_says(self, shift: float, state: str) -> None:
        chance = random.Random(1)
        for number in range(300):
            moment(visit(visitor(), 1 + number / 100), 1 + number / 100, values=values(chance.gauss(0, 1)))
        version = learnt(Task.UPLIFT, first=0.01)
        for number in range(200):
            begin = hours_of(NOW) + 0.1 + number / 10
            moment(visit(visitor(), begin), begin, values=values(chance.gauss(shift, 1)))
        watch(NOW + 1.05 * DAY)
        assert state_of(version) == state

    def test_damaged__is_refused(self) -> None:
        shop_for(3, NOW, visits=150, seed=1)
        version = learnt(**GOOD)
        ModelVersion.objects.filter(pk=version.pk).update(document="{}")
        watch(NOW + 1.05 * DAY)
        assert state_of(version) == ModelState.REFUSED

    def test_moved_meanwhile__is_left_alone(self) -> None:
        shop_for(3, NOW, visits=150, seed=1)
        version = learnt(**GOOD)
        shop_for(0.9, NOW + 0.95 * DAY, visits=200, seed=2)
        seen = look({}, now=NOW + 1.05 * DAY)
        ModelVersion.objects.filter(pk=version.pk).update(state=ModelState.REFUSED)
        follow(seen, now=NOW + 1.05 * DAY)
        assert not TrainingRun.objects.filter(cause="shadow").exists()


class TestDrift:
    @pytest.fixture
    def live(self) -> ModelVersion:
        """A model that learnt from four days and speaks."""
        shop_for(4, NOW, visits=1500, seed=1)
        version = learnt(**GOOD)
        shop_for(0.9, NOW + 0.95 * DAY, visits=200, seed=2)
        watch(NOW + 1.05 * DAY)
        assert state_of(version) == ModelState.LIVE
        return version

    def test_steady__is_kept_beside_the_last_run(self, live: ModelVersion) -> None:
        shop_for(0.9, NOW + 2 * DAY, visits=400, seed=3)
        watch(NOW + 2 * DAY)
        last = TrainingRun.objects.order_by("-started_at", "-pk")[0]
        assert last.numbers["drift"]["verdict"] == "steady"
        assert state_of(live) == ModelState.LIVE

    def test_drifting__goes_on_speaking_and_is_said(self, live: ModelVersion) -> None:
        shop_for(0.9, NOW + 2 * DAY, visits=400, seed=3, shift=2.0)
        watch(NOW + 2 * DAY)
        drift = TrainingRun.objects.order_by("-started_at", "-pk")[0].numbers["drift"]
        assert (drift["verdict"], drift["worst"][0][0]) == ("drifting", NAMES[0])
        assert state_of(live) == ModelState.LIVE

    @pytest.mark.parametrize(("visits", "missing"), [(400, 0.7), (0, 0.0)], ids=["missing", "silent"])
    def test_broken__nobody_speaks(self, live: ModelVersion, visits: int, missing: float) -> None:
        shop_for(0.9, NOW + 3 * DAY, visits=visits, seed=3, missing=missing)
        watch(NOW + 3 * DAY)
        assert not ModelVersion.objects.filter(state=ModelState.LIVE).exists()
        run = TrainingRun.objects.get(cause="watch")
        assert (run.result, run.why, run.task) == (RunResult.DEMOTED, "broken_tracking", "propensity")
        watch(NOW + 3 * DAY + timedelta(hours=1))
        assert TrainingRun.objects.filter(cause="watch").count() == 1

    def test_broken__no_earlier_one_speaks_instead(
        self, live: ModelVersion, speaking: Callable[..., ModelVersion], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        speaking(now=NOW + 1.5 * DAY)
        run = TrainingRun.objects.exclude(cause="shadow").get()
        TrainingRun.objects.filter(pk=run.pk).update(version=ModelVersion.objects.get(state=ModelState.LIVE))
        watch(NOW + 3 * DAY)
        assert not ModelVersion.objects.filter(state=ModelState.LIVE).exists()

    def test_look__costs_as_many_queries_for_ten_times_the_vectors(self, live: ModelVersion) -> None:
        counts = []
        for visits in (100, 900):
            shop_for(0.9, NOW + 2 * DAY, visits=visits, seed=visits)
            with CaptureQueriesContext(connection) as asked:
                look({}, now=NOW + 2 * DAY)
            counts.append(len(asked))
        assert max(counts) <= 40
        assert ScoredVector.objects.count() > 2500
