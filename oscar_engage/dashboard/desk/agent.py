"""Which agent is this member of staff?"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.desk.models import Agent
from oscar_engage.desk.presence import note_activity

_LONGEST_NAME = 60


def get_agent(user: Any) -> Agent:
    """Return the agent of ``user``, made on the first opening of the desk; shoppers see the first name only."""
    name = (user.get_short_name() or "").strip()[:_LONGEST_NAME] or _("Customer service")
    agent, _created = Agent.objects.get_or_create(user_id=user.pk, defaults={"display_name": name})
    return agent


def get_active_agent(user: Any, *, now: datetime) -> Agent:
    """Return the agent of ``user``, who did something by hand; what a page does by itself is no activity."""
    agent = get_agent(user)
    note_activity(agent, now=now)
    return agent
