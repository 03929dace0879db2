"""What decisions asks of packages above it: Protocols, and the null objects used when a module is switched off."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from inspect import Parameter, signature
from typing import Protocol

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings


class Availability(Protocol):
    """Is somebody there to answer?

    A class whose method takes ``now`` alone is one, too: asked for a skill or a language, it says what it says of all.
    """

    def free_agents(self, *, now: datetime, skill: int | None = None, language: str | None = None) -> int:
        """Return how many more live conversations the agents can take at ``now``; of those with the skill and language asked.

        ``skill`` is the number of a ``Skill``, ``language`` a code such as ``de`` or ``de-at``; ``None``: any.
        """
        ...


class NobodyAvailable:
    """The null object: no desk, so nothing that needs an agent is offered."""

    def free_agents(self, *, now: datetime, skill: int | None = None, language: str | None = None) -> int:
        """Return 0."""
        return 0


class _ForAll:
    """A desk that knows neither skills nor languages."""

    def __init__(self, count: Callable[..., int]) -> None:
        self._count = count

    def free_agents(self, *, now: datetime, skill: int | None = None, language: str | None = None) -> int:
        return self._count(now=now)


@lru_cache(maxsize=4)
def _build(path: str) -> Availability:
    built: Availability = import_string(path)()
    known = signature(built.free_agents).parameters
    if {"skill", "language"} <= known.keys() or any(one.kind is Parameter.VAR_KEYWORD for one in known.values()):
        return built
    return _ForAll(built.free_agents)


def get_availability() -> Availability:
    """Return the implementation that ``AVAILABILITY`` names."""
    return _build(get_settings().availability)


def ask_free_agents(*, now: datetime, skill: int | None = None, language: str | None = None) -> int:
    """Return how many more conversations the agents can take, whatever like a number the implementation returned.

    Raises what it raises, and for what is no number.
    """
    return int(get_availability().free_agents(now=now, skill=skill, language=language))
