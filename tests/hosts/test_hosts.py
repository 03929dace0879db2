"""Two web hosts and two hosts of workers on one PostgreSQL: is what one does known to the others, and is nothing lost?

The PostgreSQL is their own, whichever database the other tests have: so they run with SQLite's run, and not once more.
"""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import hosts as made
from benchmarks.hosts import Hosts

WEB, WORKERS = (0, 1), (2, 3)
WITHIN = 5.0
"""Seconds in which a rule and the switch reach each process: what docs/operations.md promises."""

SLACK = 3.0
"""Seconds that the asking itself may take, eight new visitors one after the other on a machine that others use, too."""

JOBS = 60


@pytest.fixture(scope="module")
def shop() -> Iterator[Hosts]:
    """The hosts with the shop's processes."""
    if reason := made.why_not():
        pytest.skip(f"NO HOSTS: {reason}; a shop on several hosts was not tested")
    with made.hosts(4) as hosts:
        tell(hosts, "make")
        for host in WEB:
            hosts.start_web(host)
        for host in WORKERS:
            hosts.start(host, "-m", "django", "run_huey", "--quiet", "--skip-checks")
        yield hosts


def tell(hosts: Hosts, *words: str) -> dict[str, Any]:
    """Do something in the shop, from its centre."""
    said: dict[str, Any] = json.loads(hosts.run(None, "-m", "benchmarks.hosts_shop", *words).splitlines()[-1])
    return said


def browse(hosts: Hosts, *words: str) -> dict[str, Any]:
    """Have browsers at the centre do something."""
    said: dict[str, Any] = json.loads(hosts.run(None, "benchmarks/hosts_load.py", *words).splitlines()[-1])
    return said


def test_beats_of_a_visit__answered_by_one_host_and_another__are_all_kept(shop: Hosts) -> None:
    before = tell(shop, "count")
    seen = browse(shop, "beats", "5", "4", *map(shop.address, WEB))
    after = tell(shop, "count")

    assert set(seen["statuses"]) <= {"200", "204"}
    assert len(seen["by_address"]) == 2
    assert after["visitors"] - before["visitors"] == 8
    assert after["signals"] - before["signals"] == seen["answered"]


def test_rule__published_and_switched_off_elsewhere__reaches_every_process_within_five_seconds(shop: Hosts) -> None:
    addresses = [shop.address(host) for host in WEB]
    browse(shop, "beats", "2", "4", *addresses)

    published = tell(shop, "publish")["at"]
    shown = browse(shop, "shown", "yes", "60", *addresses)["at"]
    off = tell(shop, "switch", "off")["at"]
    hidden = browse(shop, "shown", "no", "60", *addresses)["at"]
    on = tell(shop, "switch", "on")["at"]
    again = browse(shop, "shown", "yes", "90", *addresses)["at"]

    took = {
        "published": [at - published for at in shown.values()],
        "switched off": [at - off for at in hidden.values()],
        "on again": [at - on for at in again.values()],
    }
    assert len(shown) == len(hidden) == len(again) == 2
    assert max(took["published"]) < WITHIN + SLACK, took
    assert max(took["switched off"]) < WITHIN + SLACK, took
    assert max(took["on again"]) < WITHIN + SLACK, took


def test_chat__written_at_one_host__is_read_at_the_other_at_once(shop: Hosts) -> None:
    assert browse(shop, "chat", *map(shop.address, WEB))["read"] == 10


def test_jobs__a_host_of_workers_is_lost__are_done_once_by_the_other(shop: Hosts) -> None:
    tell(shop, "enqueue", str(JOBS))
    time.sleep(1.0)
    lost = shop.processes[len(WEB)]
    shop.kill(lost)

    shop.await_true(lambda: tell(shop, "count")["open"] == 0, "all jobs are done", patience=180)
    found = tell(shop, "count")

    assert (found["effects"], found["doubled"], found["done"]) == (JOBS, 0, JOBS)
