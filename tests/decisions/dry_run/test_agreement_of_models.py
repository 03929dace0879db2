"""Does a dry run read of models what was written down then, agree with what was live, and say where nothing was?"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_engage.decisions.dry_run.people import read_chunk
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.why.account import explain_visit, read_visit
from oscar_engage.decisions.why.stages import Stage
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.rules.past.wanted import find_wanted
from oscar_engage.visitors.models import Visitor
from tests.decisions.clockwork import Clock
from tests.decisions.dry_run.test_agreement import clock, dry_run, hesitate, live, recorded, replayed, settings  # noqa: F401
from tests.learning.registry.speaking import looking_at, models_that_speak
from tests.rules.moments import ENGAGEMENTS, condition

pytestmark = pytest.mark.django_db

LIKELY = condition("visit.propensity", ">=", 80)
"""By the model below: whoever is in the checkout, and nobody else."""


@pytest.fixture
def _speaking(clock: Clock) -> Iterator[None]:  # noqa: F811 - the fixture, not what is imported
    with models_that_speak(looking_at(Task.PROPENSITY, on_checkout=3.0)):
        yield


@pytest.mark.usefixtures("_speaking")
def test_dry_run__rule_on_what_a_model_says__counts_what_was_recorded(clock: Clock) -> None:  # noqa: F811
    rule = live(LIKELY)
    with settings():
        hesitate(clock, 10)
        hesitate(clock, 12)
        tally = dry_run(rule, clock)
    assert recorded(rule) == replayed(tally) == {"offered": 2}
    assert (tally.matched, tally.unsure, tally.unsaid) == (2, 0, {})


@pytest.mark.usefixtures("_speaking")
def test_dry_run__what_a_model_said_was_not_written_down__is_not_said(clock: Clock) -> None:  # noqa: F811
    rule = live(LIKELY)
    with settings():
        hesitate(clock, 10)
        ScoredVector.objects.all().delete()
        tally = dry_run(rule, clock)
    assert recorded(rule) == {"offered": 1}
    assert replayed(tally) == {}
    assert tally.unsaid == {"visit.propensity": 1}


@pytest.mark.usefixtures("_speaking")
def test_dry_run__consent_taken_back_since__nothing_foretold_is_read(clock: Clock) -> None:  # noqa: F811
    rule = live(LIKELY)
    with settings():
        hesitate(clock, 10)
        Visitor.objects.update(consent=2)
        tally = dry_run(rule, clock)
    assert tally.matched == 0
    assert tally.unsaid == {}


def test_dry_run__no_model_spoke__the_conditions_held_nowhere(clock: Clock) -> None:  # noqa: F811
    rule = live(condition("visit.lead", "=", "hot"))
    with settings():
        hesitate(clock, 10)
        tally = dry_run(rule, clock)
    assert (tally.matched, replayed(tally)) == (0, {})


@pytest.mark.usefixtures("_speaking")
def test_read_chunk__models_are_asked_about__two_queries_more_however_many_visits(clock: Clock) -> None:  # noqa: F811
    with settings():
        for number in range(1, 4):
            hesitate(clock, 10)
            later = clock.now + timedelta(hours=2)
            counts = []
            for asks_models in (False, True):
                with CaptureQueriesContext(connection) as queries:
                    chunk = read_chunk(
                        since=later - timedelta(days=1),
                        until=later,
                        position=0,
                        wanted=find_wanted([]),
                        now=later,
                        asks_models=asks_models,
                    )
                counts.append(len(queries))
            assert counts == [6, 8]
            assert len([one for person in chunk.people for one in person.visits if one.told]) == number


@pytest.mark.usefixtures("_speaking")
def test_explanation__of_a_recorded_moment__says_what_the_model_said_then(clock: Clock) -> None:  # noqa: F811
    rule = live(LIKELY)
    with settings():
        hesitate(clock, 10)
        row = Decision.objects.get()
        visit = read_visit(row.visit_id)  # type: ignore[arg-type]  # the visit is there
        assert visit is not None
        account = explain_visit(visit, at=row.eligible_at, now=clock.now, engagements=ENGAGEMENTS, rule=rule)
    (only,) = account.rules
    assert next(one for one in only.answers if one.stage is Stage.CONDITION).passed is True
    assert [round(one.actual) for one in only.conditions] == [95]  # type: ignore[arg-type]  # a number
