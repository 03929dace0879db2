"""Is everybody forgotten in time, in small steps, and does a purge that was killed go on?"""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models.signals import pre_delete

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.purge import KIND as TRANSCRIPTS
from oscar_engage.jobs import purge
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import RECURRING
from oscar_engage.jobs.run import LEASE, run_due
from oscar_engage.models import Assignment, Decision, Erasure, SignalRecord, Visit, Visitor
from oscar_engage.privacy import purge as visitors_purge
from oscar_engage.privacy.erase import PURGE as VISITORS
from oscar_engage.signals.purge import KIND as SIGNALS
from tests.analytics.lift.figures import figures
from tests.privacy.conftest import NOW, Known

pytestmark = pytest.mark.django_db
TRANSCRIPT_ENDS = timedelta(days=365, seconds=1)
VISITOR_ENDS = timedelta(days=390, seconds=1)


@pytest.fixture(autouse=True)
def _only_what_a_test_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RECURRING, "_entries", {})


def run(kind: str, now: datetime) -> None:
    enqueue(kind, key=f"test:{kind}:{now:%Y%m%d%H%M%S}", now=now)
    run_due(now=now)


def test_retention__defaults__are_those_of_the_documents() -> None:
    kept = get_settings()
    assert (kept.retention_days, kept.transcript_retention_days, kept.visitor_retention_days) == (90, 365, 390)


def test_transcripts__silent_for_a_year__go_with_their_messages_and_slots(ada: Known) -> None:
    run(TRANSCRIPTS, NOW + TRANSCRIPT_ENDS - timedelta(seconds=2))
    assert Conversation.objects.count() == 2

    run(TRANSCRIPTS, NOW + TRANSCRIPT_ENDS)

    assert not Conversation.objects.exists()
    assert not Message.objects.exists()
    assert Agent.objects.get().used_tenths == 0


def test_transcripts__one_with_a_late_word__stays(ada: Known) -> None:
    Message.objects.filter(conversation=ada.note).update(at=NOW + timedelta(days=1))

    run(TRANSCRIPTS, NOW + TRANSCRIPT_ENDS)

    assert list(Conversation.objects.all()) == [ada.note]


def test_transcripts__more_than_a_chunk__go_in_small_steps(ada: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "CHUNK", 2)
    now = NOW + TRANSCRIPT_ENDS
    enqueue(TRANSCRIPTS, key="first", now=now)

    steps = []
    while run_due(now=now, limit=1).done:
        steps.append((Message.objects.count(), Conversation.objects.count()))

    sizes = [before[0] - after[0] + before[1] - after[1] for before, after in zip([(4, 2), *steps], steps, strict=False)]
    assert steps[-1] == (0, 0)
    assert max(sizes) <= 2


def test_visitors__not_seen_for_thirteen_months__are_forgotten_and_counted_on(ada: Known, bob: Known, rule: Any) -> None:
    before = figures(rule, NOW)
    Conversation.objects.all().delete()
    Visitor.objects.filter(pk=bob.visitor.pk).update(last_seen_at=NOW + timedelta(days=1))

    run(VISITORS, NOW + VISITOR_ENDS)

    assert list(Visitor.objects.values_list("pk", flat=True)) == [bob.visitor.pk]
    assert set(SignalRecord.objects.values_list("visitor_id", flat=True)) == {bob.visitor.pk}
    assert not Assignment.objects.filter(visitor_id=ada.visitor.pk).exists()
    assert not Erasure.objects.exists()
    assert figures(rule, NOW) == before


def test_visitors__with_a_question__stay_as_long_as_it(ada: Known) -> None:
    run(VISITORS, NOW + VISITOR_ENDS)

    assert Visitor.objects.exists()


@pytest.mark.parametrize("mark", ["is_staff", "is_automaton"])
def test_visitors__mark_of_who_is_no_shopper__stays_and_is_not_looked_at_again(db: None, mark: str) -> None:
    Visitor.objects.create(**{mark: True}, created_at=NOW, last_seen_at=NOW)

    run(VISITORS, NOW + VISITOR_ENDS)

    assert Visitor.objects.get().is_uncounted
    assert not Erasure.objects.exists()


def test_visitors__more_than_a_lot__are_all_forgotten(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors_purge, "AT_ONCE", 2)
    Visitor.objects.bulk_create(Visitor(created_at=NOW, last_seen_at=NOW) for _ in range(5))

    run(VISITORS, NOW + VISITOR_ENDS)

    assert not Visitor.objects.exists()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_visitors__a_lot_goes_on_already__no_second_one_begins(ada: Known) -> None:
    Conversation.objects.all().delete()
    now = NOW + VISITOR_ENDS
    visitors_purge.purge_visitors({}, now=now)

    visitors_purge.purge_visitors({}, now=now + timedelta(days=1))

    assert Erasure.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "model", "after"),
    [
        (SIGNALS, SignalRecord, timedelta(days=91)),
        (TRANSCRIPTS, Conversation, TRANSCRIPT_ENDS),
        (VISITORS, Visit, VISITOR_ENDS),
    ],
)
def test_purge__worker_killed_midway__goes_on(
    kind: str, model: Any, after: timedelta, ada: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "CHUNK", 2)
    if kind == VISITORS:
        Conversation.objects.all().delete()
    deaths = []

    def kill(**kwargs: Any) -> None:
        deaths.append(kwargs)
        raise KeyboardInterrupt

    now = NOW + after
    enqueue(kind, key="first", now=now)
    pre_delete.connect(kill, sender=model)
    with pytest.raises(KeyboardInterrupt):
        run_due(now=now)
    pre_delete.disconnect(kill, sender=model)
    assert len(deaths) == 1
    assert model.objects.exists()
    assert Job.objects.filter(state=JobState.RUNNING).count() == 1

    run_due(now=now + LEASE)

    assert not model.objects.exists()
    assert not Decision.objects.filter(visitor_id=ada.visitor.pk, visit=None).exists()
    assert not Job.objects.exclude(state=JobState.DONE).exclude(key__startswith="visitors.forget:").exists()


def test_hearing__of_a_visitor_who_was_just_erased__writes_nothing(db: None) -> None:
    from oscar_engage.visitors.hear import hear  # noqa: PLC0415 - only here

    hear(uuid.uuid4(), [], now=NOW)

    assert not SignalRecord.objects.exists()
