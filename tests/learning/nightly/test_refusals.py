"""Are wrong refusals found out by those that were not heeded, and right ones left alone?"""

import random
import uuid
from collections.abc import Callable, Sequence

import pytest

from oscar_engage.decisions.models import Arm
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.refusals import FEWEST, judge_refusals
from oscar_engage.learning.nightly.rows import MOST_STANDS_FOR, Row, read_rows
from oscar_engage.learning.nightly.run import source_of
from oscar_engage.learning.nightly.watch import Seen, follow, look
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task
from tests.learning.nightly.history import NOW, START, at, moment, order, values, visit, visitor


def rows(number: int, *, helped: float, alone: float, seed: int = 1, refused_at: float | None = -0.01) -> list[Row]:
    """Return moments of which one in five was held out; ``helped`` and ``alone`` are the shares that order."""
    chance = random.Random(seed)
    found = []
    for _each in range(number):
        treated = float(chance.random() < 0.8)
        outcome = float(chance.random() < (helped if treated else alone))
        unit = uuid.UUID(int=chance.getrandbits(128), version=4)
        found.append(Row(unit, START, outcome, 1.0, treated, 0.8, values(), 10.0, refused_at))
    return found


def wrong(found: Sequence[Row]) -> bool | None:
    said = judge_refusals(found)
    return None if said is None else bool(said["are_wrong"])


def test_judge_refusals__help_helps__are_wrong() -> None:
    said = judge_refusals(rows(2000, helped=0.3, alone=0.1))
    assert said is not None
    assert said["are_wrong"]
    assert abs(said["effect"] - 0.2) < 3 * said["error"]


@pytest.mark.parametrize(("helped", "alone"), [(0.1, 0.2), (0.1, 0.1)])
def test_judge_refusals__help_harms_or_does_nothing__are_not(helped: float, alone: float) -> None:
    found = [wrong(rows(600, helped=helped, alone=alone, seed=seed)) for seed in range(60)]
    assert None not in found
    assert sum(map(bool, found)) <= 1


def test_judge_refusals__too_few_or_refused_for_the_price__say_nothing() -> None:
    assert wrong(rows(2 * FEWEST, helped=1.0, alone=0.0)) is None
    assert wrong(rows(2000, helped=0.5, alone=0.0, refused_at=0.1)) is None
    assert wrong(rows(2000, helped=0.5, alone=0.0, refused_at=None)) is None


@pytest.mark.django_db
def test_read_rows__explored_moment__stands_for_those_that_were_refused() -> None:
    for number, (share, high) in enumerate(((None, 0.2), (0.25, -0.1), (0.001, -0.1))):
        moment(visit(visitor(), number), number, Arm.CONTROL if number else Arm.TREATED, explored_share=share, uplift_high=high)
    found = list(read_rows(source_of(Task.UPLIFT, since=START, now=NOW), width=len(values())))
    assert [(one.stands_for, one.refused_at) for one in found] == [(1.0, None), (4.0, -0.1), (MOST_STANDS_FOR, -0.1)]
    assert [one.chance for one in found] == [0.8] * 3, "of having been treated, whichever arm was drawn"


@pytest.mark.django_db
@pytest.mark.parametrize("helps", [True, False])
def test_watch__explored_moments_say_that_help_helps__rules_alone_decide(
    helps: bool, speaking: Callable[..., ModelVersion]
) -> None:
    version = speaking(Task.UPLIFT, now=START)
    for number in range(160):
        who, begins = visitor(), number / 100
        is_treated = number % 2 == 0
        moment(
            visit(who, begins),
            begins,
            Arm.TREATED if is_treated else Arm.CONTROL,
            chance=0.5,
            is_explored=True,
            explored_share=0.1,
            uplift_high=-0.01,
        )
        if is_treated is helps and number % 3:
            order(who, begins + 1)
    now = at(24 * 9)
    seen = look({}, now=now)
    assert (seen.wrong is not None) is helps
    follow(seen, now=now)
    follow(seen, now=now)  # a second worker finds it silent already
    version.refresh_from_db()
    assert version.state == (ModelState.RETIRED if helps else ModelState.LIVE)
    runs = TrainingRun.objects.filter(why="refusals_cost")
    assert [run.result for run in runs] == [RunResult.DEMOTED] * helps
    assert Seen({}, ()).wrong is None
