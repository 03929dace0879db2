"""Soaks one database: makes its tables, lets workers die over our jobs and over huey's, prints both tallies as JSON."""

import email
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import django

from benchmarks.soak.broker import queue_database, redis
from benchmarks.soak.consumer import Consumer

SEED = 20
JOBS = 600
#: Of ten jobs, one is due only later; huey's scheduler holds it when there is no outbox.
LATER_ONE_IN = 10
LATEST_SECONDS = 30.0
BLOWS = ["kill"] * 8 + ["terminate"] * 2 + ["one"] * 2
"""SIGKILL to all, SIGTERM to all, SIGKILL to one process worker (nothing where workers are threads)."""
#: Seconds after a round's first trace at which the blow falls.
BLOW_AFTER = (0.05, 0.5)
#: Nothing is lost before so many seconds without any progress: two sweeps, the lease, and a pause after a failed try.
PATIENCE_SECONDS = 200
START_SECONDS = 60
NO_REDIS = 78
"""The exit status where this machine has no ``redis-server``."""
QUIET_SECONDS = 15
POLL_SECONDS = 0.02

Handover = Callable[[int, float], None]


def main() -> int:
    """Soak in a folder of its own; what comes out is one line of JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["ENGAGE_SOAK_FOLDER"] = name
        queue = os.environ.get("ENGAGE_SOAK_QUEUE")
        if queue == "tables":
            with queue_database() as os.environ["ENGAGE_SOAK_QUEUE_DATABASE"]:
                print(json.dumps(soak(folder)))
            return 0
        if queue != "redis":
            print(json.dumps(soak(folder)))
            return 0
        with redis(folder) as port:
            if port is None:
                return NO_REDIS
            os.environ["ENGAGE_SOAK_REDIS"] = str(port)
            print(json.dumps(soak(folder)))
    return 0


def soak(folder: Path) -> dict[str, object]:
    """Make the tables, soak both ways and return their tallies."""
    django.setup()
    from django.conf import settings
    from django.db import connection

    from benchmarks.soak.work import ALONE, OURS

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        ours = soak_way(OURS, hand_over_to_us, is_settled=all_done)
        alone = soak_way(ALONE, hand_over_to_huey, is_settled=queue_is_empty)
        storage, crowd = settings.HUEY["huey_class"].split(".")[-1], settings.HUEY["consumer"]
        return {
            "how": f"{storage}, {crowd['workers']} {crowd['worker_type']} workers, {BLOWS.count('kill')} times kill -9",
            "ours": {**tally(OURS, folder), **ours, "expired": expired_leases()},
            "alone": {**tally(ALONE, folder), **alone},
        }
    finally:
        connection.creation.destroy_test_db(str(connection.settings_dict["NAME"]), verbosity=0)


def soak_way(way: str, hand_over: Handover, *, is_settled: Callable[[], bool]) -> dict[str, float]:
    """Hand over all jobs in rounds that end with a blow each, then let the rest be done; the same seed for both ways."""
    chance = random.Random(SEED)  # noqa: S311 - where blows fall is no secret
    blows = list(BLOWS)
    chance.shuffle(blows)
    consumer, started = Consumer(), time.monotonic()
    try:
        consumer.start()
        for round_, blow in enumerate(blows):
            say(f"{way}: {blow}, {round_ + 1} of {len(blows)}")
            before = traces(way)
            for number in range(JOBS * round_ // len(blows), JOBS * (round_ + 1) // len(blows)):
                hand_over(number, chance.uniform(1, LATEST_SECONDS) if number % LATER_ONE_IN == 0 else 0)
            await_more(way, before)
            time.sleep(chance.uniform(*BLOW_AFTER))
            strike(consumer, blow, chance)
        say(f"{way}: the rest")
        settle(way, is_settled)
    finally:
        consumer.kill()
    return {"seconds": time.monotonic() - started}


def strike(consumer: Consumer, blow: str, chance: random.Random) -> None:
    """End the consumer in the way that ``blow`` names and start it anew, or kill one of its workers."""
    if blow == "one":
        consumer.kill_one_worker(chance)
        return
    consumer.kill() if blow == "kill" else consumer.terminate()
    consumer.start()


def say(line: str) -> None:
    """Tell whoever waits how far it is; what is measured goes to the standard output."""
    print(line, file=sys.stderr, flush=True)


def hand_over_to_us(number: int, delay: float) -> None:
    """Write the job as a shop does, in a transaction; huey is nudged when it is committed."""
    from django.db import transaction
    from django.utils import timezone

    from benchmarks.soak.work import KIND
    from oscar_engage.jobs.outbox import enqueue

    now = timezone.now()
    with transaction.atomic():
        enqueue(KIND, key=f"{KIND}:{number}", payload={"number": number}, now=now, run_at=now + timedelta(seconds=delay))


def hand_over_to_huey(number: int, delay: float) -> None:
    """Give the job to huey and nobody else."""
    from benchmarks.soak.tasks import work_alone

    if delay:
        work_alone.schedule((number,), delay=delay)
    else:
        work_alone(number)


def all_done() -> bool:
    """Whether no job of ours waits or runs."""
    from benchmarks.soak.work import KIND
    from oscar_engage.jobs.models import Job, JobState

    return not Job.objects.filter(kind=KIND, state__in=[JobState.DUE, JobState.RUNNING]).exists()


def queue_is_empty() -> bool:
    """Whether huey holds nothing any more."""
    from huey.contrib.djhuey import HUEY

    return not HUEY.pending_count() and not HUEY.scheduled_count()


def settle(way: str, is_settled: Callable[[], bool]) -> None:
    """Return when the work is done and quiet, or when nothing has moved for longer than a sweep takes."""
    seen, moved_at = traces(way), time.monotonic()
    while time.monotonic() < moved_at + (QUIET_SECONDS if is_settled() else PATIENCE_SECONDS):
        time.sleep(1)
        if traces(way) != seen:
            seen, moved_at = traces(way), time.monotonic()


def await_more(way: str, before: int) -> None:
    """Return when somebody works. Raises ``TimeoutError`` when nobody does: to kill idle workers would prove nothing."""
    deadline = time.monotonic() + START_SECONDS
    while traces(way) <= before:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no worker did anything for {START_SECONDS} s")
        time.sleep(POLL_SECONDS)


def traces(way: str) -> int:
    """How many traces there are so far."""
    from benchmarks.soak.models import Effect

    return Effect.objects.filter(way=way).count()


def expired_leases() -> int:
    """How many jobs needed more than one try."""
    from benchmarks.soak.work import KIND
    from oscar_engage.jobs.models import Job

    return Job.objects.filter(kind=KIND, attempts__gt=1).count()


def tally(way: str, folder: Path) -> dict[str, int]:
    """Count what was left behind against what was handed over."""
    from benchmarks.soak.models import Effect
    from benchmarks.soak.work import message_id

    effects = Counter(Effect.objects.filter(way=way).values_list("number", flat=True))
    mails = Counter(sent_ids(folder / "mail"))
    wanted = [message_id(way, number) for number in range(JOBS)]
    return {
        "jobs": JOBS,
        "lost": JOBS - len(effects),
        "doubled": effects.total() - len(effects),
        "mails_doubled": sum(max(0, mails[wanted_id] - 1) for wanted_id in wanted),
        "mails_missing": sum(1 for wanted_id in wanted if not mails[wanted_id]),
    }


def sent_ids(folder: Path) -> list[str]:
    """The Message-ID of every mail; Django writes several mails of one connection into one file, a line of dashes between."""
    found = []
    for path in folder.glob("*"):
        for part in path.read_text().split("\n" + "-" * 79 + "\n"):
            with suppress(KeyError):
                found.append(email.message_from_string(part)["Message-ID"] or "")
    return found


if __name__ == "__main__":
    sys.exit(main())
