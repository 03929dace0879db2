"""Which queue does huey get? A Redis of our own, a database of its own on PostgreSQL, or a file."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 20


@contextmanager
def redis(folder: Path) -> Iterator[int | None]:
    """Run Redis, without any file, and give its port; ``None`` where there is no Redis."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    port = _free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def _await(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Redis did not answer within {START_SECONDS} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def queue_database() -> Iterator[str]:
    """Make a database for huey on the tests' PostgreSQL and give its name: huey connects as soon as Django has started."""
    import psycopg

    name = f"{os.environ['ENGAGE_TEST_DB_NAME']}_queue"
    server = {key: os.environ[f"ENGAGE_TEST_DB_{key.upper()}"] for key in ("host", "port", "user")}

    def command(statement: str) -> None:
        with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:  # type: ignore[arg-type]  # texts
            connection.execute(statement)

    command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    command(f'CREATE DATABASE "{name}"')
    try:
        yield name
    finally:
        command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
