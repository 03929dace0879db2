"""Who dials? A seam: the agent's own telephone by a link, a telephone system by a signed webhook, or nobody, for tests."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be dialled: the ``number`` in E.164, for which try of which conversation, and the agent who will speak."""

    try_id: int
    number: str
    reference: str
    agent_id: int
    agent_name: str


class Provider(Protocol):
    """Connects an agent with a number. ``CALL_PROVIDER`` names a class with these two methods, built without arguments."""

    def link(self, number: str) -> str:
        """Return the address that dials ``number`` when the agent presses it; empty: there is none."""
        ...

    def dial(self, order: Order, *, now: datetime) -> None:
        """Have ``order`` dialled. Called inside the transaction that notes the try: hand the work to a job, do not wait."""
        ...


class TelLink:
    """The default: a ``tel:`` link, which the agent's computer or telephone opens."""

    def link(self, number: str) -> str:
        """Return the link of RFC 3966."""
        return f"tel:{number}"

    def dial(self, order: Order, *, now: datetime) -> None:
        """Do nothing: the agent presses the link."""


class NobodyDials:
    """The null object: no link and no dialling; the agent reads the number. For tests and training."""

    def link(self, number: str) -> str:
        """Return nothing."""
        return ""

    def dial(self, order: Order, *, now: datetime) -> None:
        """Do nothing."""


@lru_cache(maxsize=4)
def _build(path: str) -> Provider:
    built: Provider = import_string(path)()
    return built


def get_provider() -> Provider:
    """Return the implementation that ``CALL_PROVIDER`` names."""
    return _build(get_settings().call_provider)
