"""What a night does with what training says, and what it does when training, the worker or the machine fails."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from oscar_engage.learning.nightly import launch
from oscar_engage.learning.nightly.child import Ended
from oscar_engage.learning.nightly.lease import give_back, learning_until, take_lease
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.night import find_wanted, night_of
from oscar_engage.learning.nightly.run import learn, learn_tonight
from oscar_engage.learning.nightly.stability import read_reference
from oscar_engage.learning.registry.live import read_models
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task
from tests.learning.nightly.history import NOW, at, take, values, visit, visitor
from tests.learning.nightly.models import better, document, says

pytestmark = pytest.mark.django_db

Runs = Callable[[], list[tuple[str, str, str]]]


def clock() -> datetime:
    return NOW


@pytest.fixture
def log() -> None:
    for number in range(4):
        take(visit(visitor(), number), number, values=values(float(number)))


@pytest.mark.usefixtures("log")
class TestVerdict:
    def test_waiting__says_what_is_missing(self) -> None:
        run = learn(
            Task.PROPENSITY,
            cause="night",
            clock=clock,
            train=says("waiting", needs={"orders": 37, "rung": "logistic"}, why="too_few"),
        )
        assert (run.result, run.why, run.needs) == (RunResult.WAITING, "too_few", {"orders": 37, "rung": "logistic"})
        assert (run.counts["rows"], run.counts["visits"]) == (4, 4)
        assert (run.cpu_seconds, run.peak_mb, run.ended_at) == (2.5, 180.0, NOW)

    def test_kept__changes_nothing(self, speaking: Callable[..., ModelVersion]) -> None:
        version = speaking()
        run = learn(Task.PROPENSITY, cause="night", clock=clock, train=says("kept", why="not_better"))
        assert run.result == RunResult.KEPT
        assert read_models(ModelState.LIVE)[Task.PROPENSITY].version_id == version.pk
        assert ModelVersion.objects.count() == 1

    def test_better__goes_into_the_shadow_and_does_not_speak(self) -> None:
        run = learn(Task.PROPENSITY, cause="night", clock=clock, train=better())
        assert run.result == RunResult.SHADOWED
        assert run.version is not None
        assert run.version.state == ModelState.SHADOW
        assert read_models(ModelState.LIVE).get(Task.PROPENSITY) is None
        assert read_models(ModelState.SHADOW)[Task.PROPENSITY].version_id == run.version.pk
        assert run.numbers["auc"] == 0.8
        assert read_reference(run.numbers["reference"]) is not None
        assert sum(run.numbers["scores"]["shares"]) == pytest.approx(1)

    def test_better__takes_the_place_of_the_one_in_the_shadow(self) -> None:
        first = learn(Task.PROPENSITY, cause="night", clock=clock, train=better()).version
        second = learn(Task.PROPENSITY, cause="by_hand", clock=clock, train=better(intercept=1.0)).version
        assert first is not None
        assert second is not None
        first.refresh_from_db()
        assert (first.state, second.state) == (ModelState.REFUSED, ModelState.SHADOW)

    def test_fall__the_one_before_speaks(self, speaking: Callable[..., ModelVersion]) -> None:
        first, _second = speaking(now=NOW - timedelta(days=9)), speaking()
        run = learn(Task.PROPENSITY, cause="night", clock=clock, train=says("fall", why="wins_no_more"))
        assert (run.result, run.why) == (RunResult.DEMOTED, "wins_no_more")
        assert ModelVersion.objects.get(state=ModelState.LIVE) == first

    def test_fall__without_one_before_only_rules_speak(self, speaking: Callable[..., ModelVersion]) -> None:
        speaking()
        learn(Task.PROPENSITY, cause="night", clock=clock, train=says("fall"))
        assert not ModelVersion.objects.filter(state=ModelState.LIVE).exists()

    @pytest.mark.parametrize(
        "text", ["{", document(schema="0" * 16), document(Task.EXIT)], ids=["cut", "other_features", "other_task"]
    )
    def test_better__a_document_that_cannot_speak_is_a_failure(self, text: str) -> None:
        run = learn(Task.PROPENSITY, cause="night", clock=clock, train=says("better", document=text))
        assert (run.result, run.why) == (RunResult.FAILED, "garbage")
        assert not ModelVersion.objects.exists()


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("why", ["killed", "timed_out", "crashed", "no_result", "garbage"])
def test_training_that_fails__changes_nothing(why: str, speaking: Callable[..., ModelVersion]) -> None:
    version = speaking()

    def train(folder: Path, task: Task, seconds: int) -> Ended:
        return Ended(result=None, why=why, said="MemoryError")

    run = learn(Task.PROPENSITY, cause="night", clock=clock, train=train)
    assert (run.result, run.why, run.numbers) == (RunResult.FAILED, why, {"said": "MemoryError"})
    assert read_models(ModelState.LIVE)[Task.PROPENSITY].version_id == version.pk


@pytest.mark.usefixtures("log")
def test_error_of_ours__is_a_row_and_no_exception(runs: Runs) -> None:
    def train(folder: Path, task: Task, seconds: int) -> Ended:
        raise OSError("no space left for anna@example.org")

    run = learn(Task.EXIT, cause="night", clock=clock, train=train)
    assert runs() == [("exit", "failed", "crashed")]
    assert run.numbers["said"].startswith("OSError: no space left")
    assert "anna" not in run.numbers["said"]


@pytest.mark.usefixtures("log")
def test_folder__is_gone_afterwards_and_holds_the_champion(speaking: Callable[..., ModelVersion]) -> None:
    speaking()
    seen: list[Path] = []

    def train(folder: Path, task: Task, seconds: int) -> Ended:
        seen.append(folder)
        assert (folder / "champion.json").exists()
        assert "seed" in (folder / "options.json").read_text()
        return Ended(result=None, why="killed")

    learn(Task.PROPENSITY, cause="night", clock=clock, train=train)
    assert not seen[0].exists()


def test_nothing_logged__waits_without_a_process() -> None:
    def train(folder: Path, task: Task, seconds: int) -> Ended:
        raise AssertionError

    run = learn(Task.UPLIFT, cause="night", clock=clock, train=train)
    nothing = {"rows": 0, "visits": 0, "events": 0}
    assert (run.result, run.counts) == (RunResult.WAITING, {**nothing, "treated": 0, "control": 0})
    assert run.needs == {"treated": 100, "control": 100, "rung": "s_learner"}


class TestNight:
    @pytest.mark.parametrize(("hour", "day"), [(2, 19), (3, 20), (23, 20)])
    def test_begins__at_the_hour_of_the_shop(self, hour: int, day: int) -> None:
        begins = night_of(NOW.replace(hour=hour, minute=59))
        assert (begins.day, begins.hour) == (day, 3)

    def test_empty_log__nothing_is_wanted(self) -> None:
        assert find_wanted(now=NOW) == {}

    @pytest.mark.usefixtures("log")
    def test_all_tasks__once_a_night(self, runs: Runs) -> None:
        train = says("waiting")
        assert len(list(learn_tonight(clock=clock, train=train))) == 3
        assert list(learn_tonight(clock=clock, train=train)) == []
        assert len(list(learn_tonight(clock=lambda: NOW + timedelta(days=1), train=train))) == 3
        assert {result for _task, result, _why in runs()} == {"waiting"}

    @pytest.mark.usefixtures("log")
    def test_switched_off__nothing_is_wanted(self, settings: Any) -> None:
        settings.OSCAR_ENGAGE = {"MODULES_OFF": ["learning"]}
        assert find_wanted(now=NOW) == {}

    @pytest.mark.usefixtures("log")
    def test_failed__thrice_a_night_and_no_more(self) -> None:
        def train(folder: Path, task: Task, seconds: int) -> Ended:
            return Ended(result=None, why="killed")

        for _each in range(5):
            list(learn_tonight(clock=clock, train=train))
        failed = TrainingRun.objects.filter(task=Task.PROPENSITY, result=RunResult.FAILED)
        assert failed.count() == 3
        assert learning_until()[1] == NOW

    @pytest.mark.usefixtures("log")
    def test_shadow__is_waited_for(self) -> None:
        learn(Task.PROPENSITY, cause="night", clock=clock, train=better())
        assert Task.PROPENSITY not in find_wanted(now=NOW + timedelta(days=1))
        assert Task.EXIT in find_wanted(now=NOW + timedelta(days=1))

    @pytest.mark.usefixtures("log")
    def test_drift__does_not_wait_for_the_night(self) -> None:
        list(learn_tonight(clock=clock, train=says("kept")))
        run = TrainingRun.objects.get(task=Task.EXIT)
        run.numbers = {"drift": {"verdict": "drifting"}}
        run.save()
        assert find_wanted(now=NOW + timedelta(hours=11)) == {}
        assert find_wanted(now=NOW + timedelta(hours=13)) == {Task.EXIT: "drift"}

    @pytest.mark.usefixtures("log")
    def test_by_hand__only_what_was_asked_for(self, runs: Runs) -> None:
        list(learn_tonight(clock=clock, tasks=[Task.EXIT], train=says("kept")))
        list(learn_tonight(clock=clock, tasks=[Task.EXIT], train=says("kept")))
        assert [task for task, _result, _why in runs()] == ["exit", "exit"]


class TestLease:
    def test_one__holds_it(self) -> None:
        lease = take_lease(now=NOW, seconds=60)
        assert lease is not None
        assert take_lease(now=NOW + timedelta(seconds=59), seconds=60) is None
        assert give_back(lease, now=NOW, is_done=True)
        assert take_lease(now=NOW, seconds=60) is not None

    def test_lost__runs_out_and_cannot_be_given_back(self) -> None:
        first = take_lease(now=NOW, seconds=60)
        later = NOW + timedelta(seconds=61)
        assert first is not None
        assert take_lease(now=later, seconds=60) is not None
        assert not give_back(first, now=later, is_done=True)
        assert learning_until()[0] == later + timedelta(seconds=60)

    @pytest.mark.attack("M15")
    @pytest.mark.usefixtures("log")
    def test_somebody_learns__nobody_else_does(self, runs: Runs) -> None:
        take_lease(now=NOW, seconds=60)
        assert list(learn_tonight(clock=clock, train=says("kept"))) == []
        assert runs() == []

    @pytest.mark.attack("M15")
    @pytest.mark.usefixtures("log")
    def test_killed__what_it_left_open_is_closed_and_done_again(self, runs: Runs) -> None:
        TrainingRun.objects.create(task=Task.PROPENSITY, started_at=NOW - timedelta(hours=1))
        list(learn_tonight(clock=clock, tasks=[Task.PROPENSITY], train=says("kept")))
        assert runs() == [("propensity", "failed", "lost"), ("propensity", "kept", "")]

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.any_database
    def test_ten_at_once__one_gets_it(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite's database in memory belongs to one thread")
        got: list[int | None] = []

        def take_it() -> None:
            got.append(take_lease(now=NOW, seconds=60))
            connection.close()

        threads = [threading.Thread(target=take_it) for _each in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(lease is not None for lease in got) == 1


class TestLaunch:
    @pytest.fixture
    def begun(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        monkeypatch.setattr(launch, "PORT", "tests.learning.nightly.test_run.begin")
        BEGUN.clear()
        return BEGUN

    @pytest.mark.usefixtures("log")
    def test_due__begins_a_process_and_does_not_wait(self, begun: list[str]) -> None:
        launch.follow(launch.look({}, now=NOW), now=NOW)
        assert begun == ["begun"]

    def test_nothing_logged__begins_nothing(self, begun: list[str]) -> None:
        launch.follow(launch.look({}, now=NOW), now=NOW)
        assert begun == []

    @pytest.mark.usefixtures("log")
    def test_somebody_learns__begins_nothing(self, begun: list[str]) -> None:
        take_lease(now=NOW, seconds=60)
        launch.follow(launch.look({}, now=NOW), now=NOW)
        assert begun == []

    @pytest.mark.usefixtures("log")
    def test_lease_ran_out__begins_again(self, begun: list[str]) -> None:
        take_lease(now=at(1), seconds=60)
        launch.follow(launch.look({}, now=NOW), now=NOW)
        assert begun == ["begun"]


BEGUN: list[str] = []


def begin() -> None:
    """Stand behind the port."""
    BEGUN.append("begun")
