"""The same work without an outbox, as huey's documentation has it: the peer in this comparison."""

from django.db import transaction
from huey.contrib.djhuey import db_task

from benchmarks.soak.work import ALONE, leave_traces

RETRIES = 5


@db_task(retries=RETRIES)  # type: ignore[untyped-decorator]  # huey carries no types
def work_alone(number: int) -> None:
    """Do one job; huey tries again what raises."""
    with transaction.atomic():
        leave_traces(ALONE, number)
