"""Was anything missed? Each minute what is not there is planned, what is gone is forgotten, and what is there is asked about.

While the desk does not answer nothing is planned anew; one request in each rest asks whether it does again, and then all that
is outstanding is planned once more. Chats that somebody there had wait here again after :data:`AWAY`.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Coalesce

from oscar_engage.desk.models import ConversationKind, ConversationStatus
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.callback import callback_address
from oscar_engage.outside.chosen import note_missing
from oscar_engage.outside.forget import plan_forgetting
from oscar_engage.outside.models import OutsideConversation, OutsideState
from oscar_engage.outside.plan import plan_carry, plan_fetch
from oscar_engage.outside.port import OutsideDesk, OutsideError
from oscar_engage.outside.seat import bring_back
from oscar_engage.outside.state import read_state, try_once

KIND = "outside.sweep"
SWEEP_SECONDS = 60

OVERLAP = timedelta(minutes=10)
"""How far before the desk was named a conversation may have begun: a transaction that took that long."""

LONGEST = timedelta(days=3)
"""How far back conversations are looked for that nobody carried there."""

AWAY = timedelta(minutes=3)
"""How long it does not answer until chats that are held there wait here again."""

ASK_AGAIN, MOST_ASKED = timedelta(minutes=10), 20
"""How old what we know of an open conversation may be, and of how many at most it is asked within a minute."""

MOST = 200
"""Conversations that one sweep plans."""


def _probe(payload: Mapping[str, Any], *, now: datetime) -> OutsideDesk | None:
    """Ask a desk that did not answer, and does not rest, whether it does again; outside the transaction."""
    desk = get_desk()
    if desk is None:
        return None
    state = read_state(desk, now=now)
    is_resting = state.rests_until is not None and now < state.rests_until
    if state.failures and not is_resting:
        with suppress(OutsideError):  # it is noted, and the page says so
            try_once(desk, lambda: desk.greet(callback_address()), now=now)
    return desk


def _sweep(desk: OutsideDesk | None, *, now: datetime) -> None:
    if desk is None:
        return
    state = read_state(desk, now=now)
    note_missing(desk, since=max(state.since - OVERLAP, now - LONGEST), now=now)
    if state.failures:
        if state.failing_since is not None and now - state.failing_since >= AWAY:
            _bring_all_back(desk, now)
        return
    for place in _outstanding(desk):
        if place.conversation is not None:
            plan_carry(place, place.conversation, state, now=now)
    plan_forgetting(state, now=now)
    for place in _unasked(desk, now):
        plan_fetch(place, f"sweep {now:%Y%m%d%H%M}", now=now)


def _outstanding(desk: OutsideDesk) -> list[OutsideConversation]:
    """Return what ``carry.outstanding`` says of, found by the database: with one query."""
    agent = Coalesce(F("conversation__agent_id"), 0, output_field=BigIntegerField())
    told = Coalesce(F("told_agent"), 0, output_field=BigIntegerField())
    here = OutsideConversation.objects.filter(desk=desk.name, conversation__isnull=False)
    behind = Q(outside_id="") | Q(told_seq__isnull=True) | Q(told_seq__lt=F("conversation__last_seq"))
    closed = Q(told_closed=False, conversation__status=ConversationStatus.CLOSED)
    rows = here.annotate(has=agent, told=told).filter(behind | closed | ~Q(has=F("told")))
    return list(rows.select_related("conversation").order_by("pk")[:MOST])


def _unasked(desk: OutsideDesk, now: datetime) -> list[OutsideConversation]:
    going_on = OutsideConversation.objects.filter(desk=desk.name, conversation__isnull=False).exclude(outside_id="")
    going_on = going_on.exclude(conversation__status=ConversationStatus.CLOSED)
    old = Q(fetched_at__isnull=True) | Q(fetched_at__lte=now - ASK_AGAIN)
    return list(going_on.filter(old).order_by(F("fetched_at").asc(nulls_first=True), "pk")[:MOST_ASKED])


def _bring_all_back(desk: OutsideDesk, now: datetime) -> None:
    held = OutsideConversation.objects.filter(desk=desk.name, is_held=True, conversation__kind=ConversationKind.CHAT)
    for place in held.filter(conversation__status=ConversationStatus.OPEN).select_related("conversation").order_by("pk")[:MOST]:
        bring_back(place, now=now)


def find_state() -> OutsideState | None:
    """Return how it goes with the shop's outside desk; ``None``: it has none, or nobody looked yet."""
    desk = get_desk()
    return None if desk is None else OutsideState.objects.filter(desk=desk.name).first()


in_two_steps(KIND, read=_probe, write=_sweep)
every(KIND, SWEEP_SECONDS)
