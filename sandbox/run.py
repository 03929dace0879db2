"""Starts the whole sandbox shop with one command: prepare what is missing, then web server and worker."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import django

from sandbox.demo.people import CUSTOMERS, STAFF
from sandbox.prepare import prepare

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
#: How many ports after the wanted one are tried.
PORTS_TO_TRY = 20
START_SECONDS = 60
STOP_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Child:
    """A process we started, with the name to call it by."""

    name: str
    process: subprocess.Popen[bytes]


class StopRequestedError(Exception):
    """Someone asked us to end (Ctrl-C or SIGTERM)."""


def main() -> int:
    """Prepare, start, say where, watch; the exit code is 1 when a child died on its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandbox.settings")
    django.setup()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    children: list[Child] = []
    try:
        prepare()
        port = free_port(int(os.environ.get("PORT", "8000")))
        children += start(port)
        wait_for(port, children)
        say(welcome(port))
        return watch(children)
    except StopRequestedError:
        say("\nStopping the shop.")
        return 0
    finally:
        stop(children)


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def free_port(wanted: int) -> int:
    """``wanted`` or the next port nobody listens on. Raises ``OSError`` when there is none near."""
    for port in range(wanted, wanted + PORTS_TO_TRY):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port between {wanted} and {wanted + PORTS_TO_TRY - 1}")


def start(port: int) -> list[Child]:
    """Start the web server and the worker; both stay in our process group, so Ctrl-C reaches them too."""
    # gunicorn, because a real shop would use it or something like it. One process: SQLite has one writer and the
    # cache lives in memory. Threads, because a page and its pictures arrive together and database waits overlap.
    web = [sys.executable, "-m", "gunicorn", "sandbox.wsgi:application", "--bind", f"{HOST}:{port}"]
    web += ["--workers", "1", "--threads", "4", "--log-level", "warning"]
    worker = [sys.executable, str(ROOT / "sandbox" / "manage.py"), "run_huey", "--quiet"]
    return [
        Child("web server", subprocess.Popen(web, cwd=ROOT)),
        Child("worker", subprocess.Popen(worker, cwd=ROOT)),
    ]


def wait_for(port: int, children: list[Child]) -> None:
    """Return when the web server answers or a child has died; raises ``TimeoutError`` when neither happens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not _dead(children):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    if not _dead(children):
        raise TimeoutError(f"the web server did not answer within {START_SECONDS} s")


def watch(children: list[Child]) -> int:
    """Wait until a child ends; 1, since none should."""
    while True:
        for child in _dead(children):
            say(f"The {child.name} ended (exit code {child.process.returncode}); its message is above.")
            return 1
        time.sleep(0.3)


def _dead(children: list[Child]) -> list[Child]:
    return [child for child in children if child.process.poll() is not None]


def stop(children: list[Child]) -> None:
    """End every child, kindly first."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # A second Ctrl-C must not interrupt the tidying up.
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise StopRequestedError


def welcome(port: int) -> str:
    """Address, logins and what to click first."""
    shop = f"http://localhost:{port}"
    logins = "\n".join(
        f"  {person.email:<28}{person.password:<14}{person.team or ('Superuser' if person.is_superuser else 'Customer')}"
        for person in (*STAFF, *CUSTOMERS)
    )
    return f"""
Fjord & Fell is open:  {shop}/
Rules and reports:     {shop}/dashboard/engage/
Agents' desk:          {shop}/dashboard/engage/desk/
Articles (Wagtail):    {shop}/cms/

Logins (email, password)
{logins}

What to click first
  1. Open the shop and answer the cookie banner with "Accept all".
  2. Put something into the basket, go to the checkout and wait a moment.
  3. Pay with card 4000 0000 0000 0002 (declined), then with 4111 1111 1111 1111 or at the bank.
  4. Watch the dark bar on top: it shows what the engine sees; "Fresh visitor" starts over.
  5. In a second browser, sign in at the agents' desk as agent-one and go online.

Ctrl-C ends the shop. Everything it wrote is in sandbox/var; delete that folder to start again.
"""


if __name__ == "__main__":
    sys.exit(main())
