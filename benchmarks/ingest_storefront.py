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
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg

from benchmarks import shop
from benchmarks.visit import Visit, cpu_clock, settle

SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "20"))
PAIRS = 6
ROUND_SECONDS = 6.0
BEAT_SECONDS = 3.0
SENDER_STARTS = 12.0  # seconds until every browser has spoken, and heard how often it may
FLOOD_TURNS = 3
FLOOD_SECONDS = 10.0
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
        paths, cookies = list(shop.paths().values()), shop.run(shop.WITH, "benchmarks.ingest_visitors")
        found = {
            "beats_ms": measure_beside(paths, cookies),
            **measure_shared(paths, cookies),
            **measure_flood(paths, cookies),
            "load": os.getloadavg()[0] / (os.cpu_count() or 1),
        }
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


def measure_beside(paths: list[str], cookies: str) -> list[float]:
    """Return the milliseconds of beats to a process of their own while another serves as many pages as it can.

    The storefront and those who ask it for pages share the first core, so that what is measured is not how two shoppers of the
    benchmark's own fight for the one of the beats; the database and who sends the beats run where there is room.
    """
    everywhere = os.sched_getaffinity(0)
    first, *others = sorted(everywhere)
    with on_cores({first}), shop.serving(shop.WITH) as pages, ExitStack() as stack:
        with on_cores(set(others) or {first}):
            beats = stack.enter_context(shop.serving(shop.WITH))
        warm(pages, paths)
        with on_cores(everywhere):
            send_beats(beats, cookies, SENDER_STARTS)
        with saturated(pages, paths), on_cores(everywhere):
            return send_beats(beats, cookies, SECONDS)


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """Have this thread run on ``cores`` meanwhile, and for good what it starts meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def warm(address: str, paths: list[str]) -> None:
    """Have each page made once."""
    for path in paths:
        Visit(address).ask(path)


def measure_shared(paths: list[str], cookies: str) -> dict[str, list[float]]:
    """Return what is left of the pages of a process that takes beats as well, and the CPU of its beats.

    ``kept`` is with browsers that obey, ``kept_hurried`` with browsers that do not listen, each in pairs with a round without
    beats. What is compared are pages in a second of the process's CPU: it has a core for itself, but the machine's other
    guests may take half of that away for seconds. ``beat_cpu_ms`` is what a beat takes of the core.
    """
    kept: dict[bool, list[float]] = {True: [], False: []}
    with shop.serving_process(shop.WITH) as (address, pid):
        warm(address, paths)
        cpu = cpu_clock(pid)
        for _number in range(PAIRS):
            alone = count_pages(address, paths, cpu)
            for obeys in (True, False):
                kept[obeys].append(count_pages(address, paths, cpu, beating=(cookies, obeys)) / alone)
        beats = [measure_beat(address, cookies, cpu) for _turn in range(PAIRS)]
    return {"kept": kept[True], "kept_hurried": kept[False], "beat_cpu_ms": beats}


def measure_beat(address: str, cookies: str, cpu: Callable[[], float]) -> float:
    """Return the milliseconds of CPU of one beat, from the web server's first byte to its last."""
    before = cpu()
    beats = len(send_beats(address, cookies, BEAT_SECONDS))
    return (settle(cpu) - before) * 1000 / beats


def measure_flood(paths: list[str], cookies: str) -> dict[str, list[float]]:
    """Return what pages take (ms) in turns: alone, beside one browser that floods their process, beside an empty flood.

    That has as many requests, turned away by their method alone: what the web server itself makes of a flood. ``flooded`` is
    how many beats a second the shop answered in each turn.
    """
    flooder, answered = json.loads(cookies)[0], []
    took: dict[str, list[float]] = {"unflooded_ms": [], "flooded_ms": [], "emptily_ms": []}
    with shop.serving(shop.WITH) as address, ThreadPoolExecutor(max_workers=1) as pool:
        warm(address, paths)
        for _turn in range(FLOOD_TURNS):
            took["unflooded_ms"] += read_pages(address, paths, FLOOD_SECONDS)
            for name, words in (("flooded_ms", ()), ("emptily_ms", ("empty",))):
                flood = pool.submit(send_flood, address, flooder, FLOOD_SECONDS + 2, *words)
                time.sleep(1.0)  # until it has begun
                took[name] += read_pages(address, paths, FLOOD_SECONDS)
                number = flood.result()
                if not words:
                    answered.append(number)
    return {**took, "flooded": answered}


def send_flood(address: str, cookie: str, seconds: float, *words: str) -> float:
    """Flood the shop for so long and return how many requests a second it answered."""
    command = [sys.executable, "-m", "benchmarks.ingest_flood", address, str(seconds), *words]
    done = subprocess.run(command, cwd=shop.ROOT, check=True, stdout=subprocess.PIPE, input=cookie.encode())
    return float(done.stdout) / seconds


def read_pages(address: str, paths: list[str], seconds: float) -> list[float]:
    """Return what each page took (ms) of a shopper who reads for so long, with a look of 50 ms at each."""
    visit, took, end = Visit(address), [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        took.append(visit.ask(paths[len(took) % len(paths)])[0])
        time.sleep(0.05)
    return took


def count_pages(address: str, paths: list[str], cpu: Callable[[], float], *, beating: tuple[str, bool] | None = None) -> float:
    """Return the pages for each second of CPU; ``beating``: beside browsers (their cookies) that obey, or do not."""
    senders = []
    if beating:
        cookies, obeys = beating
        args = (address, cookies, ROUND_SECONDS + SENDER_STARTS)
        senders = [threading.Thread(target=send_beats, args=args, kwargs={"obeys": obeys})]
    with saturated(address, paths) as served:
        for sender in senders:
            sender.start()
        time.sleep(SENDER_STARTS if beating else 1.0)
        pages, used = len(served), cpu()
        time.sleep(ROUND_SECONDS)
        pages, used = len(served) - pages, cpu() - used
    for sender in senders:
        sender.join()
    return pages / used


def send_beats(address: str, cookies: str, seconds: float, *, obeys: bool = False) -> list[float]:
    """Send beats for so long and return the milliseconds of each."""
    command = [sys.executable, "-m", "benchmarks.ingest_sender", address, str(seconds), "obey" if obeys else "hurry"]
    done = subprocess.run(command, cwd=shop.ROOT, check=True, stdout=subprocess.PIPE, input=cookies.encode())
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
