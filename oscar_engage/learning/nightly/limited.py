"""How is a module run that may not grow or go on for ever? ``python -m …nightly.limited SECONDS MEGABYTES MODULE ARGUMENTS``.

The limits are the kernel's and set by the process itself, before it loads anything large: a fork in a worker with threads could
not do that safely. The processor's time ends with SIGXCPU, too much memory with ``MemoryError``.
"""

import atexit
import resource
import runpy
import sys
from pathlib import Path

PEAK = "peak"
"""The file in the folder."""

_MB = 1024 * 1024


def limit(*, seconds: int, megabytes: int) -> None:
    """Bound this process, its processor time and its address space, for good. Lower limits that hold already stay."""
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_AS, megabytes * _MB)
    _lower(resource.RLIMIT_CORE, 0)  # a core file would hold the vectors


def _lower(which: int, most: int) -> None:
    _soft, hard = resource.getrlimit(which)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (wanted, wanted))


def note_peak(folder: Path) -> None:
    """Write down what memory this process has held at most (kB): ``getrusage`` would count its parent's before it began."""
    status = Path("/proc/self/status")
    if status.exists():
        held = [line.split()[1] for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
        (folder / PEAK).write_text("".join(held[:1]), encoding="ascii")


if __name__ == "__main__":  # pragma: no cover - the tests run it as what it is, a process
    limit(seconds=int(sys.argv[1]), megabytes=int(sys.argv[2]))
    module, *rest = sys.argv[3:]
    atexit.register(note_peak, Path(rest[-1]))
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
