"""What decisions asks of packages above it: Protocols, and the null objects used when a module is switched off."""

from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings


class Availability(Protocol):
    """Is somebody there to answer?"""

    def free_agents(self, *, now: datetime) -> int:
        """Return how many more live conversations the agents can take at ``now``."""
        ...


class NobodyAvailable:
    """The null object: no desk, so nothing that needs an agent is offered."""

    def free_agents(self, *, now: datetime) -> int:
        """Return 0."""
        return 0


@lru_cache(maxsize=4)
def _build(path: str) -> Availability:
    built: Availability = import_string(path)()
    return built


def get_availability() -> Availability:
    """Return the implementation that ``AVAILABILITY`` names."""
    return _build(get_settings().availability)


def ask_free_agents(*, now: datetime) -> int:
    """Return how many more conversations the agents can take, whatever like a number the implementation returned.

    Raises what it raises, and for what is no number.
    """
    return int(get_availability().free_agents(now=now))
