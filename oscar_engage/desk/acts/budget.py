"""How much may be proposed? A few things at a time, and so many vouchers a day."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.registry import ACTS, ActRefusedError
from oscar_engage.desk.models import Agent, Conversation

MOST_WAITING = 3
"""Proposals that wait for one shopper's answer, at most."""


def check_waiting(locked: Conversation, *, now: datetime) -> None:
    """Raise ``ActRefusedError`` when the shopper has enough to answer; the caller has locked the conversation."""
    waiting = Proposal.objects.filter(conversation=locked, state=ProposalState.WAITING, expires_at__gt=now)
    if waiting.count() >= MOST_WAITING:
        raise ActRefusedError(_("The shopper has %(number)s proposals to answer already.") % {"number": MOST_WAITING})


def check_vouchers(agent: Agent, *, now: datetime) -> None:
    """Raise ``ActRefusedError`` when the agent's vouchers of the last 24 hours are used up.

    The UPDATE makes it exact: it locks the agent's row, or on SQLite, which has no such locks, the database.
    """
    Agent.objects.filter(pk=agent.pk).update(active_at=now)
    most = get_settings().act_vouchers_per_day
    if _count_vouchers(agent, voucher_acts(), now=now) >= most:
        raise ActRefusedError(_("You may give %(number)s vouchers within 24 hours, and you have.") % {"number": most})


def voucher_acts() -> list[str]:
    """Return the names of the acts that use the budget up."""
    return [entry.name for entry in ACTS if entry.is_voucher]


def _count_vouchers(agent: Agent, acts: Collection[str], *, now: datetime) -> int:
    """Count those given, and those that a shopper may still say yes to."""
    waiting = Q(state=ProposalState.WAITING, expires_at__gt=now)
    used = waiting | Q(state__in=[ProposalState.AGREED, ProposalState.DONE])
    return Proposal.objects.filter(used, agent=agent, act__in=acts, created_at__gt=now - timedelta(days=1)).count()
