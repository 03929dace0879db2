"""The shop's application, for measuring: it says what CPU a page took, and takes away two pieces of luck.

**The stack.** CPython 3.11 and later keep the stack of Python calls in chunks of 16 KiB: when a call crosses the end of one,
the kernel is asked for the next, and given it back on return. A loop that happens to stand at such an end does so hundreds of
times a page: on the sandbox's front page 500 or 1,100 times, 3 or 9 ms, and which of the two depends on nothing but how many
frames stand below. So one middleware more or less moves every page by luck, for better or worse: -6 ms on one and +5 ms on
another, the same again however often one measures. A thread whose lowest frame is wide enough gets one chunk for all.

**The collector.** Every seven thousand objects or so it looks through the younger ones, for 2 ms, which is every third page of
the sandbox. Where the same pages are asked for in turns, it comes to the same page each time: 2 ms on one of them, none on the
others, and on the other side on another. Who says so (``Visit.measure``) has it look after each page instead, once that is out.
What our own objects add to its work (hundreds beside a page's ten thousands) stays within the pages: the youngest are looked
through there as often as they ask for it.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from benchmarks.visit import CPU_HEADER, TIDY_HEADER
from sandbox.wsgi import application as _shop

logging.getLogger("django.request").setLevel(logging.ERROR)  # thousands of refusals are part of what is measured

_SLOTS = 70_000  # of 8 bytes: asks for a chunk of 1 MiB, and leaves nearly half of it to all other frames


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve as the shop does; at the first byte Django has the whole page."""
    started = time.thread_time()

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, (CPU_HEADER, repr(time.thread_time() - started))], *rest)

    response = _shop(environ, start)
    return _Tidied(response) if f"HTTP_{TIDY_HEADER.upper().replace('-', '_')}" in environ else response


class _Tidied:
    """A response after which the collector looks through the younger objects, so that the next page begins without any."""

    def __init__(self, response: Any) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response)

    def close(self) -> None:
        """Close as the server does, then tidy up."""
        self._response.close()
        gc.collect(1)


_run = threading.Thread.run


def _run_wide(thread: threading.Thread) -> None:
    _run(thread)


_run_wide.__code__ = _run_wide.__code__.replace(co_stacksize=_SLOTS)
threading.Thread.run = _run_wide  # type: ignore[method-assign] # the server has not started its threads yet
