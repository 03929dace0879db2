"""How is training kept from doing harm? In a process of its own, bounded in time and memory, in a folder that always goes.

Whatever becomes of it (killed, out of memory, hung, nonsense), what comes back is a value and never an exception.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from oscar_engage.jobs.reason import reason_of
from oscar_engage.learning.nightly.limited import PEAK
from oscar_engage.learning.nightly.result import LONGEST, BadResultError, Result, read_result
from oscar_engage.learning.registry.models import Task

MEGABYTES = 1500
"""Address space of the process, at most."""

COMMAND = (sys.executable, "-m", "oscar_engage.learning.nightly.limited")
TRAINING = ("oscar_engage.learning.training",)
_LOOK = 0.02  # seconds between two looks at whether it has ended
_TAIL = 4000  # bytes of what it said last
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""Variables that keep its libraries to one thread."""


class TrainingFailedError(RuntimeError):
    """What a process said before it ended; only for its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of the process. ``why`` is empty where there is a ``result``; ``said``: the last line of stderr, no values.

    ``why`` else: ``timed_out``, ``killed``, ``crashed``, ``no_result`` or ``garbage``.
    """

    result: Result | None
    why: str = ""
    said: str = ""
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


Train = Callable[[Path, Task, int], Ended]
"""The port: folder, task, seconds that it may take."""


@contextmanager
def own_folder() -> Iterator[Path]:
    """Give an empty folder that only we can read, and remove it with all that is in it, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="engage-learning-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_child(folder: Path, task: Task, seconds: int, *, module: Sequence[str] = TRAINING, megabytes: int = MEGABYTES) -> Ended:
    """Train on what is in ``folder`` and return what came of it within ``seconds``, by the clock and by the processor.

    ``module`` and what is given to it are run as ``python -m``, with ``folder`` as the last argument.
    """
    command = (*COMMAND, str(seconds), str(megabytes), *module, str(folder))
    with (folder / "stderr").open("w+b") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env=_environment(),
            start_new_session=True,
        )
        try:
            status, usage = _wait(process, time.monotonic() + seconds)
        finally:
            _kill(process)
        said = _last_line(stderr.fileno())
    cpu = usage.ru_utime + usage.ru_stime if usage else 0.0
    peak = _peak(folder, usage.ru_maxrss if usage else 0)
    why, result = _read(folder, task, status)
    return Ended(result=result, why=why, said=said if why else "", cpu_seconds=round(cpu, 2), peak_mb=round(peak, 1))


def _environment() -> dict[str, str]:
    """One thread, and what Python needs to find us; nothing of the shop's secrets is handed on."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    return {**known, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _wait(process: "subprocess.Popen[bytes]", until: float) -> tuple[int | None, "resource.struct_rusage | None"]:
    """Return how the process ended and what it used; ``None`` when it had to be stopped."""
    while time.monotonic() < until:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        time.sleep(_LOOK)
    _kill(process)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return None, usage


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the process and all that it began."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _peak(folder: Path, otherwise: int) -> float:
    """Return the largest memory in MB: what the process wrote down, or what the kernel says of one that was killed."""
    try:
        return int((folder / PEAK).read_text(encoding="ascii")) / 1024
    except (OSError, ValueError):
        return otherwise / 1024


def _last_line(file: int) -> str:
    """Return the end of what was said: a class and its words, values left out, for nothing personal may get into a row."""
    size = os.fstat(file).st_size
    tail = os.pread(file, _TAIL, max(0, size - _TAIL)).decode("utf-8", errors="replace")
    lines = [line for line in tail.splitlines() if line.strip()]
    return reason_of(TrainingFailedError(lines[-1])) if lines else ""


def _read(folder: Path, task: Task, status: int | None) -> tuple[str, Result | None]:
    if status is None:
        return "timed_out", None
    if status:
        return ("timed_out" if status == -signal.SIGXCPU else "killed" if status < 0 else "crashed"), None
    file = folder / "result.json"
    if not file.is_file():
        return "no_result", None
    try:
        with file.open("rb") as written:
            return "", read_result(written.read(LONGEST + 1), task)
    except BadResultError:
        return "garbage", None
