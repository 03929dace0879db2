"""The faults of group L that can befall us while the shop works, each with how it is made and where it shows."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone

from oscar_engage.jobs import nudge
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.signals.buffer import Buffer, Entry
from oscar_engage.storefront import flush, turn
from oscar_engage.switch.state import forget as forget_switch
from oscar_engage.switch.state import turn as turn_switch
from tests.attacks.conftest import needs_postgres
from tests.attacks.faults import writes_refused
from tests.storefront.faults import tables_locked, tables_missing

Inject = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Fault:
    """``inject`` makes it for as long as a block lasts. ``counter`` rises meanwhile, so that no test passes without the fault.

    ``says`` is what the health page says of it, in red; empty where nothing of ours is ill.
    """

    name: str
    inject: Inject
    counter: str = ""
    says: str = ""
    needs_transaction: bool = False
    """Whether it befalls us only inside a transaction of the shop."""

    marks: tuple[Any, ...] = ()


def raising(*args: object, **kwargs: object) -> None:
    raise LookupError("ours")


@contextmanager
def patched(target: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, name, value)
        yield


@contextmanager
def broker(port: Callable[[str], None]) -> Iterator[None]:
    """Have a broker that behaves so, and something to tell it."""
    with patched(nudge, "PORT", f"tests.attacks.group_l.{port.__name__}"):
        with transaction.atomic():
            enqueue("orders.sweep", key=f"a job {time.monotonic_ns()}", now=timezone.now())
        yield
    time.sleep(0.15 if port is hanging else 0)  # until it lets go


def refusing(key: str) -> None:
    raise ConnectionError("refused")


def hanging(key: str) -> None:
    time.sleep(0.2)


@contextmanager
def clock_moved(hours: int) -> Iterator[None]:
    """The server's clock jumps."""
    real = timezone.now
    with patched(timezone, "now", lambda: real() + timedelta(hours=hours)):
        yield


@contextmanager
def switched_off() -> Iterator[None]:
    """Somebody turns the switch on the health page."""
    turn_switch(is_on=False, now=timezone.now())
    try:
        yield
    finally:
        turn_switch(is_on=True, now=timezone.now())
        forget_switch()


@contextmanager
def slow_writes() -> Iterator[None]:
    """Each write takes long enough to be called slow; that limit is lowered, so that the test need not wait."""
    real = flush.observe

    def slowly(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.03)
        return real(*args, **kwargs)

    with patched(turn, "_SLOW", 0.02), patched(flush, "observe", slowly):
        yield


COMMIT_RAISES = partial(patched, Entry, "keep", raising)
WRITING = "What shoppers do could not be written"
DEAD_CACHE = {"default": {"BACKEND": "tests.attacks.faults.DeadCache"}}

HEALTHY = Fault("nothing", nullcontext)
FAULTS = (
    Fault("L01 receivers raise", partial(patched, Buffer, "add", raising), "fault:", "A part of ours failed"),
    Fault("L03 tables missing", tables_missing, "fault:flush", "python manage.py migrate"),
    Fault("L04 tables locked", tables_locked, "fault:flush", "cannot be read", marks=(needs_postgres,)),
    Fault(
        "L07 commit hook raises",
        partial(patched, Entry, "keep", raising),
        "fault:commit",
        "after the shop's commit",
        needs_transaction=True,
    ),
    Fault("L08 broker refuses", partial(broker, refusing), says="The broker could not be told"),
    Fault("L08 broker hangs", partial(broker, hanging), says="The broker could not be told"),
    Fault("L10 cache dead", partial(override_settings, CACHES=DEAD_CACHE)),  # nothing of ours uses it
    Fault("L11 disk full", partial(writes_refused, "disk full"), "fault:flush", WRITING),
    Fault("L12 read-only", partial(writes_refused, "read-only"), "fault:flush", WRITING),
    Fault("L15 clock ahead", partial(clock_moved, 1)),  # a jump is as good as any other time
    Fault("L15 clock behind", partial(clock_moved, -1)),
    Fault("L16 switched off", switched_off, says="Engage is switched off"),
    Fault("L18 writes are slow", slow_writes, "dropped:breaker", "Signals were dropped"),
)


def as_parameters(*faults: Fault) -> list[Any]:
    """Return the faults as parameters of a test, by their names."""
    return [pytest.param(fault, id=fault.name, marks=fault.marks) for fault in faults]
