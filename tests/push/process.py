"""A push process as a shop runs it, and browsers that hold a stream, one socket each."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
URL = "/engage-push/"
START_SECONDS = 60
SERVERS = ("uvicorn", "gunicorn")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def has(server: str) -> bool:
    return find_spec(server) is not None


def command(server: str, port: int) -> list[str]:
    if server == "uvicorn":
        quiet = ["--log-level", "warning", "--no-access-log"]
        return [sys.executable, "-m", "uvicorn", "oscar_engage.asgi:push", "--port", str(port), *quiet]
    bind = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "oscar_engage.asgi:push", "-k", "asgi", *bind]


@dataclass
class PushProcess:
    """One running push process."""

    push: dict[str, Any]
    server: str = "uvicorn"
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            command(self.server, self.port),
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.push.push_settings",
                "ENGAGE_PUSH": json.dumps(self.push),
                **self.environment,
            },
            process_group=0,
        )
        end = time.monotonic() + START_SECONDS
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.server} did not start")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def pids(self) -> list[int]:
        """The process, and the workers it started."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def threads(self) -> int:
        return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in self.pids())

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 10) -> float:
        """End it and return how long that took; raises when it has to be killed."""
        if self._process is None or self._process.poll() is not None:
            return 0.0
        started = time.monotonic()
        self._process.send_signal(number)
        try:
            self._process.wait(timeout=seconds)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        return time.monotonic() - started


@dataclass
class Event:
    name: str
    data: Any
    at: float


OPENED: list["Listener"] = []


async def close_all() -> None:
    """Close every stream that a test has opened."""
    while OPENED:
        listener = OPENED.pop()
        listener.close()
        with suppress(OSError):
            await listener._writer.wait_closed()


class Listener:
    """A browser that listens: one connection, its events in the order in which they came."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}

    @classmethod
    async def open(cls, port: int, path: str, *, cookie: str = "", headers: str = "") -> "Listener":
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: shop.example\r\nCookie: {cookie}\r\n{headers}\r\n".encode())
        listener = cls(reader, writer)
        OPENED.append(listener)
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 15)).decode().split("\r\n")
        listener.status = int(head[0].split()[1])
        pairs = (line.partition(": ") for line in head[1:] if line)
        listener.headers = {name.lower(): value for name, _, value in pairs}
        return listener

    async def next(self, *, seconds: float = 10, beats: bool = False) -> Event | None:
        """The next event; ``None`` at the stream's end. Raises ``TimeoutError`` when nothing comes."""
        async with asyncio.timeout(seconds):
            while True:
                event = await self._read()
                if event is None or beats or event.name != "beat":
                    return event

    async def _read(self) -> Event | None:
        name, data = "", ""
        while True:
            try:
                line = (await self._reader.readline()).decode()
            except ConnectionError:
                return None
            if line in {"", "0\r\n"}:  # the connection's end, or the last chunk of the answer
                return None
            line = line.strip("\r\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line and name:
                return Event(name, json.loads(data), time.monotonic())

    def close(self) -> None:
        self._writer.close()
