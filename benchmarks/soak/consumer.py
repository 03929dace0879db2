"""How do workers die? One real ``run_huey`` with four workers, and the ways in which it ends."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

STOP_SECONDS = 30


class Consumer:
    """``run_huey`` in a process group of its own, so that a kill takes its process workers with it, as a power cut would."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it works a second or two later."""
        command = [sys.executable, "-W", "ignore", "-m", "django", "run_huey", "--quiet", "--skip-checks"]
        self._process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        """SIGKILL to the consumer and all its workers."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def terminate(self) -> None:
        """SIGTERM to the consumer, as a deployment does; whoever is left after a while is killed."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill_one_worker(self, chance: random.Random) -> None:
        """SIGKILL to one child, as the kernel does when memory is short; the consumer lives and starts another."""
        if self._process is not None and (children := self._children()):
            os.kill(chance.choice(children), signal.SIGKILL)

    def _children(self) -> list[int]:
        """Process ids, from Linux's own list; none elsewhere, and none with thread workers."""
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children") if self._process else Path()
        return [int(pid) for pid in listed.read_text().split()] if listed.is_file() else []
