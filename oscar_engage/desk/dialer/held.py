"""Which places are kept, and how does one end? Each exactly once, by one guarded UPDATE, and its slot goes back with it.

A sweep passes over places that somebody else changes: it never waits for one while it has an agent, so nothing deadlocks.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.decisions.outcomes import record_outcome
from oscar_engage.desk.dialer.models import Hold, HoldEnd
from oscar_engage.desk.models import Agent, Conversation, Presence
from oscar_engage.desk.slots import ACTIVE, dead_holds

_UNANSWERED = (HoldEnd.IGNORED, HoldEnd.LEFT)
"""Ends that the decision remembers as ignored: the shopper said neither yes nor no."""


def open_holds() -> QuerySet[Hold]:
    """Return the places that nobody has given back yet, those whose time is over among them."""
    return Hold.objects.filter(ended_at__isnull=True)


def live_holds(*, now: datetime) -> QuerySet[Hold]:
    """Return the places that are kept at ``now``."""
    return open_holds().exclude(dead_holds(now=now))


def end(holds: Iterable[Hold], how: HoldEnd, *, now: datetime) -> int:
    """End those of ``holds`` that nobody else has ended, give back their slots and return how many; agents in one order."""
    return sum(_end(hold, how, now) for hold in sorted(holds, key=lambda hold: (hold.agent_id or 0, hold.pk)))


def _end(hold: Hold, how: HoldEnd, now: datetime) -> bool:
    if not claim_end(hold, how, now=now):
        return False
    give_back_slot(hold)
    if how in _UNANSWERED and hold.accepted_at is None:
        record_outcome(hold.visitor_id, hold.decision_id, "ignored", now=now)
    return True


def claim_end(hold: Hold, how: HoldEnd, *, now: datetime) -> bool:
    """End one and return whether it was ours to end; its slot is the caller's from then on."""
    return bool(open_holds().filter(pk=hold.pk).update(ended_at=now, ended_as=how))


def give_back_slot(hold: Hold) -> None:
    """Give back the slot of a place that the caller has ended."""
    if hold.agent_id is not None:
        Agent.objects.filter(pk=hold.agent_id, used_tenths__gte=ACTIVE).update(used_tenths=F("used_tenths") - ACTIVE)


def sweep_dead(*, now: datetime, agent_id: int | None = None) -> int:
    """End the places whose time is over, or whose agent is gone (of one agent, or all); return how many.

    Safe to call at any time, by anybody, at once.
    """
    with transaction.atomic(using=get_settings().database):
        return end_lost(now=now, agent_id=agent_id) + end_dead(now=now, agent_id=agent_id)


def end_dead(*, now: datetime, agent_id: int | None = None) -> int:
    """End the places that were not answered in time, or of which the browser was not heard any more."""
    dead = _locked(_of(agent_id).filter(dead_holds(now=now)))
    ignored = [hold for hold in dead if hold.accepted_at is None and hold.until <= hold.lease_until]
    left = [hold for hold in dead if hold not in ignored]
    return end(ignored, HoldEnd.IGNORED, now=now) + end(left, HoldEnd.LEFT, now=now)


def end_lost(*, now: datetime, agent_id: int | None = None) -> int:
    """End the places at agents who are not there any more, or not for new chats: their invitations are withdrawn."""
    there = Q(agent__presence=Presence.ONLINE, agent__lease_until__gt=now)
    lost = _of(agent_id).filter(agent__isnull=False).exclude(there)
    return end(_locked(lost), HoldEnd.WITHDRAWN, now=now)


def _locked(holds: QuerySet[Hold]) -> list[Hold]:
    return list(holds.order_by("pk").select_for_update(of=("self",), skip_locked=True))


def note_seated(conversation: Conversation, *, now: datetime) -> None:
    """Note when an invited shopper's chat first had an agent; no query for any other."""
    if conversation.decision_id is not None:
        Hold.objects.filter(decision_id=conversation.decision_id, seated_at__isnull=True).update(seated_at=now)


def _of(agent_id: int | None) -> QuerySet[Hold]:
    return open_holds() if agent_id is None else open_holds().filter(agent_id=agent_id)
