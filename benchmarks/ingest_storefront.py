"""How do beats and pages get on? A saturated storefront on PostgreSQL, beats beside it and in the same process; prints JSON.

``BENCHMARK_SECONDS`` is for how long beats are sent beside the storefront.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from benchmarks import shop
from benchmarks.visit import Visit

RATE = 100  # beats a second
SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "20"))
PAIRS = 8
ROUND_SECONDS = 4.0
SENDER_STARTS = 2.5  # seconds until the first beat is sent, with some to spare
SHOPPERS = 4  # as many as the server has threads
_DATABASE = f"engage_ingest_{os.getpid()}"


def main() -> None:
    """Make a shop on PostgreSQL, measure both ways, and remove it."""
    with database():
        shop.VAR[shop.WITH].mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "sandbox.prepare"],
            cwd=shop.ROOT,
            env=shop.environment(shop.WITH),
            check=True,
            stdout=subprocess.PIPE,
        )
        sys.stderr.write(done.stdout.decode()[-200:])
        paths = list(shop.paths().values())
        beside = measure_beside(paths)
        kept = measure_shared(paths)
    print(json.dumps({"beats_ms": beside, "kept": kept}))


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
    with shop.serving(shop.WITH) as pages, shop.serving(shop.WITH) as beats, saturated(pages, paths):
        return send_beats(beats, SECONDS)


def measure_shared(paths: list[str]) -> list[float]:
    """Return, for each pair of rounds, the share of its pages that one process still serves while it takes beats as well."""
    with shop.serving(shop.WITH) as address:
        for path in paths:
            Visit(address).ask(path)
        found = []
        for number in range(PAIRS):
            order = (True, False) if number % 2 else (False, True)
            served = {is_hit: count_pages(address, paths, is_hit=is_hit) for is_hit in order}
            found.append(served[True] / served[False])
    return found


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
