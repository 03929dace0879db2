"""What the dashboard, the command and the health page are told of learning."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from oscar_engage.dashboard.health.problems import find_trouble_in_learning
from oscar_engage.learning.nightly.lease import give_back, take_lease
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.run import learn
from oscar_engage.learning.nightly.state import ladder
from oscar_engage.learning.nightly.trouble import find_trouble
from oscar_engage.learning.nightly.words import name_rung, say_needs, say_why
from oscar_engage.learning.registry.models import ModelVersion, Task
from tests.learning.nightly.history import NOW, START, at, take, visit, visitor
from tests.learning.nightly.models import better

pytestmark = pytest.mark.django_db

NumQueries = Callable[[int], Any]


def run_of(task: str = Task.PROPENSITY, result: str = RunResult.WAITING, *, days: float = 0, **columns: Any) -> TrainingRun:
    started = NOW - timedelta(days=days)
    return TrainingRun.objects.create(task=task, result=result, started_at=started, ended_at=started, **columns)


class TestLadder:
    def test_fresh_shop__rules_and_nothing_known(self) -> None:
        told = ladder(NOW)
        assert [(step.task, step.rung, step.speaks, step.last_run) for step in told.steps] == [
            (task, "rules", None, None) for task in Task
        ]
        assert (told.is_learning, told.learnt_at) == (False, None)
        assert {step.drift.verdict for step in told.steps} == {"unknown"}

    def test_waiting__says_for_what(self) -> None:
        run_of(needs={"orders": 37, "rung": "logistic"}, counts={"orders": 13})
        run_of(Task.UPLIFT, needs={"treated": 1, "control": 12, "rung": "s_learner"}, counts={"treated": 99})
        told = ladder(NOW)
        step = told.step(Task.PROPENSITY)
        assert (step.waits_for, step.next_rung, step.next_name) == (
            ("needs 37 more orders",),
            "logistic",
            "logistic regression",
        )
        assert told.step(Task.UPLIFT).waits_for == (
            "needs 12 more orders in the hold-out",
            "needs 1 more order of somebody invited",
        )

    def test_failed_last__what_was_known_before_is_still_said(self) -> None:
        run_of(days=1, needs={"orders": 37, "rung": "logistic"}, counts={"orders": 13})
        run_of(result=RunResult.FAILED, why="killed")
        step = ladder(NOW).step(Task.PROPENSITY)
        assert step.needs == {"orders": 37, "rung": "logistic"}
        assert step.last_run is not None
        assert step.last_run.why == "killed"

    def test_speaks__since_when_and_what_is_in_the_shadow(self, speaking: Callable[..., ModelVersion]) -> None:
        live = speaking(now=NOW - timedelta(days=5))
        take(visit(visitor(), 1), 1)
        shadow = learn(Task.PROPENSITY, cause="night", clock=lambda: NOW, train=better()).version
        step = ladder(NOW).step(Task.PROPENSITY)
        assert step.speaks is not None
        assert step.shadow is not None
        assert shadow is not None
        assert (step.speaks.version_id, step.speaks.since) == (live.pk, NOW - timedelta(days=5))
        assert (step.shadow.version_id, step.shadow_until) == (shadow.pk, NOW + timedelta(days=1))
        assert (step.rung, step.name) == ("logistic", "logistic regression")

    def test_drift__the_last_look(self) -> None:
        said = {"verdict": "drifting", "worst": [["pages", 0.4]], "missing": [], "rate": 0.9, "at": NOW.isoformat()}
        run_of(numbers={"drift": said})
        drift = ladder(NOW).step(Task.PROPENSITY).drift
        assert (drift.at, drift.verdict, drift.worst, drift.rate) == (NOW, "drifting", (("pages", 0.4),), 0.9)

    def test_learning__just_now(self) -> None:
        take_lease(now=NOW, seconds=60)
        assert ladder(NOW).is_learning
        assert not ladder(NOW + timedelta(seconds=60)).is_learning

    @pytest.mark.parametrize("number", [1, 3])
    def test_queries__as_many_for_three(
        self, number: int, speaking: Callable[..., ModelVersion], django_assert_num_queries: NumQueries
    ) -> None:
        for task in list(Task)[:number]:
            speaking(task)
            run_of(task)
        with django_assert_num_queries(3):
            ladder(NOW)


def test_words__one_and_many_and_a_kind_that_is_new() -> None:
    assert say_needs({"orders": 1}) == ("needs 1 more order",)
    assert say_needs({"visits": 2, "exits": 3, "rung": "boosted"}) == (
        "needs 3 more visits that ended",
        "needs 2 more visits",
    )
    assert say_needs({"moons": 2, "orders": 0}) == ("needs 2 more: moons",)
    assert (name_rung("rules"), name_rung("new")) == ("business rules", "new")
    assert say_why("killed") == "the process was killed"
    assert say_why("wins_no_more")


class TestTrouble:
    def test_nothing_to_learn_from__no_trouble(self, django_assert_num_queries: NumQueries) -> None:
        with django_assert_num_queries(2):
            assert list(find_trouble(now=NOW)) == []

    def test_never_run__two_days_after_the_first_vector(self) -> None:
        take(visit(visitor(), 1), 1)
        assert list(find_trouble(now=at(49))) == []
        [trouble] = find_trouble(now=at(50))
        assert (trouble.kind, trouble.at, trouble.count) == ("not_run", at(1), 2)

    def test_run__two_days_later_again(self) -> None:
        lease = take_lease(now=NOW - timedelta(days=9), seconds=60)
        assert lease is not None
        give_back(lease, now=NOW, is_done=True)
        assert list(find_trouble(now=NOW + timedelta(days=2))) == []
        assert [trouble.kind for trouble in find_trouble(now=NOW + timedelta(days=2, seconds=1))] == ["not_run"]

    def test_failing__three_in_a_row(self) -> None:
        take_lease(now=NOW, seconds=60)
        for days in (3, 2):
            run_of(result=RunResult.FAILED, why="killed", days=days)
        run_of(Task.EXIT)
        assert list(find_trouble(now=NOW)) == []
        run_of(result=RunResult.FAILED, why="timed_out", days=1)
        run_of(result=RunResult.KEPT, cause="shadow")
        [trouble] = find_trouble(now=NOW)
        assert (trouble.kind, trouble.task, trouble.count, trouble.said) == ("failing", Task.PROPENSITY, 3, "timed_out")
        [problem] = find_trouble_in_learning(now=NOW)
        assert problem.meaning == "Learning (buys) failed time and again; what spoke before goes on speaking."

    def test_switched_off__no_trouble(self, settings: Any) -> None:
        take(visit(visitor(), 1), 1)
        settings.OSCAR_ENGAGE = {"MODULES_OFF": ["learning"]}
        assert list(find_trouble(now=NOW)) == []

    def test_health_page__says_it(self) -> None:
        take(visit(visitor(), 1), 1)
        [problem] = find_trouble_in_learning(now=NOW)
        assert problem.meaning.startswith("No night of learning has ended well for two days.")


class TestCommand:
    def test_nothing_due__says_so_and_where_each_stands(self) -> None:
        out = StringIO()
        call_command("engage_learn", stdout=out)
        assert out.getvalue().splitlines() == [
            "Nothing is due.",
            "propensity: business rules",
            "exit: business rules",
            "uplift: business rules",
        ]

    def test_one_task__a_line_for_it(self) -> None:
        out = StringIO()
        call_command("engage_learn", "--task", "uplift", stdout=out)
        assert out.getvalue().splitlines()[0] == "uplift: not enough yet (0 vectors of 0 visits; 0.0 s, 0 MB)"
        assert TrainingRun.objects.get().cause == "by_hand"

    def test_at_once__all_three(self) -> None:
        out = StringIO()
        call_command("engage_learn", "--now", stdout=out)
        assert TrainingRun.objects.count() == 3

    def test_somebody_learns__says_so(self) -> None:
        take_lease(now=timezone.now(), seconds=60)
        out = StringIO()
        call_command("engage_learn", "--now", stdout=out)
        assert out.getvalue().startswith("Nothing to learn now, or somebody is learning already.")

    def test_failure__is_the_exit_status(self, monkeypatch: pytest.MonkeyPatch) -> None:
        yesterday = (timezone.now() - START).total_seconds() / 3600 - 24
        take(visit(visitor(), yesterday), yesterday)
        monkeypatch.setattr("oscar_engage.learning.nightly.child.COMMAND", ("/bin/false",))
        with pytest.raises(CommandError, match="1 failed"):
            call_command("engage_learn", "--task", "propensity", stdout=StringIO())
        assert TrainingRun.objects.get().why == "crashed"
