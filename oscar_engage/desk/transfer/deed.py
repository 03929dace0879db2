"""Who hands something on, why, and when?"""

from dataclasses import dataclass
from datetime import datetime

from oscar_engage.desk.models import Agent
from oscar_engage.desk.notes.write import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """``by`` is the agent whose name stands under the reason, ``user`` the same person for the trail."""

    by: Agent
    user: User
    reason: str
    now: datetime
