"""How do beats and pages get on? A saturated storefront on PostgreSQL, beats beside it and in the same process; prints JSON.

``BENCHMARK_SECONDS`` is for how long beats are sent beside the storefront.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from benchmarks import shop
from benchmarks.ingest_sender import MEETINGS, SENDERS
from benchmarks.visit import Visit, cpu_clock, settle

RATE = 100  # beats a second
SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "20"))
PAIRS = 8
ROUND_SECONDS = 4.0
BEAT_SECONDS = 3.0
SENDER_STARTS = 2.5  # seconds until the first beat is sent, with some to spare
SHOPPERS = 4  # as many as the server has threads
_DATABASE = f"engage_ingest_{os.getpid()}"


def main() -> None:
    """Make a shop on PostgreSQL, measure both ways, and remove it."""
    with database():
        make_folder()
        done = subprocess.run(
            [sys.executable, "-m", "sandbox.prepare"],
            cwd=shop.ROOT,
            env=shop.environment(shop.WITH),
            check=True,
            stdout=subprocess.PIPE,
        )
        sys.stderr.write(done.stdout.decode()[-200:])
        paths = list(shop.paths().values())
        found = {"beats_ms": measure_beside(paths), **measure_shared(paths), "load": os.getloadavg()[0] / (os.cpu_count() or 1)}
    print(json.dumps(found))


def make_folder() -> None:
    """Give the shop a folder of its own, with the pictures that an earlier run drew but not their small copies.

    The list of these is in the database; a copy that is there but not listed is an error on every page.
    """
    drawn, folder = shop.VAR[shop.WITH] / "media", shop.ROOT / "build" / "benchmarks-ingest"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if drawn.exists():
        shutil.copytree(drawn, folder / "media", ignore=shutil.ignore_patterns("cache"))
    shop.VAR[shop.WITH] = folder


@contextmanager
def database() -> Iterator[None]:
    """Give every process that is started meanwhile a new database on the server of ``scripts/with-postgres``."""
    host, port, user = (os.environ[f"ENGAGE_TEST_DB_{name}"] for name in ("HOST", "PORT", "USER"))
    os.environ["ENGAGE_DATABASE_URL"] = f"postgresql://{user}@{host}:{port}/{_DATABASE}"
    with psycopg.connect(host=host, port=port, user=user, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {_DATABASE}")
        try:
            yield
        finally:
            server.execute(f"DROP DATABASE {_DATABASE} WITH (FORCE)")


def measure_beside(paths: list[str]) -> list[float]:
    """Return the milliseconds of beats to a process of their own while another serves as many pages as it can."""
    with shop.serving(shop.WITH) as pages, shop.serving(shop.WITH) as beats:
        warm(pages, paths)
        with saturated(pages, paths):
            return send_beats(beats, SECONDS)


def warm(address: str, paths: list[str]) -> None:
    """Have each page made once."""
    for path in paths:
        Visit(address).ask(path)


def measure_shared(paths: list[str]) -> dict[str, list[float]]:
    """Return what is left of the pages of a process that takes beats as well, in pairs of rounds, and the CPU of its beats.

    ``kept`` is by the clock on the wall, ``beat_cpu_ms`` what a beat takes of the core: what pages lose at :data:`RATE`.
    """
    with shop.serving_process(shop.WITH) as (address, pid):
        warm(address, paths)
        kept = []
        for number in range(PAIRS):
            order = (True, False) if number % 2 else (False, True)
            served = {is_hit: count_pages(address, paths, is_hit=is_hit) for is_hit in order}
            kept.append(served[True] / served[False])
        cpu = cpu_clock(pid)
        return {"kept": kept, "beat_cpu_ms": [measure_beat(address, cpu) for _turn in range(PAIRS)]}


def measure_beat(address: str, cpu: Callable[[], float]) -> float:
    """Return the milliseconds of CPU of one beat, from the web server's first byte to its last."""
    before = cpu()
    beats = len(send_beats(address, BEAT_SECONDS)) + SENDERS * MEETINGS
    return (settle(cpu) - before) * 1000 / beats


def count_pages(address: str, paths: list[str], *, is_hit: bool) -> int:
    """Return how many pages were served in a round; ``is_hit``: with beats at :data:`RATE` to the same process."""
    sender = threading.Thread(target=send_beats, args=(address, ROUND_SECONDS + SENDER_STARTS))
    if is_hit:
        sender.start()
        time.sleep(SENDER_STARTS)
    with saturated(address, paths) as served:
        time.sleep(ROUND_SECONDS)
        pages = len(served)
    if is_hit:
        sender.join()
    return pages


def send_beats(address: str, seconds: float) -> list[float]:
    """Send beats for so long and return the milliseconds of each."""
    command = [sys.executable, "-m", "benchmarks.ingest_sender", address, str(RATE), str(seconds)]
    done = subprocess.run(command, cwd=shop.ROOT, check=True, stdout=subprocess.PIPE)
    took: list[float] = json.loads(done.stdout)
    return took


@contextmanager
def saturated(address: str, paths: list[str]) -> Iterator[list[str]]:
    """Have shoppers who do not wait ask for pages meanwhile; give the list of those served, which grows."""
    served: list[str] = []
    is_over = threading.Event()

    def shop_on(first: int) -> None:
        visit, place = Visit(address), first
        while not is_over.is_set():
            visit.ask(paths[place % len(paths)])
            served.append(paths[place % len(paths)])
            place += 1

    shoppers = [threading.Thread(target=shop_on, args=(number,)) for number in range(SHOPPERS)]
    for shopper in shoppers:
        shopper.start()
    try:
        yield served
    finally:
        is_over.set()
        for shopper in shoppers:
            shopper.join()


if __name__ == "__main__":
    main()
