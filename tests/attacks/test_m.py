"""Nothing is lost and nothing is done twice, whoever is killed, stopped or late."""

import ast
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test.utils import override_settings
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import RECURRING
from oscar_engage.jobs.registry import HANDLERS
from oscar_engage.jobs.run import LEASE, run_due
from oscar_engage.models import SignalRecord, Visit
from tests.architecture.source import ROOT, modules, relative, tree
from tests.attacks.readers import Reader
from tests.storefront.beats import body, known_shopper, send, signal

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave only the jobs of the test: nothing recurs, and its own kinds are forgotten afterwards."""
    monkeypatch.setattr(HANDLERS, "_entries", dict(HANDLERS._entries))
    monkeypatch.setattr(RECURRING, "_entries", {})


@pytest.mark.attack("M01", "M03", "M04")
@pytest.mark.skipif(os.environ.get("ENGAGE_TEST_DB") == "postgres", reason="the workers have an SQLite file of their own")
def test_m01__workers_killed_and_stopped_while_they_work__every_effect_is_there_once(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.attacks.killed_workers"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.attacks.worker_settings", "ENGAGE_TEST_FILE": str(tmp_path / "db")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    killed, left, effects, distinct = map(int, ran.stdout.split()[-4:])
    assert killed >= 6
    assert left == 0
    assert effects == distinct == 60


@pytest.mark.attack("M03", "M04")
@pytest.mark.django_db
@pytest.mark.parametrize("end", [SystemExit(143), KeyboardInterrupt(), GeneratorExit()])
@pytest.mark.parametrize("before", [True, False], ids=["before the effect", "after the effect"])
def test_m04__worker_ends_in_the_middle__effect_is_undone_and_the_job_runs_again(
    end: BaseException, before: bool, alone: None
) -> None:
    ends = [end]

    def work(payload: Mapping[str, Any], /, *, now: datetime) -> None:
        if before and ends:
            raise ends.pop()
        AuditEntry.objects.create(at=now, action="work", object_kind="job", object_id="1")
        if ends:
            raise ends.pop()

    HANDLERS.register("attacks.work", work)
    enqueue("attacks.work", key="a", now=NOW)

    with pytest.raises(type(end)):
        run_due(now=NOW)

    assert not AuditEntry.objects.exists()
    assert run_due(now=NOW + timedelta(seconds=1)).total == 0
    assert run_due(now=NOW + LEASE).done == 1
    assert AuditEntry.objects.count() == 1


UNSAFE = {"schedule", "lock_task", "delay", "on_commit_task", "reschedule", "revoke", "run_after"}
"""What of huey forgets: a task in its schedule, a lock that outlives its holder."""


@pytest.mark.attack("M02", "M05", "M12")
def test_m02__huey__is_asked_for_nothing_that_it_could_lose() -> None:
    used = {
        f"{relative(path)} {name}"
        for path in modules()
        if not relative(path).startswith("push/")  # asyncio's own words; it has no jobs
        for node in ast.walk(tree(path))
        for name in ([node.attr] if isinstance(node, ast.Attribute) else [node.id] if isinstance(node, ast.Name) else [])
        if name in UNSAFE
    }
    given = {
        f"{relative(path)} {keyword.arg}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in {"delay", "eta", "retries", "retry_delay", "lock"} and relative(path) == "tasks.py"
    }
    assert used | given == set()


@pytest.mark.attack("M12", "M02")
@pytest.mark.django_db
def test_m12__broker_forgets_everything__the_sweep_finds_it_at_its_time(alone: None) -> None:
    done: list[Any] = []

    def work(payload: Mapping[str, Any], /, *, now: datetime) -> None:
        done.append(payload["number"])

    HANDLERS.register("attacks.work", work)
    for number in range(50):  # no nudge arrives: nothing is committed in this test
        due = NOW + timedelta(minutes=number % 2)
        enqueue("attacks.work", key=str(number), payload={"number": number}, now=NOW, run_at=due)

    assert run_due(now=NOW).done == 25
    assert run_due(now=NOW + timedelta(minutes=1)).done == 25
    assert sorted(done) == list(range(50))


@pytest.mark.attack("M10")
@pytest.mark.django_db
def test_m10__poison__keeps_no_other_job_back(alone: None) -> None:
    done: list[str] = []

    def work(payload: Mapping[str, Any], /, *, now: datetime) -> None:
        if payload.get("poison"):
            raise ValueError("never")
        done.append("x")

    HANDLERS.register("attacks.work", work)
    enqueue("attacks.work", key="first", payload={"poison": True}, now=NOW)
    for number in range(5):
        enqueue("attacks.work", key=str(number), now=NOW)

    ran = run_due(now=NOW)

    assert (ran.done, ran.failed, len(done)) == (5, 1, 5)


@pytest.mark.attack("M16")
@pytest.mark.django_db
def test_m16__report_of_three_days_ago__is_stored_once_and_dated_within_minutes() -> None:
    client, three_days = known_shopper(), 3 * 24 * 3600 * 1000
    late = signal("page.exit_intent", at=signal()["at"] - three_days)

    for _time in range(3):
        send(client, body(late))

    kept = SignalRecord.objects.get(kind="page.exit_intent")
    assert timezone.now() - kept.at < timedelta(minutes=6)
    assert Visit.objects.get().state["exit_intents"] == 1


class LostAfterSending(EmailBackend):
    """A mail server that takes the mail; then the worker is gone, the first time."""

    losses: list[BaseException] = []

    def send_messages(self, messages: Any) -> int:
        """Send, then be lost."""
        sent = super().send_messages(messages)
        if self.losses:
            raise self.losses.pop()
        return sent


@pytest.mark.attack("M17")
@pytest.mark.django_db
@pytest.mark.parametrize("loss", [SystemExit(137), ConnectionResetError("after DATA")])
@override_settings(EMAIL_BACKEND="tests.attacks.test_m.LostAfterSending")
def test_m17__worker_lost_after_sending__second_mail_is_the_same_message(
    loss: BaseException, reader: Reader, mailoutbox: list[EmailMessage]
) -> None:
    reader.reply(reader.ask(email="ann@example.com"), "Yes.")
    LostAfterSending.losses[:] = [loss]
    now = timezone.now()

    try:
        run_due(now=now)
    except SystemExit:
        assert Job.objects.get(kind="desk.answer_mail").state == "running"
    run_due(now=now + LEASE)
    run_due(now=now + 3 * LEASE)

    assert len(mailoutbox) == 2
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 1
    assert Job.objects.get(kind="desk.answer_mail").state == "done"
