"""Which queues are there? Short names and names, from the desk, by a port; a rule's invitation may ask for one."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from oscar_engage.core.registry import Registry

ReadQueues: TypeAlias = Callable[[], Mapping[str, str]]

QUEUES: Registry[ReadQueues] = Registry("source of queues")
"""Where the queues come from; the desk's are registered when the app starts."""


def queue_names() -> dict[str, str]:
    """Return the queues that there are, short name to name; without a desk, none."""
    return {slug: name for read in QUEUES for slug, name in read().items()}
