"""Of what can another system be told? A registry of events: where they are found, and what is said of one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from oscar_engage.core.registry import Registry

Find = Callable[[datetime, datetime], Iterable[tuple[str, datetime]]]
Describe = Callable[[str, bool], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One kind of event, named in dotted lower case.

    ``find(since, until)`` gives the ids of what it happened to in that time, and when; ``describe(id, has_texts)`` what is told
    of one, as JSON, or ``None`` when it is gone: ids and states, and names and texts only with ``has_texts``. ``module``: the
    one it is of (``core.modules``), empty for none.
    """

    name: str
    label: str | Promise
    module: str
    find: Find
    describe: Describe


EVENTS: Registry[Event] = Registry("event of webhooks")
"""Shops add their own in ``AppConfig.ready()``: ``EVENTS.register("loyalty.reached", Event(…))``."""

PING = "ping"
"""What the test button sends; nobody subscribes to it."""
