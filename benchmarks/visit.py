"""How does a shopper ask for pages? Over a kept connection, with consent and our cookie, never hurrying the server."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from oscar_engage.core.ids import new_id_at

CPU_HEADER = "Benchmark-CPU"
"""How the server (``benchmarks.wsgi``) says what CPU seconds a page took up to its first byte."""

TIDY_HEADER = "Benchmark-Tidy"
"""Has the server tidy up after the page, so that the next one meets no rest of this one's (``benchmarks.wsgi``)."""

_CONSENT = "shop_consent=all"
_PAUSE = 0.004  # seconds between two looks at a server that should be idle
_LONGEST_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of one page: until its last byte; of CPU that made it; of CPU until the server was idle again."""

    wall: float
    page_cpu: float
    cpu: float


def signal_id(milliseconds: int) -> str:
    """Return an id as a browser gives it to a signal of that moment (since 1970)."""
    return str(new_id_at(datetime.fromtimestamp(milliseconds / 1000, UTC)))


class Visit:
    """One shopper of one shop."""

    def __init__(self, address: str, *, cookie: str = "") -> None:
        parts = urlsplit(address)
        self._host = f"{parts.hostname}:{parts.port}"
        self._connection = http.client.HTTPConnection(self._host, timeout=60)
        self._cookie = "; ".join(part for part in (_CONSENT, cookie) if part)

    def ask(self, path: str, *, tidy: bool = False) -> tuple[float, float]:
        """Ask for a page; return the milliseconds until its last byte, and of CPU that made it."""
        headers = {"Cookie": self._cookie, **({TIDY_HEADER: "1"} if tidy else {})}
        started = time.perf_counter()
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        response.read()
        took = (time.perf_counter() - started) * 1000
        if response.status != HTTPStatus.OK:
            raise RuntimeError(f"{path} answered {response.status}")
        return took, float(response.headers[CPU_HEADER]) * 1000

    def measure(self, path: str, cpu: Callable[[], float]) -> Cost:
        """Ask for a page; give the server time for what it does after the last byte, and count that as well.

        Part of that is its tidying up, which the side that wrote more has more of.
        """
        before = cpu()
        wall, page_cpu = self.ask(path, tidy=True)
        return Cost(wall, page_cpu, (settle(cpu) - before) * 1000)

    def meet(self) -> str:
        """Send a first beat, as a browser does, and return the cookie with which the shop then knows it."""
        now = int(time.time() * 1000)
        viewed = {"id": signal_id(now), "kind": "page.viewed", "at": now, "data": {}}
        beat = json.dumps({"v": 1, "sent": now, "path": "/", "fetch": True, "signals": [viewed]})
        headers = {"Cookie": self._cookie, "Content-Type": "text/plain;charset=UTF-8", "Sec-Fetch-Site": "same-origin"}
        self._connection.request("POST", "/engage/beat/", beat, headers)
        response = self._connection.getresponse()
        response.read()
        cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
        if not cookie.startswith("engage_visitor="):
            raise RuntimeError(f"A beat answered {response.status} and set no cookie of ours.")
        return cookie


def settle(cpu: Callable[[], float]) -> float:
    """Wait until the server uses no CPU any more, and return what it has used."""
    end = time.monotonic() + _LONGEST_PAUSE
    used = cpu()
    while time.monotonic() < end:
        time.sleep(_PAUSE)
        used, earlier = cpu(), used
        if used - earlier < _PAUSE / 20:
            break
    return used


def cpu_clock(server: int) -> Callable[[], float]:
    """Return the clock that counts the CPU seconds of the one worker below process ``server``; Linux only.

    It is the kernel's own clock of a foreign process (``clock_getcpuclockid``), in nanoseconds; the numbers of
    ``/proc/<pid>/stat`` count hundredths of a second, longer than what is measured here.
    """
    (worker,) = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and _parent(folder) == server]
    clock = (~worker << 3) | 2
    return lambda: time.clock_gettime(clock)


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended while we looked
        return 0
