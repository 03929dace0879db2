"""Where does a conversation stand? With whom, in which queue, and whether it waits: what somebody saw before moving it."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"(?P<status>waiting|open|closed)\.(?P<agent>[0-9]{0,18})\.(?P<queue>[0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Status, agent and queue of a conversation, the latter two by id; ``None``: nobody, no queue."""

    status: str
    agent: int | None = None
    queue: int | None = None

    def __str__(self) -> str:
        return f"{self.status}.{self.agent or ''}.{self.queue or ''}"


def read_whereabouts(text: str) -> Whereabouts | None:
    """Return what ``str`` made of one, or ``None`` for anything else: a form sends it back."""
    found = _FORM.fullmatch(text)
    return Whereabouts(found["status"], _number(found["agent"]), _number(found["queue"])) if found else None


def _number(text: str) -> int | None:
    return int(text) if text else None
