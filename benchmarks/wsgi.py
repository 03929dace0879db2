"""The shop's application, for measuring: it says what CPU a page took, and each thread has its stack in one piece.

**The stack.** CPython 3.11 and later keep the stack of Python calls in chunks of 16 KiB: when a call crosses the end of one,
the kernel is asked for the next, and given it back on return. A loop that happens to stand at such an end does so hundreds of
times a page: on the sandbox's front page 500 or 1,100 times, 3 or 9 ms, and which of the two depends on nothing but how many
frames stand below. So one middleware more or less moves every page by luck, for better or worse: -6 ms on one and +5 ms on
another, the same again however often one measures. A thread whose lowest frame is wide enough gets one chunk for all.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.visit import CPU_HEADER
from sandbox.wsgi import application as _shop

_SLOTS = 70_000  # of 8 bytes: asks for a chunk of 1 MiB, and leaves nearly half of it to all other frames


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve as the shop does; at the first byte Django has the whole page."""
    started = time.thread_time()

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, (CPU_HEADER, repr(time.thread_time() - started))], *rest)

    return _shop(environ, start)


_run = threading.Thread.run


def _run_wide(thread: threading.Thread) -> None:
    _run(thread)


_run_wide.__code__ = _run_wide.__code__.replace(co_stacksize=_SLOTS)
threading.Thread.run = _run_wide  # type: ignore[method-assign] # the server has not started its threads yet
