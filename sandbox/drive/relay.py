"""A relay (coturn) of one's own for the length of a block, set up by the lines of docs/voices.md."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.drive.shop import ROOT

SECRET = "a-secret-for-trying-talks-out"  # noqa: S105 - no shop has it: a relay of a test's own takes it
START_SECONDS = 20
_LINES = """
listening-port={port}
listening-ip={ip}
relay-ip={ip}
min-port=49160
max-port=49660
fingerprint
use-auth-secret
static-auth-secret={secret}
realm=shop.example
no-cli
no-tls
no-dtls
no-multicast-peers
allow-loopback-peers
stale-nonce=600
log-file={folder}/turn.log
simple-log
pidfile={folder}/turn.pid
"""


class NoRelayError(RuntimeError):
    """There is no coturn here, and it could not be installed."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where it listens, the secret that it shares with the shop, and its log."""

    url: str
    secret: str
    log: Path


def own_address() -> str:
    """Return an address of this machine that browsers use for each other; the loopback's where there is no other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: this only chooses a way
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


@contextmanager
def relaying() -> Iterator[Relay]:
    """Run coturn until the block ends; raises :class:`NoRelayError`."""
    found = subprocess.run([ROOT / "scripts" / "ensure-coturn"], stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode:
        raise NoRelayError
    ip = own_address()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((ip, 0))
        port = probe.getsockname()[1]
    with TemporaryDirectory() as folder:
        lines = _LINES.format(port=port, ip=ip, secret=SECRET, folder=folder)
        setup = Path(folder) / "turnserver.conf"
        setup.write_text(lines)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([found.stdout.strip(), "-c", str(setup)], **quiet)  # type: ignore[call-overload]  # a mapping of plain values
        try:
            _await(ip, port, process)
            yield Relay(f"turn:{ip}:{port}?transport=udp", SECRET, Path(folder) / "turn.log")
        finally:
            process.terminate()
            process.wait(timeout=15)


def _await(ip: str, port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((ip, port)) == 0:
                return
        time.sleep(0.1)
    raise NoRelayError
