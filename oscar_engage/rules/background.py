"""Where is work done that no request should wait for? In a thread of this process that lives as long as it is asked."""

import threading
from collections.abc import Callable
from datetime import datetime
from queue import Empty, SimpleQueue

from django.db import close_old_connections, connections

from oscar_engage.signals.faults import note_fault

IDLE_SECONDS = 10.0
"""After so long without being asked the thread ends and gives its connections back."""


_EVERY: "list[Background]" = []  # one for each module that has one, made when it is imported: they never become more


def end_every() -> None:
    """End the threads of all that work off requests, for who is about to copy or drop the database."""
    for background in _EVERY:
        background.end()


class Background:
    """Does ``work(now)`` off the request when asked; asks that come while it is at work are taken together.

    A failure is counted as ``fault:<place>`` and logged; the next ask tries again. The thread is a daemon: it never keeps a
    process from ending, and after a fork the first ask begins a new one.
    """

    def __init__(self, work: Callable[[datetime], None], *, place: str) -> None:
        self.is_inline = False
        """Whether the work is done by who asks, before :meth:`ask` returns: for tests (``oscar_engage.testing.rules``)."""
        self._work = work
        self._place = place
        self._asked: SimpleQueue[datetime | None] = SimpleQueue()  # ``None``: end
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_leaving = False  # the thread has seen that nobody asks, and will see no more
        _EVERY.append(self)

    def ask(self, now: datetime) -> None:
        """Have the work done soon, for the moment ``now``; returns at once."""
        if self.is_inline:
            self._work(now)
            return
        self._asked.put(now)
        with self._lock:
            if self._thread is None or self._is_leaving or not self._thread.is_alive():
                self._is_leaving = False
                self._thread = threading.Thread(target=self._run, name=f"engage-{self._place}", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """End the thread and wait for it, for who is about to drop the database; the next ask begins another."""
        with self._lock:
            thread = self._thread
            if thread is None or not thread.is_alive():
                return
            if not self._is_leaving:
                self._asked.put(None)
        thread.join()  # without the lock, which it takes to leave

    def _run(self) -> None:
        try:
            while (now := self._next()) is not None:
                self._do(now)
        finally:
            connections.close_all()

    def _next(self) -> datetime | None:
        """Wait for an ask, and return the last if there are several; ``None``: end, or nobody has asked for long."""
        asked: list[datetime | None] = []
        while not asked:
            try:
                asked.append(self._asked.get(timeout=IDLE_SECONDS))
            except Empty:
                if self._may_leave():
                    return None
        while not self._asked.empty():
            asked.append(self._asked.get())
        return None if None in asked else asked[-1]

    def _may_leave(self) -> bool:
        """Whether nobody has asked meanwhile; whoever asks from now on begins another thread, so no ask is left lying."""
        with self._lock:
            self._is_leaving = self._asked.empty()
            return self._is_leaving

    def _do(self, now: datetime) -> None:
        try:
            self._work(now)
        except Exception:  # noqa: BLE001 - the thread has to live on, whatever the database says
            note_fault(self._place)
        finally:
            close_old_connections()
