"""Several hosts on one machine: network namespaces of our own, with PostgreSQL on one and the shop's processes on others.

Needs Linux, root, ``ip`` and PostgreSQL's programs; :func:`why_not` says what is missing. Nothing is added to the machine's own
network: the switch that joins the hosts stands in a namespace, too, and all of it goes when the block ends.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.shop import ROOT

NETWORK = "10.213.7"
CENTRE = f"{NETWORK}.1"
"""Where PostgreSQL is, and whoever sends load."""

PORT = 5433
START_SECONDS = 90
PERIOD_US = 20_000
"""In so many microseconds a host may use its share of a core: short, so that a share feels like a slow core."""


def why_not() -> str:
    """Return why there can be no hosts here; empty: there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need Linux and root"
    if shutil.which("ip") is None:
        return "there is no program ip"
    if _postgres_programs() is None:
        return "there are no programs of PostgreSQL"
    probe = f"engage-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False)
    if made.returncode:
        return f"no namespace can be made: {made.stderr.decode().strip()}"
    subprocess.run(["ip", "netns", "delete", probe], check=False)
    return ""


@dataclass
class Hosts:
    """The hosts; ``address(0)`` is the first one's, ``run`` and ``start`` put processes on them, ``None`` being the centre."""

    folder: Path
    number: int
    name: str = field(default_factory=lambda: f"eng{os.getpid()}")
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    groups: list[Path] = field(default_factory=list)

    def address(self, host: int | None) -> str:
        """Return the address of a host."""
        return CENTRE if host is None else f"{NETWORK}.{host + 10}"

    def namespace(self, host: int | None) -> str:
        """Return the name of its namespace."""
        return f"{self.name}-c" if host is None else f"{self.name}-{host}"

    @property
    def environment(self) -> dict[str, str]:
        """What each process of the shop is told."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benchmarks.hosts_settings",
            "PYTHONPATH": str(ROOT),
            "ENGAGE_TEST_DB": "postgres",
            "ENGAGE_TEST_DB_HOST": CENTRE,
            "ENGAGE_TEST_DB_PORT": str(PORT),
            "ENGAGE_TEST_DB_USER": "postgres",
            "ENGAGE_TEST_DB_NAME": "shop",
            "ENGAGE_SOAK_FOLDER": str(self.folder),
        }

    def command(self, host: int | None, words: Sequence[str]) -> list[str]:
        """Return ``words`` as a command on ``host``."""
        return ["ip", "netns", "exec", self.namespace(host), *words]

    def run(self, host: int | None, *words: str) -> str:
        """Run Python on a host with these words; return what it printed."""
        command = self.command(host, [sys.executable, "-W", "ignore", *words])
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def start(self, host: int | None, *words: str, share: float = 0.0) -> "subprocess.Popen[bytes]":
        """Start Python on a host with these words; with ``share``, it and its children have that much of a core."""
        command = self.command(host, [sys.executable, "-W", "ignore", *words])
        if share:
            group = self._group(host, share)
            command = ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh", *command]
        with (self.folder / f"{host}.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def start_web(self, host: int, *, workers: int = 2, share: float = 0.0) -> "subprocess.Popen[bytes]":
        """Start the shop's web server on a host and wait until it listens."""
        bound = ("--bind", f"{self.address(host)}:8000", "--workers", str(workers), "--threads", "4", "--keep-alive", "75")
        served = ("-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", *bound, "--log-level", "error")
        process = self.start(host, *served, share=share)
        code = f"import socket, sys; sys.exit(socket.socket().connect_ex(('{self.address(host)}', 8000)))"
        self.await_true(lambda: self._succeeds(None, code), f"the shop on host {host} listens")
        return process

    def await_true(self, is_so: Callable[[], object], what: str, *, patience: float = START_SECONDS) -> float:
        """Wait until it is so and return the seconds; raises ``TimeoutError``."""
        began = time.monotonic()
        while not is_so():
            if time.monotonic() - began > patience:
                logs = "".join(path.read_text()[-2000:] for path in self.folder.glob("*.log"))
                raise TimeoutError(f"not within {patience} s: {what}\n{logs}")
            time.sleep(0.1)
        return time.monotonic() - began

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill a process with all that it started, as a host without power does."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.remove(process)

    def _succeeds(self, host: int | None, code: str) -> bool:
        command = self.command(host, [sys.executable, "-c", code])
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _group(self, host: int | None, share: float) -> Path:
        """Make a group of processes that may use ``share`` of a core, in either kind of control groups."""
        quota = int(PERIOD_US * share)
        old, new = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
        group = (old if old.is_dir() else new) / f"{self.name}-{host}"
        group.mkdir(exist_ok=True)
        if old.is_dir():
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (group / "cpu.max").write_text(f"{quota} {PERIOD_US}")
        self.groups.append(group)
        return group


@contextmanager
def hosts(number: int) -> Iterator[Hosts]:
    """Make ``number`` hosts beside the centre, with an empty database ``shop`` there, and take all of it away afterwards."""
    with tempfile.TemporaryDirectory(prefix="hosts-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        made = Hosts(folder, number)
        try:
            _join(made)
            with _postgres(made):
                yield made
        finally:
            for process in list(made.processes):
                made.kill(process)
            for host in (None, *range(number)):
                _ip("netns", "delete", made.namespace(host), may_fail=True)
            for group in made.groups:
                with suppress(OSError):
                    group.rmdir()


def _join(made: Hosts) -> None:
    centre = made.namespace(None)
    _ip("netns", "add", centre)
    _ip("-n", centre, "link", "set", "lo", "up")
    _ip("-n", centre, "link", "add", "switch", "type", "bridge")
    _ip("-n", centre, "address", "add", f"{CENTRE}/24", "dev", "switch")
    _ip("-n", centre, "link", "set", "switch", "up")
    for host in range(made.number):
        own = made.namespace(host)
        _ip("netns", "add", own)
        _ip("-n", own, "link", "set", "lo", "up")
        _ip("-n", own, "link", "add", "net", "type", "veth", "peer", "name", f"to{host}", "netns", centre)
        _ip("-n", own, "address", "add", f"{made.address(host)}/24", "dev", "net")
        _ip("-n", own, "link", "set", "net", "up")
        _ip("-n", centre, "link", "set", f"to{host}", "master", "switch", "up")


def _ip(*words: str, may_fail: bool = False) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode and not may_fail:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr}")


def _postgres_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@contextmanager
def _postgres(made: Hosts) -> Iterator[None]:
    programs, data = _postgres_programs(), made.folder / "data"
    owner = ["runuser", "-u", "postgres", "--"]
    cluster = [*owner, f"{programs}/initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(cluster, check=True, capture_output=True, cwd=made.folder)
    with (data / "pg_hba.conf").open("a") as file:
        file.write(f"host all all {NETWORK}.0/24 trust\n")
    options = f"-p {PORT} -h {CENTRE} -k {made.folder} -c fsync=off -c full_page_writes=off -c max_connections=300"
    control = made.command(None, [*owner, f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", f"{made.folder}/postgres.log"])
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=made.folder)
    try:
        made.run(None, "-c", _CREATE)
        yield
    finally:
        for process in list(made.processes):
            made.kill(process)
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd=made.folder)


_CREATE = f"""
import psycopg
with psycopg.connect(host="{CENTRE}", port={PORT}, user="postgres", dbname="postgres", autocommit=True) as connection:
    for name in ("shop", "queue"):
        connection.execute(f'CREATE DATABASE "{{name}}"')
"""
