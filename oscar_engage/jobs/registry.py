"""Who does the work? A handler for each kind of job."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from oscar_engage.core.registry import Registry


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
