"""The value that flows through the house: one signal."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oscar_engage.signals.kinds import Payload


class Source(StrEnum):
    """Who says so: only what the server itself saw cannot be forged."""

    SERVER = "server"
    BROWSER = "browser"
    DERIVED = "derived"
    """Nobody: it follows from other signals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One recorded fact: ``kind`` names it, ``payload`` is its checked data, ``at`` the server's idea of when it happened."""

    kind: str
    payload: Payload
    at: datetime
    event_id: uuid.UUID
    source: Source = Source.SERVER
