"""Runs the measurement of the chats on PostgreSQL and prints what it found, as JSON."""

import asyncio
import json
import os
import statistics
import threading
import time
from typing import Any

import django

from benchmarks.chat_browsers import Ear, Line, poll_path, post, talk
from benchmarks.chat_people import Chat, make_chats
from benchmarks.chat_servers import (
    allow_many_files,
    busy_cores,
    cpu_seconds,
    family,
    memory_kb,
    push_server,
    serving,
    shop_server,
    threads,
)
from benchmarks.core_speed import take_sample

CHATS = 1000
POLL_EVERY, SAY_EVERY = 3.0, 20.0
WARM_SECONDS, SECONDS = 6.0, 40.0
WORDS_PER_SECOND = 10
WORDS = 300
FIRST_EARS = 50  # what a process needs for its first listeners is no listener's own


def main() -> None:
    """Make the tables and the chats, measure both ways, and remove them."""
    django.setup()
    from django.db import connection

    allow_many_files()
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        chats = make_chats(CHATS)
        connection.close()
        os.environ["ENGAGE_TEST_DB_NAME"] = name
        with serving(*shop_server()) as (shop, shop_pid):
            found = {"poll": measure_polls(shop, shop_pid, chats)}
            with serving(*push_server()) as (push, push_pid):
                found["push"] = asyncio.run(measure_push(shop, push, push_pid, chats))
        print(json.dumps(found))
    finally:
        with connection.cursor() as cursor:  # a server that was killed may not have hung up yet
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid()"
            )
        connection.creation.destroy_test_db(name, verbosity=0)


class CoreWatch:
    """Takes samples of the core's speed while something else is measured."""

    def __init__(self) -> None:
        self._loops: list[float] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "CoreWatch":
        self._busy, self._all = busy_cores()
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._is_over.set()
        self._thread.join()
        busy, every = busy_cores()
        self.busy = (busy - self._busy) / (every - self._all)

    def _watch(self) -> None:
        while not self._is_over.wait(0.5):
            self._loops.append(take_sample(lambda: None).loop)

    @property
    def slowdown(self) -> float:
        """How many times slower than its best the core was, on average."""
        return statistics.mean(self._loops) / min(self._loops)


def database_pids() -> list[int]:
    """Return the processes of PostgreSQL that serve this database, as far as they run on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        pids = [pid for (pid,) in cursor.fetchall()]
    connection.close()
    return pids


def measure_polls(port: int, pid: int, chats: list[Chat]) -> dict[str, Any]:
    """Have all chats polled and talked in; return what that cost the server's process.

    The work is :data:`SECONDS` of these chats, also where a busy machine takes longer over it: CPU is divided by that.
    """

    def run(seconds: float) -> dict[str, int]:
        return dict(asyncio.run(talk(port, chats, seconds=seconds, poll_every=POLL_EVERY, say_every=SAY_EVERY)))

    run(WARM_SECONDS)
    database = database_pids()
    before, before_there = cpu_seconds(family(pid)), cpu_seconds(database)
    started = time.monotonic()
    with CoreWatch() as core:
        answers = run(SECONDS)
    took = time.monotonic() - started
    return {
        "cores": (cpu_seconds(family(pid)) - before) / SECONDS,
        "database_cores": (cpu_seconds(database) - before_there) / SECONDS,
        "answers": answers,
        "seconds": SECONDS,
        "took": took,
        "slowdown": core.slowdown,
        "busy": core.busy,
    }


async def measure_push(shop: int, push: int, pid: int, chats: list[Chat]) -> dict[str, Any]:
    """Have a listener on every chat; return what each costs, and how long a message takes to the other side."""
    ears = [await Ear.open(push, chat) for chat in chats[:FIRST_EARS]]
    await asyncio.sleep(2)
    before = memory_kb(family(pid))
    for chat in chats[FIRST_EARS:]:
        ears.append(await Ear.open(push, chat))
    await asyncio.sleep(3)
    each = (memory_kb(family(pid)) - before) / (len(chats) - FIRST_EARS)
    listening = [asyncio.ensure_future(ear.listen()) for ear in ears]
    idle_before, idle_from = cpu_seconds(family(pid)), time.monotonic()
    await asyncio.sleep(10)
    idle = (cpu_seconds(family(pid)) - idle_before) / (time.monotonic() - idle_from)
    with CoreWatch() as core:
        lags: list[float] = []
        lagging = asyncio.ensure_future(note_lags(lags))
        waits = await say_words(shop, ears)
        lagging.cancel()
    held = {"listeners": len(ears), "threads": threads(family(pid)), "kb": each, "total_kb": memory_kb(family(pid))}
    for ear, task in zip(ears, listening, strict=True):
        task.cancel()
        ear.writer.close()
    return {
        **held,
        **waits,
        "lag_p99": statistics.quantiles(lags, n=100)[98],
        "idle_cores": idle,
        "slowdown": core.slowdown,
        "busy": core.busy,
    }


async def note_lags(lags: list[float]) -> None:
    """Note, until it is cancelled, how many milliseconds late a timer goes off: what the machine itself takes its time over."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.01)
        lags.append((time.monotonic() - began - 0.01) * 1000)


async def say_words(shop: int, ears: list[Ear]) -> dict[str, Any]:
    """Post messages at an even pace; return the milliseconds until the wake, and until the words were read by a poll."""
    woken: list[float] = []
    read: list[float] = []
    lost = 0

    async def say(number: int) -> None:
        nonlocal lost
        ear = ears[number * 37 % len(ears)]
        line, other = Line(shop), Line(shop)
        _status, known = await other.ask("GET", poll_path(ear.chat, 0), ear.chat.shopper_cookie)
        after = known.count(b"data-seq=")
        await line.ask(
            "GET", poll_path(ear.chat, after), ear.chat.shopper_cookie
        )  # the connection is open already, as in a browser
        began = time.monotonic()
        posting = asyncio.ensure_future(post(line, ear.chat, f"Words {number}", by_agent=True, after=after))
        try:
            woken.append((await ear.hear(after + 1) - began) * 1000)
        except TimeoutError:
            lost += 1
        _status, words = await other.ask("GET", poll_path(ear.chat, after), ear.chat.shopper_cookie)
        if f"Words {number}".encode() in words:
            read.append((time.monotonic() - began) * 1000)
        await posting
        await line.close()
        await other.close()

    waiting = []
    for number in range(WORDS):
        waiting.append(asyncio.ensure_future(say(number)))
        await asyncio.sleep(1 / WORDS_PER_SECOND)
    await asyncio.gather(*waiting)
    return {
        "woken_p50": statistics.median(woken),
        "woken_p99": statistics.quantiles(woken, n=100)[98],
        "read_p50": statistics.median(read),
        "read_p99": statistics.quantiles(read, n=100)[98],
        "lost": lost + WORDS - len(read),
        "words": WORDS,
    }


if __name__ == "__main__":
    main()
