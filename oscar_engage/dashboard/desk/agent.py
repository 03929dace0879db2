"""Which agent is this member of staff?"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from oscar_engage.desk.models import Agent
from oscar_engage.desk.presence import note_activity
from oscar_engage.statements.prepared import Given
from oscar_engage.statements.whole import PreparedModels

_LONGEST_NAME = 60


def get_agent(user: Any) -> Agent:
    """Return the agent of ``user``, made on the first opening of the desk; shoppers see the first name only."""
    for agent in _OF_USER.all(user=user.pk):
        return agent
    name = (user.get_short_name() or "").strip()[:_LONGEST_NAME] or _("Customer service")
    agent, _created = Agent.objects.get_or_create(user_id=user.pk, defaults={"display_name": name})
    return agent


def get_active_agent(user: Any, *, now: datetime) -> Agent:
    """Return the agent of ``user``, who did something by hand; what a page does by itself is no activity."""
    agent = get_agent(user)
    note_activity(agent, now=now)
    return agent


def _user_key() -> Any:
    """Return the shop's field for a user's id, which may be anything."""
    return get_user_model()._meta.pk


_OF_USER = PreparedModels(lambda: Agent.objects.filter(user=Given("user", _user_key())))
