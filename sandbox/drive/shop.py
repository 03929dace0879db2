"""The sandbox shop as a newcomer starts it: real web server, real worker, SQLite, all in a folder of its own."""

import os
import re
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = (
    600  # a first start migrates, fills the catalogue and draws its pictures: a minute, several where cores are shared
)
STOP_SECONDS = 15
_OPEN = re.compile(r"is open:\s+(http://\S+?)/?\s")


@dataclass
class RealShop:
    """A running sandbox. ``address`` is known once :meth:`start` returned; ``said`` is all that it printed."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    address: str = ""
    said: list[str] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None
    _listener: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the shop's processes see; ``manage`` uses the same."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "sandbox.settings",
            "ENGAGE_SANDBOX_VAR": str(self.folder),
            "PORT": str(_free_port()),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    def start(self) -> None:
        """Start the shop and return when it says that it is open; raises ``RuntimeError`` with its words when it does not."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.run"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
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
        return subprocess.run(
            [sys.executable, str(ROOT / "sandbox" / "manage.py"), *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def stop(self) -> int:
        """End web server and worker as Ctrl-C would; returns the exit status."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            status = self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._close_pipe(self._process)
        return status

    def _close_pipe(self, process: "subprocess.Popen[str]") -> None:
        if self._listener is not None:
            self._listener.join(timeout=STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
