"""What do a thousand open chats cost? Asked by the clock, and woken by push; on PostgreSQL."""

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks import shop
from benchmarks.bars import Line, report

CORES = 1.0
LISTENER_KB = 20.0
P99_MS = 100.0
NO_POSTGRES = 77  # scripts/with-postgres says so


def measure() -> bool:
    """Measure both; return whether every bar holds. No PostgreSQL is a failure: the bars speak of it."""
    done = subprocess.run(
        [str(shop.ROOT / "scripts" / "with-postgres"), sys.executable, "-W", "ignore", "-m", "benchmarks.chat_run"],
        cwd=shop.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.chat_settings"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == NO_POSTGRES:
        print("!!!!! DID NOT RUN: the chats: there is no PostgreSQL here", file=sys.stderr)
        return False
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    asked = report("chat: 1,000 chats, each asked every 3 s and talked in every 20 s, without push", poll_lines(found["poll"]))
    woken = report("chat: 1,000 listeners of one push process, 10 messages a second", push_lines(found["push"]))
    return asked and woken


def poll_lines(found: dict[str, Any]) -> list[Line]:
    """Return the figures of asking by the clock."""
    answers, cores, slowdown, seconds = (found[name] for name in ("answers", "cores", "slowdown", "seconds"))
    expected = {"poll 200", "poll 204", "shopper 200", "agent 200"}
    return [
        Line(what="cores of the web process: CPU by seconds of chat", measured=cores / slowdown, bar=CORES),
        Line(what="the same as the busy core counted it", measured=cores),
        Line(what="times longer than planned it took", measured=found["took"] / seconds),
        Line(what="cores of the database's processes", measured=found["database_cores"]),
        *(
            Line(what=f"answers by second of chat: {kind}", measured=number / seconds)
            for kind, number in sorted(answers.items())
        ),
        Line(what="polls by second of chat", measured=sum(_of(answers, "poll")) / seconds, floor=0.95 * 1000 / 3),
        Line(what="other answers", measured=sum(n for kind, n in answers.items() if kind not in expected), bar=0),
        *machine_lines(found),
    ]


def _of(answers: dict[str, int], kind: str) -> list[int]:
    return [number for name, number in answers.items() if name.startswith(kind)]


def push_lines(found: dict[str, float]) -> list[Line]:
    """Return the figures of push."""
    return [
        Line(what="memory of a listener", measured=found["kb"], unit="KB", bar=LISTENER_KB),
        Line(what="from POST to the wake, p50", measured=found["woken_p50"], unit="ms"),
        Line(what="from POST to the wake, p99", measured=found["woken_p99"], unit="ms", bar=P99_MS),
        Line(what="from POST to the words read, p50", measured=found["read_p50"], unit="ms"),
        Line(what="from POST to the words read, p99", measured=found["read_p99"], unit="ms", bar=P99_MS),
        Line(what="a timer of 10 ms is late by, p99: the machine", measured=found["lag_p99"], unit="ms"),
        Line(what="messages that did not come", measured=found["lost"], bar=0),
        Line(what="threads of the push process", measured=found["threads"], bar=10),
        Line(what="cores of the push process, nothing said", measured=found["idle_cores"]),
        Line(what="memory of the push process", measured=found["total_kb"] / 1024, unit="MB"),
        Line(what="listeners", measured=found["listeners"]),
        *machine_lines(found),
    ]


def machine_lines(found: dict[str, float]) -> list[Line]:
    """Return how the machine was meanwhile."""
    return [
        Line(what="share of all cores that was busy", measured=found["busy"]),
        Line(what="times slower than its best this core was", measured=found["slowdown"]),
    ]
