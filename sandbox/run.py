"""Starts the whole sandbox shop with one command: prepare what is missing, then web server and worker."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import django
from django.conf import settings

from sandbox.demo.people import CUSTOMERS, STAFF
from sandbox.prepare import prepare
from sandbox.supervise import Child, KeptRunning, stop_all

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
#: How many ports after the wanted one are tried.
PORTS_TO_TRY = 20
START_SECONDS = 300
WATCH_SECONDS = 0.3
STOPS = (signal.SIGINT, signal.SIGTERM)


class StopRequestedError(Exception):
    """Someone asked us to end (Ctrl-C or SIGTERM)."""


def main() -> int:
    """Prepare, start, say where, watch; the exit code is 1 when the web server died on its own."""
    for number in STOPS:
        signal.signal(number, _stop)
    children: list[Child] = []
    try:
        # Settled before Django reads its settings, because links in mails name it; the children inherit it.
        port = free_port(int(os.environ.get("PORT", "8000")))
        os.environ["PORT"] = str(port)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandbox.settings")
        django.setup()
        prepare()
        children += [web_server(port), huey_worker()]
        return serve(port, *children)
    except StopRequestedError:
        say("\nStopping the shop.")
        return 0
    finally:
        for number in STOPS:
            # A second Ctrl-C must not interrupt the tidying up.
            signal.signal(number, signal.SIG_IGN)
        stop_all(children)


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


def serve(port: int, web: Child, worker: Child) -> int:
    """Run both until somebody stops us (raises ``StopRequestedError``) or the web server dies (returns 1)."""
    kept = KeptRunning(worker, tell=say)
    with _stops_held_back():
        web.start()
        kept.start(now=time.monotonic())
    wait_for(port, web)
    if web.is_running:
        say(welcome(port))
    while web.is_running:
        with _stops_held_back():
            kept.look_after(now=time.monotonic())
        time.sleep(WATCH_SECONDS)
    say(f"The {web.name} ended ({web.how_it_ended}); its message is above.")
    return 1


def web_server(port: int) -> Child:
    """Serve with gunicorn, because a real shop would use it or something like it."""
    # One process: SQLite has one writer and the cache lives in memory. Threads, because a page and its pictures arrive
    # together and database waits overlap.
    command = [sys.executable, "-m", "gunicorn", "sandbox.wsgi:application", "--bind", f"{HOST}:{port}"]
    return Child("web server", [*command, "--workers", "1", "--threads", "4", "--log-level", "warning"], ROOT)


def huey_worker() -> Child:
    """Run huey's consumer as a real shop would run it beside its web server."""
    return Child("worker", [sys.executable, str(ROOT / "sandbox" / "manage.py"), "run_huey", "--quiet"], ROOT)


def wait_for(port: int, web: Child) -> None:
    """Return when the web server answers or has died; raises ``TimeoutError`` when neither happens."""
    deadline = time.monotonic() + START_SECONDS
    while web.is_running:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"the web server did not answer within {START_SECONDS} s")
        time.sleep(0.1)


@contextmanager
def _stops_held_back() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait for the end of the block, so that no child is started and then forgotten."""
    came: list[int] = []
    for number in STOPS:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number in STOPS:
            signal.signal(number, _stop)
    if came:
        raise StopRequestedError


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
Practice for agents:   {shop}/dashboard/engage/practice/
Articles (Wagtail):    {shop}/cms/

Logins (email, password)
{logins}

What to click first
  1. Open the shop and answer the cookie banner with "Accept all".
  2. Put something into the basket, go to the checkout and wait a moment.
  3. Pay with card 4000 0000 0000 0002 (declined), then with 4111 1111 1111 1111 or at the bank.
  4. Watch the dark bar on top: it shows what the engine sees; "Fresh visitor" starts over.
  5. Sign in as anna, leave a basket, close the tab: a quarter of an hour later one mail is in sandbox/var/mail.
  6. In a second browser, sign in at the agents' desk as agent-one and go online.
  7. As agent-one, open {shop}/dashboard/engage/practice/ and help a made-up shopper; as supervisor, see how it went.
  8. As admin, open {shop}/dashboard/engage/{reports_hint()}

Ctrl-C ends the shop. Everything it wrote is in {settings.VAR_DIR}; delete that folder to start again.
"""


def reports_hint() -> str:
    """Where to read what help earned, and of whom: made-up days, simulated weeks, or nobody yet."""
    if settings.SANDBOX_PAST:
        return "reports/: sixty made-up days say what help earned and which rule to stop."
    from oscar_engage.simulation.models import SimulationRun

    if SimulationRun.objects.filter(ended_at__isnull=False).exists():
        return "simulator/: what help earned in the simulated weeks, and what is true."
    return "simulator/: it says how to fill the shop with made-up weeks. Nobody was here yet."


if __name__ == "__main__":
    sys.exit(main())
