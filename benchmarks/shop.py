"""Where do the measurements run? The sandbox shop, filled once, served by gunicorn with and without us.

Each side has a database of its own: SQLite throws a connection's cache away after somebody else's write, so in a shared one the
shop without us would pay for what we write.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WITH, WITHOUT = "sandbox.settings", "benchmarks.bare"
VAR = {WITH: ROOT / "build" / "benchmarks", WITHOUT: ROOT / "build" / "benchmarks-bare"}
START_SECONDS = 60
KEEPS_MEMORY = {
    "PYTHONMALLOC": "malloc",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_MMAP_THRESHOLD_": str(1 << 25),  # the most that glibc takes
    "MALLOC_TOP_PAD_": str(1 << 24),
}
"""A server that gives no memory back. Python's own allocator returns pieces of 1 MiB as soon as they are empty, and on a large
page it may do so, and ask for them again, at every request (800 page faults, 4 ms) or never: luck, and not what is measured."""


def environment(settings: str) -> dict[str, str]:
    """Return the environment of a shop process."""
    return {**os.environ, "ENGAGE_SANDBOX_VAR": str(VAR[settings]), "DJANGO_SETTINGS_MODULE": settings, "DEBUG": "0"}


def prepare() -> None:
    """Make database, contents and static files, unless an earlier run did, and copy them for the shop without us."""
    VAR[WITH].mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "sandbox.prepare"], cwd=ROOT, env=environment(WITH), check=True)
    shutil.rmtree(VAR[WITHOUT], ignore_errors=True)
    shutil.copytree(VAR[WITH], VAR[WITHOUT])


def stored_signals() -> int:
    """Return how many signals the shop has stored."""
    code = "import django; django.setup(); from oscar_engage.models import SignalRecord; print(SignalRecord.objects.count())"
    command = [sys.executable, "-W", "ignore", "-c", code]
    return int(subprocess.run(command, cwd=ROOT, env=environment(WITH), check=True, stdout=subprocess.PIPE).stdout)


def run(settings: str, module: str) -> str:
    """Run ``python -m module`` under ``settings`` and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module], cwd=ROOT, env=environment(settings), check=True, stdout=subprocess.PIPE
    )
    return done.stdout.decode()


@contextmanager
def serving(settings: str) -> Iterator[str]:
    """Serve the shop under ``settings`` on a free port and give its address; one process, as both sides have to be alike."""
    with serving_process(settings) as (address, _pid):
        yield address


@contextmanager
def serving_process(settings: str, *, hash_seed: int = 0) -> Iterator[tuple[str, int]]:
    """Serve the shop like :func:`serving`; give its address and the process whose one child answers.

    Sides that are compared are given the same ``hash_seed``, so that their sets are in the same order.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "benchmarks.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "4", "--keep-alive", "75", "--log-level", "error"]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**environment(settings), **KEEPS_MEMORY, "PYTHONHASHSEED": str(hash_seed)}
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"The shop did not answer within {START_SECONDS} s.")


def paths() -> dict[str, str]:
    """Return the pages that are measured, by name; ids are taken from the shop's own first product and category."""
    found = run(WITH, "benchmarks.pages").splitlines()
    return dict(
        line.split(" ", 1) for line in found if line.startswith(("home ", "category ", "product ", "search ", "basket "))
    )
