"""Who is it here, who answers there? The agent with the same address; else the one whom the shop named for all others."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from oscar_engage.desk.models import Agent
from oscar_engage.desk.transfer.receivers import still_allowed
from oscar_engage.outside.adapter import options
from oscar_engage.outside.port import Somebody


class NobodyHereError(LookupError):
    """Neither is there an agent with that address, nor one whom ``AGENT`` in the setting names."""


def agent_of(somebody: Somebody) -> Agent:
    """Return the agent here for ``somebody`` there, or raise :class:`NobodyHereError`."""
    found = agent_with(somebody.email) or agent_with(str(options().get("AGENT", "")))
    if found is None:
        raise NobodyHereError("no agent here for an answer from the outside desk: see AGENT in OUTSIDE_DESK")
    return found


def agent_with(email: str) -> Agent | None:
    """Return the agent with this address who may still see conversations; of several accounts with it, the oldest."""
    if not email:
        return None
    users = get_user_model()._default_manager.filter(email__iexact=email, is_active=True).order_by("pk")
    agents = list(Agent.objects.filter(user_id__in=list(users.values_list("pk", flat=True)[:5])).order_by("user_id"))
    allowed = still_allowed(agents)
    return next((agent for agent in agents if agent.pk in allowed), None)


def email_of(agent: Agent) -> str:
    """Return the address of ``agent``; empty if there is none."""
    emails = get_user_model()._default_manager.filter(pk=agent.user_id).values_list("email", flat=True)
    return emails.first() or ""


def known_here(agents: Iterable[Somebody]) -> list[str]:
    """Return the addresses of those who are agents here as well."""
    return [one.email for one in agents if agent_with(one.email) is not None]
