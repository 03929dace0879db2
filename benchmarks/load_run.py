"""Starts the shop's processes and everybody in it, brings in one fault after the other, counts. PostgreSQL only."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from statistics import fmean
from typing import Any

import django
import psycopg

from benchmarks.chat_servers import family, memory_kb, push_server, serving, shop_server
from benchmarks.soak.broker import queue_database
from benchmarks.soak.consumer import Consumer

MINUTES = float(os.environ.get("BENCHMARK_MINUTES", "30"))
CHATS = 200
WARM_SECONDS = 10.0
LOCKED, FREE = 3.0, 2.0  # seconds, in turns
CUT_EVERY = 2.0


def main() -> None:
    """Make the shop, measure, and remove it."""
    with queue_database() as os.environ["ENGAGE_SOAK_QUEUE_DATABASE"]:
        django.setup()
        from django.db import connection

        from benchmarks.beat_run import make_rules
        from benchmarks.chat_people import make_chats
        from tests.storefront.journeys import stock_shop

        name = str(connection.settings_dict["NAME"])
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            make_rules()
            product, chats = stock_shop().get_absolute_url(), make_chats(CHATS)
            connection.close()
            os.environ["ENGAGE_TEST_DB_NAME"] = name
            known = [[chat.public_id, chat.shopper_cookie] for chat in chats]
            print(json.dumps(measure([product, "/catalogue/", "/basket/"], known)))
        finally:
            administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
            connection.creation.destroy_test_db(name, verbosity=0)


def measure(paths: list[str], chats: list[list[str]]) -> dict[str, Any]:
    """Return what was counted."""
    worker = Consumer()
    with ExitStack() as stack:
        shop, shop_pid = stack.enter_context(serving(*shop_server()))
        beats = Restartable(stack, shop_server())
        push = Restartable(stack, push_server())
        worker.start()
        stack.callback(worker.kill)
        people = stack.enter_context(running("benchmarks.load_people"))
        buyer = stack.enter_context(running("benchmarks.load_buyers"))
        buyer.stdout.readline()
        where = {"shop": shop, "beats": beats.port, "paths": paths, "chats": chats}
        ask(people, json.dumps(where), answer=False)
        faults: dict[str, Callable[[], Any]] = {
            "our tables locked": lambda: repeated(lock_tables, FREE),
            "connections cut": lambda: repeated(cut_connections, CUT_EVERY),
            "worker killed": lambda: gone(worker.kill, worker.start),
            "push killed": lambda: gone(push.kill, push.start),
            "beats' process killed": lambda: gone(beats.kill, beats.start),
        }
        return run_windows(people, buyer, faults, shop_pid, worker)


def run_windows(
    people: Any, buyer: Any, faults: dict[str, Callable[[], Any]], shop_pid: int, worker: Consumer
) -> dict[str, Any]:
    """Return the rates with each fault and of the healthy times before and after it; then what was kept.

    A shop whose tables fill gets slower by itself: a fault is judged by its neighbours, not by how the half hour began.
    """
    span = max(6.0, MINUTES * 60 / (2 + 2 * len(faults)))
    time.sleep(WARM_SECONDS)
    ask(people, "")
    seen: Counter[str] = Counter()
    healthy = [watch(people, span, seen)]
    windows: dict[str, dict[str, float]] = {}
    memory = [0, 0]
    for number, (name, fault) in enumerate(faults.items()):
        with fault():
            windows[name] = watch(people, span, seen)
        time.sleep(span / 2)  # to recover
        healthy.append(watch(people, span / 2, seen))
        windows[name]["healthy pages"] = fmean(window["pages"] for window in healthy[-2:])
        if number == 0:
            memory = memories(shop_pid, worker)
    later = memories(shop_pid, worker)
    end = ask(people, "end")
    buyer.stdin.write("end\n")
    buyer.stdin.flush()
    thanked = int(buyer.stdout.readline())
    return {
        "minutes": MINUTES,
        "healthy": healthy,
        "windows": windows,
        "failed_pages": seen["failed pages"],
        "web_growth": later[0] / memory[0],
        "worker_growth": later[1] / memory[1],
        **kept(end["said"], thanked),
    }


def watch(people: Any, seconds: float, seen: Counter[str]) -> dict[str, float]:
    """Return how much of each a second there was in this time; what happened is added to ``seen``, from the last look on."""
    seen.update(ask(people, ""))
    began = time.monotonic()
    time.sleep(seconds)
    found = ask(people, "")
    took = time.monotonic() - began
    seen.update(found)
    return {what: found.get(what, 0) / took for what in ("pages", "beats", "polls", "words")}


def kept(said: list[str], thanked: int) -> dict[str, Any]:
    """Return what the tables say of it."""
    from oscar.core.loading import get_model

    from oscar_engage.jobs.models import Job
    from oscar_engage.models import Message

    there = {str(one) for one in Message.objects.values_list("client_id", flat=True)}
    return {
        "words": len(said),
        "lost": len(set(said) - there),
        "orders": get_model("order", "Order").objects.count() - thanked,
        "jobs": Job.objects.count(),
        "dead": Job.objects.filter(state="dead").count(),
    }


def memories(shop_pid: int, worker: Consumer) -> list[int]:
    """Return the kilobytes of the web server and of the worker."""
    process = worker._process
    return [memory_kb(family(shop_pid)), memory_kb(family(process.pid)) if process else 1]


class Restartable:
    """A server that can be killed and started again at its port."""

    def __init__(self, stack: ExitStack, command: tuple[str, ...]) -> None:
        self.port, pid = stack.enter_context(serving(*command))
        self.command, self.pids = command, family(pid)
        stack.callback(self.kill)

    def kill(self) -> None:
        """Kill it with its children."""
        for pid in reversed(self.pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.pids = []

    def start(self) -> None:
        """Start it again."""
        words = [part.format(port=self.port) for part in self.command]
        process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", *words])
        time.sleep(2)
        self.pids = family(process.pid)


@contextmanager
def running(module: str) -> Iterator[Any]:
    """Run a process that is told on stdin and answers on stdout."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", module], **pipes)  # type: ignore[call-overload]  # as above
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ask(process: Any, line: str, *, answer: bool = True) -> dict[str, Any]:
    """Write a line, and return what is answered."""
    process.stdin.write(line + "\n")
    process.stdin.flush()
    found: dict[str, Any] = json.loads(process.stdout.readline()) if answer else {}
    return found


