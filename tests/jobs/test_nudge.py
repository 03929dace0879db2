"""Does a nudge reach a worker, never run inside the request, and never fail what it was sent from?"""

import sys
from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

import django
import pytest
from django.test import override_settings

from oscar_engage import tasks
from oscar_engage.jobs import nudge
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue

Capture = Callable[..., Any]


@pytest.fixture
def broken_port(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A port whose broker is down; the list tells how often it was asked."""
    asked: list[str] = []
    module = ModuleType("broken_port")

    def port(key: str) -> None:
        asked.append(key)
        raise ConnectionRefusedError("redis://:secret@10.0.0.1")

    module.port = port  # type: ignore[attr-defined]  # a module made for this test
    monkeypatch.setitem(sys.modules, "broken_port", module)
    monkeypatch.setattr(nudge, "PORT", "broken_port.port")
    return asked


@pytest.mark.attack("L08", "M12")
@pytest.mark.django_db
def test_enqueue__broker_down__job_kept_and_nothing_raised(
    broken_port: list[str],
    done: list[Any],
    now: datetime,
    django_capture_on_commit_callbacks: Capture,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("test.work", key="a", now=now)

    assert broken_port == ["a"]
    assert Job.objects.get().state == JobState.DUE
    assert "ConnectionRefusedError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("error", [SystemExit(1), ImportError("huey"), RuntimeError()])
def test_nudge__port_cannot_be_had__swallowed(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("broken_port")

    def port(key: str) -> None:
        raise error

    module.port = port  # type: ignore[attr-defined]  # a module made for this test
    monkeypatch.setitem(sys.modules, "broken_port", module)
    monkeypatch.setattr(nudge, "PORT", "broken_port.port")

    nudge.nudge("a")


@pytest.mark.attack("M14")
@pytest.mark.django_db
def test_nudge__no_backend_configured__left_to_the_sweep(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)

    nudge.nudge("a")

    assert done == []


@pytest.mark.django_db
def test_nudge__backend_configured__enqueued_with_the_key_alone(done: list[Any], now: datetime) -> None:
    library = "django.tasks" if django.VERSION >= (6, 0) else "django_tasks"
    with override_settings(TASKS={"default": {"BACKEND": f"{library}.backends.dummy.DummyBackend"}}):
        enqueue("test.work", key="a", now=now)
        tasks.nudge("a")

        [result] = tasks.run_job_now.get_backend().results  # type: ignore[attr-defined]  # the dummy backend's own attribute
        assert (result.args, result.kwargs) == (["a"], {})
    assert done == []


@pytest.mark.django_db
def test_run_job_now__key__job_done(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", payload={"id": 1}, now=now)

    tasks.run_job_now.func("a")

    assert done == [{"id": 1}]
