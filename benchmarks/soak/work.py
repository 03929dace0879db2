"""What is a job of the soak? A row, a mail, and time in between in which it can be killed."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage

from benchmarks.soak.models import Effect
from oscar_engage.jobs import run
from oscar_engage.jobs.registry import handler

KIND = "soak.work"
OURS, ALONE = "ours", "alone"

# Nobody wants to wait five minutes for the jobs of a dead worker; ten seconds are as far above one job's time.
run.LEASE = timedelta(seconds=10)

BEFORE_THE_MAIL = 0.04
AFTER_THE_MAIL = 0.02
"""Seconds; who is killed in the second has sent the mail and not yet committed."""


@handler(KIND)
def work(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Do one job."""
    leave_traces(OURS, payload["number"])


def leave_traces(way: str, number: int) -> None:
    """Write the row and send the mail, slowly; call it in a transaction."""
    Effect.objects.create(way=way, number=number)
    time.sleep(BEFORE_THE_MAIL)
    EmailMessage(subject=way, to=["ada@example.com"], headers={"Message-ID": message_id(way, number)}).send()
    time.sleep(AFTER_THE_MAIL)


def message_id(way: str, number: int) -> str:
    """Return the Message-ID of a job's mail: the same in each try."""
    return f"<{way}-{number}@soak.example>"