@contextmanager
def gone(kill: Callable[[], None], start: Callable[[], None]) -> Iterator[None]:
    """Have a process killed meanwhile."""
    kill()
    try:
        yield
    finally:
        start()


@contextmanager
def repeated(harm: Callable[[], None], pause: float) -> Iterator[None]:
    """Do harm again and again meanwhile."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            harm()
            over.wait(pause)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()


def lock_tables() -> None:
    """Hold an exclusive lock on all our tables for :data:`LOCKED` seconds, as a long migration would."""
    from django.apps import apps

    names = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_app_config("oscar_engage").get_models())
    with psycopg.connect(**server(), dbname=os.environ["ENGAGE_TEST_DB_NAME"]) as connection:
        connection.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        time.sleep(LOCKED)


def cut_connections() -> None:
    """Cut the connections of those who wait for work or push, in the two databases that this run made and in no other.

    The server may be shared: whoever listens in another database is none of ours.
    """
    administer(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", os.environ["ENGAGE_SOAK_QUEUE_DATABASE"]
    )
    administer(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND query ILIKE 'listen%%'",
        os.environ["ENGAGE_TEST_DB_NAME"],
    )


def administer(statement: str, name: str) -> None:
    """Run a statement on the server."""
    with psycopg.connect(**server(), dbname="postgres", autocommit=True) as connection:
        connection.execute(statement, [name])  # type: ignore[arg-type]  # our own text


def server() -> dict[str, Any]:
    """Return where the tests' PostgreSQL is."""
    return {key: os.environ[f"ENGAGE_TEST_DB_{key.upper()}"] for key in ("host", "port", "user")}


if __name__ == "__main__":
    main()
