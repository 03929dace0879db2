"""Where do the measurements run? The sandbox shop, filled once, served by gunicorn with and without us."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "build" / "benchmarks"
WITH, WITHOUT = "sandbox.settings", "benchmarks.bare"
START_SECONDS = 60


def environment(settings: str) -> dict[str, str]:
    """Return the environment of a shop process."""
    return {**os.environ, "ENGAGE_SANDBOX_VAR": str(VAR), "DJANGO_SETTINGS_MODULE": settings, "DEBUG": "0"}


def prepare() -> None:
    """Make database, contents and static files, unless an earlier run did."""
    VAR.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "sandbox.prepare"], cwd=ROOT, env=environment(WITH), check=True)


def run(settings: str, module: str) -> str:
    """Run ``python -m module`` under ``settings`` and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module], cwd=ROOT, env=environment(settings), check=True, stdout=subprocess.PIPE
    )
    return done.stdout.decode()


@contextmanager
def serving(settings: str) -> Iterator[str]:
    """Serve the shop under ``settings`` on a free port and give its address; one process, as both sides have to be alike."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "sandbox.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "4", "--keep-alive", "75", "--log-level", "error"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment(settings))
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
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
