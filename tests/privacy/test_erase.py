"""Is somebody who asks to be erased gone from everywhere, and does everything else stay as it was?"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.signals import pre_delete

from oscar_engage.desk.carry.storage import walk
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.jobs import purge
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.run import LEASE, run_due
from oscar_engage.models import Assignment, Attachment, AuditEntry, Conversion, Decision, Erasure, SignalRecord, Visitor
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import PERSONAL, Ending
from oscar_engage.privacy.erase import begin_erasure, erase_part, erase_some, run_parts
from oscar_engage.privacy.find import customer, find_customer
from oscar_engage.privacy.holdings import read_holdings
from tests.analytics.lift.figures import figures
from tests.privacy.conftest import NOW, Known

pytestmark = pytest.mark.django_db
OF_STAFF = {
    *("AgentDay", "AgentHour", "Agent", "AgentSkill", "QueueMember", "Look", "Watching"),
    *("Practice", "PracticeChat", "PracticeLine", "LiveCode"),
}
"""Kinds that are about members of staff: of a shopper they say nothing."""
BY_ITS_ROW = {"CallTry", "OutsideConversation", "OutsideMessage"}
"""Kinds that are a shopper's by the row that they belong to, and hold no text of theirs."""

MODELS = list(apps.get_app_config("oscar_engage").get_models())


def texts() -> Iterator[tuple[str, str]]:
    """Yield every value in every table of ours, in the cache and in the media files, with where it is."""
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    for model in MODELS:
        for row in model._default_manager.values():
            for name, value in row.items():
                plain = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else value
                yield f"{model.__name__}.{name}", plain if isinstance(plain, str) else encoder.encode(plain)
    for key, value in getattr(cache, "_cache", {}).items():
        yield f"cache {key}", repr(value)
    for name in default_storage.listdir("")[1] if default_storage.exists("") else ():
        yield f"media {name}", name


def traces_of(known: Known) -> list[str]:
    """Return where the person is still named."""
    needles = [trace.lower() for trace in known.traces]
    return [place for place, text in texts() if any(needle in text.lower() for needle in needles)]


def erase(person: Person) -> Erasure:
    return run_parts(begin_erasure(person, actor=None, now=NOW), now=NOW)


def test_traces__before_the_erasure__are_found_in_every_kind(ada: Known) -> None:
    found = {place.partition(".")[0] for place in traces_of(ada)}
    deleted = {data.model.__name__ for data in PERSONAL if data.ending is not Ending.KEPT} - OF_STAFF - BY_ITS_ROW
    assert deleted - found == set()


@pytest.mark.attack("J05")
def test_erasure__of_a_customer__leaves_no_trace_and_nobody_elses_gone(ada: Known, bob: Known) -> None:
    beside = {holding.data.name: holding.rows for holding in read_holdings(customer(bob.user.pk))}

    erasure = erase(find_customer("ADALOVELACE@example.com"))

    assert traces_of(ada) == []
    assert {holding.data.name: holding.rows for holding in read_holdings(customer(bob.user.pk))} == beside
    assert (erasure.finished_at, erasure.person, erasure.erased["signals"]) == (NOW, {}, 3)


@pytest.mark.attack("J05")
def test_erasure__of_a_customer__changes_no_report(ada: Known, bob: Known, rule: Any) -> None:
    def report() -> Any:
        return figures(rule, NOW)

    before = report()
    assert before.treated.buyers == 2

    erase(customer(ada.user.pk))

    assert report() == before


def test_erasure__what_is_counted_on__is_under_one_id_of_nobodys(ada: Known) -> None:
    erase(customer(ada.user.pk))

    (nobody,) = {model.objects.get().visitor_id for model in (Assignment, Conversion, Decision)}
    assert nobody != ada.visitor.pk
    assert not Visitor.objects.exists()
    assert (Conversion.objects.get().order_id, Conversion.objects.get().order_number) == (None, "")
    assert (Decision.objects.get().visit, Decision.objects.get().page_path) == (None, "")


@pytest.mark.parametrize("mark", ["is_staff", "is_automaton"])
def test_erasure__of_who_is_no_shopper__is_still_counted_nowhere(ada: Known, bob: Known, rule: Any, mark: str) -> None:
    Visitor.objects.filter(pk=ada.visitor.pk).update(**{mark: True})
    before = figures(rule, NOW)
    assert (before.staff + before.automata, before.treated.units) == (1, 1)

    erase(customer(ada.user.pk))

    assert figures(rule, NOW) == before
    assert traces_of(ada) == []


@pytest.mark.attack("J05")
def test_erasure__twice__finds_nothing_the_second_time(ada: Known) -> None:
    person = customer(ada.user.pk)
    erase(person)

    assert erase(customer(ada.user.pk)).erased == {}
    assert [holding.data.ending for holding in read_holdings(person)] == [Ending.KEPT]  # the hash of an objection


def test_erasure__chat_that_goes_on__gives_the_agent_the_slot_back(ada: Known, agent: Agent) -> None:
    assert Agent.objects.get().used_tenths == 10

    erase(customer(ada.user.pk))

    assert Agent.objects.get().used_tenths == 0
    assert not Conversation.objects.exists()


