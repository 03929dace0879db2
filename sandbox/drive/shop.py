"""The sandbox shop as a newcomer starts it: real web server, real worker, SQLite, all in a folder of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.drive.commands import Commands

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = (
    600  # a first start migrates, fills the catalogue and draws its pictures: a minute, several where cores are shared
)
STOP_SECONDS = 40
AFTER_SECONDS = 1
#: Names a folder that ``python -m sandbox.prepare`` has filled: shops begin with a copy of it instead of preparing their own.
TEMPLATE = "ENGAGE_SANDBOX_TEMPLATE"
_OPEN = re.compile(r"is open:\s+(http://\S+?)/?\s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RealShop:
    """A running sandbox. ``address`` is known once :meth:`start` returned; ``said`` is all that it printed."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=_free_port)
    address: str = ""
    said: list[str] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None
    _listener: threading.Thread | None = None
    _commands: Commands | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the shop's processes see; ``manage`` uses the same."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "sandbox.settings",
            "ENGAGE_SANDBOX_VAR": str(self.folder),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "ENGAGE_SANDBOX_PAST": "0",  # what is measured and counted is what was driven
            **self.settings,
        }

    def start(self) -> None:
        """Start the shop and return when it says that it is open; raises ``RuntimeError`` with its words when it does not."""
        if (template := os.environ.get(TEMPLATE)) and not any(self.folder.iterdir()):
            shutil.copytree(template, self.folder, dirs_exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.run"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # a session of its own, as a terminal would give it
        )
        is_open = threading.Event()
        self._listener = threading.Thread(target=self._listen, args=(self._process, is_open), daemon=True)
        self._listener.start()
        if not is_open.wait(START_SECONDS) or not self.address:
            self.stop()
            raise RuntimeError("The sandbox did not start:\n" + "".join(self.said))

    def _listen(self, process: "subprocess.Popen[str]", is_open: threading.Event) -> None:
        for line in process.stdout or ():
            self.said.append(line)
            if found := _OPEN.search(line):
                self.address = found[1]
                is_open.set()
        is_open.set()

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run a management command beside the running shop and return what it printed."""
        if self._commands is None:
            self._commands = Commands(self.environment)
        return self._commands.run(*arguments, stdin=stdin)

    @property
    def pid(self) -> int:
        """The process that started the others. Raises ``RuntimeError`` before :meth:`start`."""
        if self._process is None:
            raise RuntimeError("the shop was not started")
        return self._process.pid

    def interrupt(self) -> int:
        """Press Ctrl-C: the terminal sends it to the process that was started there; returns the exit status."""
        os.killpg(self.pid, signal.SIGINT)
        return self._await_end()

    def stop(self) -> int:
        """Ask the first process alone to end, as a service manager does; returns the exit status."""
        if self._process is not None:
            self._process.terminate()
        return self._await_end()

    def _await_end(self) -> int:
        if self._commands is not None:
            self._commands.close()
            self._commands = None
        if self._process is None:
            return 0
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=STOP_SECONDS)
        left_behind = self._left_behind()
        # Whoever stays keeps our end of the pipe open, and closing it under the listener would wait for ever.
        for pid in left_behind:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        status = self._process.wait()
        if self._listener is not None:
            self._listener.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        if left_behind:
            raise RuntimeError(
                "The sandbox left behind:\n" + "\n".join(left_behind.values()) + "\nIt had said:\n" + "".join(self.said)
            )
        return status

    def _left_behind(self) -> dict[int, str]:
        """Those of the shop's processes that still run; a moment is granted, for the kernel takes one too."""
        deadline = time.monotonic() + AFTER_SECONDS
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def processes(self) -> dict[int, str]:
        """The command line of each of the shop's processes that is no zombie; none where there is no ``/proc``."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, _parent, _group, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it has ended meanwhile
                continue
            if int(session) == self.pid and state != "Z":
                found[int(folder.name)] = command
        return found
