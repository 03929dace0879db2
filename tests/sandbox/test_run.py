"""One command runs the shop: its worker comes back, its mails lead to it, and Ctrl-C ends all of it. Real processes."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.drive.shop import RealShop

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds the shop's processes in /proc")

#: A machine with other work to do may take this long for a worker's start.
PATIENCE_SECONDS = 90
ANSWER_A_NOTE = """
import uuid
from django.contrib.auth import get_user_model
from django.utils import timezone
from oscar_engage.desk.models import Agent, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.visitors.models import Visitor

now = timezone.now()
visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=1)
note = open_conversation(
    "note", visitor_id=visitor.pk, body="Is it waterproof?", email="ada@example.com", language="en", now=now
)
user = get_user_model().objects.get(email="agent-one@example.com")
agent, _ = Agent.objects.get_or_create(user=user, defaults={"display_name": "Olle"})
post_message(note, role=Role.AGENT, agent=agent, body="Yes.", client_id=uuid.uuid4(), now=now)
"""


@pytest.fixture(scope="module")
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, taken_port: int) -> Iterator[RealShop]:
    shop = RealShop(tmp_path_factory.mktemp("run"), port=taken_port)
    shop.start()
    yield shop
    shop.stop()


@pytest.fixture
def own_shop(shop: RealShop) -> Iterator[RealShop]:
    """The same shop, running: a test may have ended it."""
    if not shop.processes():
        shop.start()
    yield shop
    shop.stop()


def worker(shop: RealShop) -> int | None:
    """The process id of the shop's worker."""
    return next((pid for pid, command in shop.processes().items() if "run_huey" in command), None)


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def mails(shop: RealShop) -> list[str]:
    return [path.read_text() for path in (shop.folder / "mail").glob("*")]


def kill_worker(shop: RealShop) -> int:
    """Kill the worker as the kernel does when memory is short; returns its process id."""
    pid = worker(shop)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: worker(shop) != pid)
    return pid


def web_of(shop: RealShop) -> set[int]:
    return {pid for pid, command in shop.processes().items() if "gunicorn" in command}


def test_worker__killed__comes_back_and_works_while_the_shop_stays(shop: RealShop) -> None:
    wait_until(lambda: len(web_of(shop)) > 1)  # its first process answers before the second is there
    web = web_of(shop)

    killed = kill_worker(shop)
    wait_until(lambda: worker(shop) not in {None, killed})

    assert web_of(shop) == web
    assert "The worker ended (SIGKILL); a new one starts in 1 s.\n" in shop.said
    before = len(mails(shop))
    shop.manage("shell", "-v0", "-c", ANSWER_A_NOTE)
    wait_until(lambda: len(mails(shop)) > before)


def test_mail__wanted_port_taken__links_to_the_port_that_answers(shop: RealShop, taken_port: int) -> None:
    before = set(mails(shop))
    shop.manage("shell", "-v0", "-c", ANSWER_A_NOTE)
    wait_until(lambda: set(mails(shop)) - before)

    [mail] = set(mails(shop)) - before
    assert shop.address != f"http://localhost:{taken_port}"
    assert re.findall(r"http://localhost:\d+", mail) == [shop.address]
    site = shop.manage("shell", "-v0", "-c", "from django.contrib.sites.models import Site; print(Site.objects.get().domain)")
    assert f"http://{site.strip()}" == shop.address


def test_interrupt__worker_just_killed__ends_all_and_starts_nobody(own_shop: RealShop) -> None:
    kill_worker(own_shop)

    started = time.monotonic()
    assert own_shop.interrupt() == 0

    assert time.monotonic() - started < 30  # a process that hung would be waited for longer
    assert own_shop.processes() == {}


def test_interrupt__all_running__ends_all_at_once(own_shop: RealShop) -> None:
    own_shop.said.clear()

    started = time.monotonic()
    assert own_shop.interrupt() == 0

    assert time.monotonic() - started < 30  # a process that hung would be waited for longer
    assert own_shop.processes() == {}
    assert "Stopping the shop.\n" in own_shop.said
    assert not any("ended" in line for line in own_shop.said)


def test_web_server__killed__ends_the_shop_with_an_error(own_shop: RealShop) -> None:
    for pid, command in own_shop.processes().items():
        if "gunicorn" in command:
            os.kill(pid, signal.SIGKILL)

    wait_until(lambda: not own_shop.processes())
    assert own_shop.stop() == 1
    assert "The web server ended (SIGKILL); its message is above.\n" in own_shop.said