def test_erasure__of_an_agent__puts_the_chats_back_into_the_queue(ada: Known, agent: Agent) -> None:
    erase(customer(agent.user_id))

    waiting = Conversation.objects.get(pk=ada.chat.pk)
    assert (waiting.status, waiting.agent_id) == ("waiting", None)
    assert not Agent.objects.exists()


@pytest.mark.attack("J05")
def test_erasure__committed__takes_the_persons_files_and_nobody_elses(
    ada: Known, bob: Known, django_capture_on_commit_callbacks: Any
) -> None:
    his = Attachment.objects.get(message__conversation=bob.chat).path
    assert len(list(walk())) == 2

    with django_capture_on_commit_callbacks(execute=True):
        erase(customer(ada.user.pk))

    assert list(walk()) == [his]


@pytest.mark.attack("J05")
def test_erasure__of_an_agent__takes_all_that_is_kept_of_staff(ada: Known, agent: Agent) -> None:
    person = customer(agent.user_id)
    assert {holding.data.model.__name__ for holding in read_holdings(person)} >= OF_STAFF

    erase(person)

    assert {holding.data.model.__name__ for holding in read_holdings(person)} & OF_STAFF == set()
    assert Conversation.objects.filter(pk=ada.chat.pk).exists()


@pytest.mark.attack("J05")
def test_erasure__audited__without_whom_it_was_about(ada: Known, agent: Agent) -> None:
    erasure = run_parts(begin_erasure(customer(ada.user.pk), actor=agent.user, now=NOW), now=NOW)

    rows = list(AuditEntry.objects.values_list("action", "actor", "object_id"))
    assert rows == [
        ("person.erasure_begun", agent.user_id, erasure.pk.hex),
        ("person.erased", None, erasure.pk.hex),
    ]


def test_erasure__address_alone__takes_what_was_asked_under_it_and_not_the_browser(ada: Known, bob: Known) -> None:
    Conversation.objects.filter(pk=bob.note.pk).update(email="guest@example.com")

    erase(find_customer("Guest@example.com"))

    assert not Conversation.objects.filter(pk=bob.note.pk).exists()
    assert Conversation.objects.filter(pk=bob.chat.pk).exists()
    assert Visitor.objects.count() == 2


def test_erasure__many_rows__goes_in_chunks_and_no_part_is_larger(ada: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "CHUNK", 2)

    begun = begin_erasure(customer(ada.user.pk), actor=None, now=NOW)
    first = run_parts(begun, most=1, now=NOW)
    assert (sum(first.erased.values()), first.finished_at) == (2, None)

    run_due(now=NOW)

    begun.refresh_from_db()
    assert begun.finished_at == NOW
    assert traces_of(ada) == []
    assert begun.part >= 7


@pytest.mark.parametrize(("step", "parts"), [(100, 1), (3, 4)])
def test_erasure__database_is_slow__stops_after_a_step_and_goes_on(
    ada: Known, monkeypatch: pytest.MonkeyPatch, step: int, parts: int
) -> None:
    monkeypatch.setattr(purge, "HOLD", 0)
    monkeypatch.setattr(purge, "STEP", step)
    begun = begin_erasure(customer(ada.user.pk), actor=None, now=NOW)

    run_due(now=NOW)

    begun.refresh_from_db()
    assert (begun.finished_at, traces_of(ada)) == (NOW, [])
    assert begun.part >= parts if parts > 1 else begun.part == parts


def test_erasure__worker_killed_midway__goes_on_where_it_was(ada: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "CHUNK", 2)
    begun = begin_erasure(customer(ada.user.pk), actor=None, now=NOW)

    def kill(**kwargs: Any) -> None:
        raise KeyboardInterrupt

    pre_delete.connect(kill, sender=SignalRecord)
    with pytest.raises(KeyboardInterrupt):
        run_due(now=NOW)
    pre_delete.disconnect(kill, sender=SignalRecord)
    assert Job.objects.filter(state=JobState.RUNNING).count() == 1
    assert SignalRecord.objects.count() == 3

    run_due(now=NOW + LEASE)

    begun.refresh_from_db()
    assert begun.finished_at is not None
    assert traces_of(ada) == []


def test_erasure__browser_goes_on_meanwhile__what_it_adds_goes_too(ada: Known) -> None:
    person = customer(ada.user.pk)
    begun = run_parts(begin_erasure(person, actor=None, now=NOW), most=1, now=NOW)
    assert begun.finished_at is None
    SignalRecord.objects.create(
        event_id=uuid.uuid4(), visitor_id=ada.visitor.pk, kind="page.viewed", source="browser", at=NOW, received_at=NOW
    )

    finished = run_parts(begun, now=NOW)

    assert finished.erased["signals"] == 4
    assert traces_of(ada) == []


def test_erasure__finished_one__its_job_come_late_does_nothing(ada: Known) -> None:
    finished = erase(customer(ada.user.pk))

    erase_part({"erasure": finished.pk.hex}, now=NOW)

    assert run_parts(finished, now=NOW) == finished
    finished.refresh_from_db()
    assert AuditEntry.objects.filter(action="person.erased").count() == 1
    assert erase_some(customer(ada.user.pk), most=10, now=NOW).total() == 0


def test_settings__media_and_cache__are_where_the_search_looks() -> None:
    assert django_settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")


def test_models__fields_that_hold_files__are_none() -> None:
    assert [field for model in MODELS for field in model._meta.concrete_fields if isinstance(field, models.FileField)] == []
