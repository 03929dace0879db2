"""What a visit leaves open is told when it has ended: once, and never for one that was erased."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from oscar_engage.jobs.models import JobState
from oscar_engage.jobs.run import run_due
from oscar_engage.models import Job, SignalRecord, Visit, Visitor
from oscar_engage.signals import shipped, shipped_help
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.ending import JOB_KIND, end_visit
from oscar_engage.visitors.observe import observe
from oscar_engage.visitors.page import PageFacts

pytestmark = pytest.mark.django_db

NOW = timezone.now()
MINUTE = timedelta(minutes=1)
START, FINISH = shipped_help.ToolStarted(tool="sizer"), shipped_help.ToolFinished(tool="sizer")
SEARCH = shipped_help.HelpSearched(query="size")


@pytest.fixture
def visitor() -> Visitor:
    return Visitor.objects.create(consent=3, created_at=NOW, last_seen_at=NOW)


def do(visitor: Visitor, *payloads: Payload, at: datetime = NOW, consent: ConsentLevel = ConsentLevel.PERSONALISATION) -> None:
    signals = [
        Signal(kind="x", payload=payload, at=at + timedelta(seconds=number), event_id=uuid.uuid4())
        for number, payload in enumerate(payloads)
    ]
    observe(key=visitor.key, consent=consent, signals=signals, page=PageFacts(kind="help"), now=at)


def told() -> list[str]:
    kinds = SignalRecord.objects.filter(kind__in=["selfhelp.abandoned", "help.no_click"])
    return list(kinds.order_by("kind").values_list("kind", flat=True))


def planned() -> int:
    return Job.objects.filter(kind=JOB_KIND, state=JobState.DUE).count()


def test_visit__ended_with_a_tool_and_a_search_open__tells_both_once(visitor: Visitor) -> None:
    do(visitor, START, SEARCH)

    for minutes in (29, 31, 36, 90):
        run_due(now=NOW + minutes * MINUTE)

    assert told() == ["help.no_click", "selfhelp.abandoned"]
    assert {record.visit_id for record in SignalRecord.objects.all()} == {Visit.objects.get().pk}
    assert planned() == 0


def test_visit__still_running_when_it_is_looked_at__is_looked_at_later(visitor: Visitor) -> None:
    do(visitor, START)
    do(visitor, shipped.PageViewed(), at=NOW + 20 * MINUTE)

    run_due(now=NOW + 31 * MINUTE)
    assert (told(), planned()) == ([], 1)

    run_due(now=NOW + 51 * MINUTE)
    assert told() == ["selfhelp.abandoned"]


@pytest.mark.parametrize("then", [(FINISH,), ()], ids=["finished", "nothing begun"])
def test_visit__with_nothing_open__tells_nothing(visitor: Visitor, then: tuple[Payload, ...]) -> None:
    do(visitor, *((START, *then) if then else (shipped.PageViewed(),)))

    run_due(now=NOW + 31 * MINUTE)

    assert (told(), planned()) == ([], 0)


def test_visit__job_that_runs_twice__tells_once(visitor: Visitor) -> None:
    do(visitor, START)
    payload = Job.objects.get(kind=JOB_KIND).payload

    end_visit(payload, now=NOW + HALF_AN_HOUR)
    end_visit(payload, now=NOW + HALF_AN_HOUR)

    assert told() == ["selfhelp.abandoned"]


HALF_AN_HOUR = 31 * MINUTE


def test_visit__erased_or_no_longer_allowed__tells_nothing(visitor: Visitor) -> None:
    do(visitor, START)
    payload = Job.objects.get(kind=JOB_KIND).payload

    Visitor.objects.update(consent=ConsentLevel.FUNCTIONAL)
    end_visit(payload, now=NOW + HALF_AN_HOUR)
    Visit.objects.all().delete()
    end_visit(payload, now=NOW + HALF_AN_HOUR)
    end_visit({}, now=NOW + HALF_AN_HOUR)

    assert told() == []


def test_visit__below_statistics__plans_nothing(visitor: Visitor) -> None:
    do(visitor, START, consent=ConsentLevel.FUNCTIONAL)

    assert planned() == 0
