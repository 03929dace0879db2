"""The processes under measurement, and what they use: CPU seconds and memory by the kernel's own count."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.shop import ROOT

START_SECONDS = 60
FILES = 8192
_TICKS = os.sysconf("SC_CLK_TCK")


def allow_many_files() -> None:
    """Let this process and those it starts open a socket for each browser."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard) if hard > 0 else FILES, hard))


@contextmanager
def serving(*command: str) -> Iterator[tuple[int, int]]:
    """Run ``command`` (``{port}`` in it is replaced) until the block ends; give its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", *(part.format(port=port) for part in command)], cwd=ROOT)
    try:
        _await(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("a server did not start")


def shop_server() -> tuple[str, ...]:
    """The command of the shop's WSGI server: one process, as the bar is one core."""
    served = ("gunicorn", "django.core.wsgi:get_wsgi_application()", "--bind", "127.0.0.1:{port}")
    return (*served, "--workers", "1", "--threads", "4", "--keep-alive", "75", "--log-level", "error")


def push_server() -> tuple[str, ...]:
    """The command of the push process: uvicorn where it is installed, else gunicorn."""
    wanted = os.environ.get("BENCHMARK_PUSH_SERVER") or ("uvicorn" if find_spec("uvicorn") else "gunicorn")
    if wanted == "uvicorn":
        return ("uvicorn", "oscar_engage.asgi:push", "--port", "{port}", "--log-level", "error", "--no-access-log")
    bound = ("--bind", "127.0.0.1:{port}", "--workers", "1", "--log-level", "error")
    return ("gunicorn", "oscar_engage.asgi:push", "-k", "asgi", *bound)


def family(pid: int) -> list[int]:
    """Return the process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU seconds that these processes have used, in user space and in the kernel."""
    return sum(_cpu(pid) for pid in pids)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # it has ended
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_kb(pids: Iterable[int]) -> int:
    """Return the kilobytes that these processes hold, what they share divided among them (PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def threads(pids: Iterable[int]) -> int:
    """Return how many threads these processes have."""
    return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in pids)


def busy_cores() -> tuple[float, float]:
    """Return the seconds that all cores were busy so far, and all seconds, each over all cores."""
    fields = [int(each) / _TICKS for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)
