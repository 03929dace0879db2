"""What decisions asks of packages above it: Protocols, and the null objects used when a module is switched off."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from inspect import Parameter, signature
from typing import Any, Protocol
from uuid import UUID

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings
from oscar_engage.decisions.line.order import Asked
from oscar_engage.rules.answers import once


class Availability(Protocol):
    """Is somebody there to answer?

    A class whose method takes ``now`` alone is one, too: asked for a skill or a language, it says what it says of all.
    """

    def free_agents(self, *, now: datetime, skill: int | None = None, language: str | None = None) -> int:
        """Return how many more live conversations the agents can take at ``now``; of those with the skill and language asked.

        ``skill`` is the number of a ``Skill``, ``language`` a code such as ``de`` or ``de-at``; ``None``: any.
        """
        ...


class Dialer(Protocol):
    """How many more may be invited to a chat, and a place for each who is: an ``Availability`` may be one, too.

    ``queue`` is the short name of the one that the rule names; empty: that of the page at ``path``. ``language``: the
    shopper's; empty: any. ``ahead``: what those ask for who come before the shopper in line, the first of them first. A class
    whose methods do not take it is one, too: where it is asked about the same queue and language, those ahead are taken off.
    """

    def places(self, *, now: datetime, queue: str = "", path: str = "", language: str = "", ahead: Sequence[Asked] = ()) -> int:
        """Return how many more may be invited at ``now``, once those ``ahead`` are; more than none is enough."""
        ...

    def hold(
        self,
        *,
        decision_id: UUID,
        visitor_id: UUID,
        now: datetime,
        queue: str = "",
        path: str = "",
        language: str = "",
        ahead: Sequence[Asked] = (),
    ) -> bool:
        """Keep a place that none of those ``ahead`` needs, and return whether there was one.

        It is called in the transaction that records the decision.
        """
        ...


class Hold(Protocol):
    """``Dialer.hold`` for one shopper at one moment."""

    def __call__(self, *, decision_id: UUID, queue: str, ahead: tuple[Asked, ...] = ()) -> bool:
        """Keep a place."""
        ...


class _ByFreeAgents:
    """The dialer of a desk that only says who is free: it keeps no places."""

    def __init__(self, availability: Availability) -> None:
        self._availability = availability

    def places(self, *, now: datetime, queue: str = "", path: str = "", language: str = "", ahead: Sequence[Asked] = ()) -> int:
        before = sum(one.language == language for one in ahead)  # whatever their queues, it is the same agents
        return int(self._availability.free_agents(now=now, language=language or None)) - before

    def hold(self, *, decision_id: UUID, visitor_id: UUID, now: datetime, **asked: Any) -> bool:
        return True


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


@lru_cache(maxsize=4)
def _dialer_of(path: str) -> Dialer:
    built = import_string(path)()
    return built if hasattr(built, "places") and hasattr(built, "hold") else _ByFreeAgents(_build(path))


def get_dialer() -> Dialer:
    """Return the implementation that ``AVAILABILITY`` names, if it keeps places; else one that asks who is free."""
    return _dialer_of(get_settings().availability)


def ask_places(*, now: datetime, queue: str = "", path: str = "", language: str = "", ahead: tuple[Asked, ...] = ()) -> int:
    """Return how many more may be invited, once those ``ahead`` are; raises what the implementation raises."""
    ask = partial(get_dialer().places, now=now, queue=queue, path=path, language=language)
    if not ahead:
        return int(ask())
    if _takes_ahead(get_settings().availability, "places"):
        return int(ask(ahead=ahead))
    return int(ask()) - sum((one.queue, one.language) == (queue, language) for one in ahead)


@lru_cache(maxsize=8)
def _takes_ahead(path: str, method: str) -> bool:
    """Whether the dialer's method knows of those ahead."""
    known = signature(getattr(_dialer_of(path), method)).parameters
    return "ahead" in known or any(one.kind is Parameter.VAR_KEYWORD for one in known.values())


@lru_cache(maxsize=4)
def _calls_of(path: str) -> Callable[..., bool]:
    built = import_string(path)()
    return built.takes_calls if hasattr(built, "takes_calls") else _no_calls


def _no_calls(*, now: datetime, path: str = "") -> bool:
    return False


def ask_takes_calls(*, now: datetime, path: str = "") -> bool:
    """Return whether a call can be asked for at ``path``, by the method ``takes_calls`` of ``AVAILABILITY``; without it: no.

    Raises what the implementation raises.
    """
    return bool(_calls_of(get_settings().availability)(now=now, path=path))


def take_hold(
    *,
    decision_id: UUID,
    visitor_id: UUID,
    now: datetime,
    queue: str = "",
    path: str = "",
    language: str = "",
    ahead: tuple[Asked, ...] = (),
) -> bool:
    """Keep a place and return whether there was one; there is none where the implementation raises, which is logged."""
    asked: dict[str, Any] = {"queue": queue, "path": path, "language": language}
    if ahead and _takes_ahead(get_settings().availability, "hold"):
        asked["ahead"] = ahead
    ask = partial(get_dialer().hold, decision_id=decision_id, visitor_id=visitor_id, now=now, **asked)
    return bool(once(ask, False)())


def ask_free_agents(*, now: datetime, skill: int | None = None, language: str | None = None) -> int:
    """Return how many more conversations the agents can take, whatever like a number the implementation returned.

    Raises what it raises, and for what is no number.
    """
    return int(get_availability().free_agents(now=now, skill=skill, language=language))
