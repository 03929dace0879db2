"""Does the work of a module that is off rest, and go on when it is on again? Purges never rest."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from oscar_engage.core.modules import owners
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import RECURRING, plan
from oscar_engage.jobs.registry import HANDLERS
from oscar_engage.jobs.run import run_due

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_DESK = {"MODULES_OFF": ("desk", "chat", "calls", "shared_page")}


@pytest.mark.everything_recurs
def test_recurring__of_a_module_that_is_off__is_not_planned():
    with override_settings(OSCAR_ENGAGE=NO_DESK):
        plan(now=NOW)
    planned = set(Job.objects.values_list("kind", flat=True))
    assert planned == {name for name in RECURRING.names() if "desk" not in owners("jobs", name) and not _needs_desk(name)}
    assert {"desk.purge", "desk.purge_pages", "sharing.purge", "signals.purge"} <= planned
    assert not {"desk.promises", "desk.calls.due", "sharing.end_dead"} & planned


def _needs_desk(name: str) -> bool:
    return bool(owners("jobs", name) & {"chat", "calls", "shared_page", "outside"})


def test_job__of_a_module_that_is_off__waits_and_runs_later(monkeypatch):
    done = []
    monkeypatch.setitem(HANDLERS._entries, "desk.transcript_mail", lambda payload, *, now: done.append(payload["n"]))
    enqueue("desk.transcript_mail", key="one", payload={"n": 1}, now=NOW)
    with override_settings(OSCAR_ENGAGE=NO_DESK):
        run_due(now=NOW)
    assert not done
    assert Job.objects.get(key="one").state == JobState.DUE
    run_due(now=NOW + timedelta(seconds=1))
    assert done == [1]


def test_jobs__every_pattern_of_the_table__names_a_job():
    from oscar_engage.core.modules import MODULES  # noqa: PLC0415 - beside what it is compared with

    for module in MODULES.values():
        for pattern in module.jobs:
            assert [name for name in HANDLERS.names() if name.startswith(pattern.rstrip("*"))], pattern
