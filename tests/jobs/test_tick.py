"""Does the command for cron do the work that is due?"""

from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from oscar_engage.jobs.outbox import enqueue


@pytest.mark.attack("M09")
@pytest.mark.django_db
def test_engage_tick__due_job__done_and_said(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)
    said = StringIO()

    call_command("engage_tick", stdout=said)

    assert len(done) == 1
    assert said.getvalue() == "1 done, 0 to be tried again, 0 dead\n"
