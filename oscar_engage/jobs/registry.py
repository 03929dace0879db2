"""Who does the work? A handler for each kind of job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from django.db.models import Q

from oscar_engage.core.registry import Registry
from oscar_engage.modules import off_among


class Handler(Protocol):
    """Does one job. Called at least once, inside a transaction that also marks the job as done; raise to be tried again."""

    def __call__(self, payload: Mapping[str, Any], /, *, now: datetime) -> None:
        """Do the work that ``payload`` (ids, no personal data) names."""
        ...


HandlerType = TypeVar("HandlerType", bound=Handler)

HANDLERS: Registry[Handler] = Registry("job kind")


def handler(kind: str) -> Callable[[HandlerType], HandlerType]:
    """Register the decorated function as the one that does jobs of ``kind`` (dotted lower case)."""

    def register(function: HandlerType) -> HandlerType:
        HANDLERS.register(kind, function)
        return function

    return register


@dataclass(frozen=True, slots=True)
class TwoSteps:
    """A handler whose reading takes long: ``read`` comes before the transaction, ``write`` in it with what was read.

    On SQLite a transaction shuts out every other writer, and a shopper's beat waits for a tenth of a second only.
    """

    read: Callable[..., Any]
    write: Callable[..., None]

    def __call__(self, payload: Mapping[str, Any], /, *, now: datetime) -> None:
        """Do both at once."""
        self.write(self.read(payload, now=now), now=now)


def awake() -> Q:
    """Return the condition for jobs that may run: those of a module that is off wait until it is on again."""
    asleep = off_among("jobs", HANDLERS.names())
    return ~Q(kind__in=asleep) if asleep else Q()


def in_two_steps(kind: str, *, read: Callable[..., Any], write: Callable[..., None]) -> None:
    """Register ``read(payload, now=…)`` and ``write(what was read, now=…)`` as the handler of jobs of ``kind``."""
    HANDLERS.register(kind, TwoSteps(read, write))


def prepare(kind: str, payload: Mapping[str, Any], *, now: datetime) -> Callable[[], None]:
    """Do what the handler of ``kind`` does before its transaction, and return what is left to be done within it."""
    found = HANDLERS.get(kind)
    if isinstance(found, TwoSteps):
        return partial(found.write, found.read(payload, now=now), now=now)
    return partial(found, payload, now=now)
