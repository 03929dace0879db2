"""Does the command for cron do the work that is due?"""

from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from oscar_engage.jobs.outbox import enqueue
from oscar_engage.management.commands.engage_tick import Command


@pytest.mark.attack("M09")
@pytest.mark.django_db
def test_engage_tick__due_job__done_and_said(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)
    said = StringIO()

    call_command("engage_tick", stdout=said)

    assert len(done) == 1
    assert said.getvalue() == "1 done, 0 to be tried again, 0 dead\n"


@pytest.mark.django_db
def test_engage_tick__from_cron_in_a_shop_without_a_worker__writes_nothing_to_be_mailed(settings: Any) -> None:
    settings.HUEY = settings.TASKS = None
    complaints = StringIO()

    Command(stdout=StringIO(), stderr=complaints).execute(limit=1, force_color=False, no_color=True, skip_checks=False)
    assert complaints.getvalue() == ""

    call_command("check", stdout=StringIO(), stderr=complaints)
    assert "oscar_engage.W007" in complaints.getvalue()


def test_engage_tick__settings_that_cannot_be_used__ends_with_the_key(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"RETENTION_DAYS": "ninety"}

    with pytest.raises(CommandError, match=r"OSCAR_ENGAGE\['RETENTION_DAYS'\] is a number"):
        call_command("engage_tick")
