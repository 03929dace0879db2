"""Which processes did we start, and which of them must never be missing?"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

#: How long a child may take to end kindly.
STOP_SECONDS = 8
#: Pause before a child is started anew; it doubles each time, because what dies at once will do so again.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
#: Whoever ran this long was sound, and the pauses begin anew.
SOUND_SECONDS = 60.0


@dataclass(slots=True)
class Child:
    """A program, the name to call it by, and its process once it was started."""

    name: str
    command: Sequence[str]
    folder: Path
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start the program; it shares our terminal and environment.

        Its process group is its own. A Ctrl-C would reach its children beside our request to end, and gunicorn's worker, asked
        twice at once, may never end.
        """
        self._process = subprocess.Popen(self.command, cwd=self.folder, process_group=0)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def how_it_ended(self) -> str:
        """Exit code or signal, for people."""
        code = self._process.poll() if self._process else None
        return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"

    def end(self, *, deadline: float) -> None:
        """Wait for its end until ``deadline`` (``time.monotonic()``), then make it end."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(ProcessLookupError, PermissionError):  # whom it left behind; macOS says so of the dead
            os.killpg(self._process.pid, signal.SIGKILL)

    def ask_to_end(self) -> None:
        """Send SIGTERM, unless it has ended already."""
        if self._process is not None and self.is_running:
            self._process.terminate()


def stop_all(children: Sequence[Child]) -> None:
    """End all of them at once, kindly first."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.end(deadline=deadline)


@dataclass(slots=True)
class KeptRunning:
    """Starts its child anew whenever it ends, after a pause; ``tell`` says so to people."""

    child: Child
    tell: Callable[[str], None]
    _started_at: float = field(default=0.0, init=False)
    _pause: float = field(default=FIRST_PAUSE, init=False)
    _start_at: float | None = field(default=None, init=False)

    def start(self, *, now: float) -> None:
        """Start the child at once. ``now`` is ``time.monotonic()``, here as below."""
        self._started_at, self._start_at = now, None
        self.child.start()

    def look_after(self, *, now: float) -> None:
        """Notice that the child has ended, or end the pause after it; call it often."""
        if self.child.is_running:
            return
        if self._start_at is None:
            if now - self._started_at >= SOUND_SECONDS:
                self._pause = FIRST_PAUSE
            self.tell(f"The {self.child.name} ended ({self.child.how_it_ended}); a new one starts in {self._pause:g} s.")
            self._start_at = now + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        elif now >= self._start_at:
            self.start(now=now)
